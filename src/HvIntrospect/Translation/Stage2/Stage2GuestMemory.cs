using System;

namespace HvIntrospect.Translation.Stage2;

/// <summary>Guest memory by IPA on top of physical memory, as one view of an address space has it.</summary>
internal sealed class Stage2GuestMemory : IGuestMemory
{
    private readonly Stage2AddressSpace _space;
    private readonly IPhysicalMemory _memory;
    private readonly int _view;

    /// <param name="space">The address space.</param>
    /// <param name="memory">Physical memory.</param>
    /// <param name="view">The view's number; 0 for the base view. While there is no such view, all is absent.</param>
    public Stage2GuestMemory(Stage2AddressSpace space, IPhysicalMemory memory, int view)
    {
        _view = view;
        _space = space;
        _memory = memory;
    }

    public AtomicWidths CompareExchangeWidths => _memory.CompareExchangeWidths;

    public int Read(Ipa address, Span<byte> destination)
    {
        int done = 0;
        while (done < destination.Length && TryGetRun(address, done, destination.Length, out Pa pa, out int run))
        {
            int read = _memory.Read(pa, destination.Slice(done, run));
            done += read;
            if (read < run)
            {
                break;
            }
        }

        return done;
    }

    public int Write(Ipa address, ReadOnlySpan<byte> source)
    {
        int done = 0;
        while (done < source.Length && TryGetRun(address, done, source.Length, out Pa pa, out int run))
        {
            int written = _memory.Write(pa, source.Slice(done, run));
            OnWritten(address, done, written);
            done += written;
            if (written < run)
            {
                break;
            }
        }

        return done;
    }

    public CompareExchangeResult TryCompareExchange(
        Ipa address, ReadOnlySpan<byte> expected, ReadOnlySpan<byte> replacement, Span<byte> observed)
    {
        // An aligned access lies in one page; the physical memory checks lengths and alignment, which are the same there.
        Stage2Translation translation = Walk(address);
        if (!translation.IsMapped)
        {
            return CompareExchangeResult.Absent;
        }

        CompareExchangeResult result = _memory.TryCompareExchange(translation.Pa, expected, replacement, observed);
        if (result == CompareExchangeResult.Exchanged)
        {
            OnWritten(address, 0, replacement.Length);
        }

        return result;
    }

    private Stage2Translation Walk(Ipa address) => _view == 0 ? _space.WalkSettled(address) : _space.Views.WalkSettled(_view, address);

    /// <summary>Has writes logged, when the bytes are there: noted before, they could become clean and be made then.</summary>
    private void OnWritten(Ipa start, int done, int length)
    {
        if (length != 0)
        {
            _space.OnWritten(new IpaRange(start + (ulong)done, (ulong)length));
        }
    }

    /// <summary>Finds the bytes from a position that lie in one block or page.</summary>
    private bool TryGetRun(Ipa start, int done, int length, out Pa pa, out int run)
    {
        ulong ipa = unchecked(start.Value + (ulong)done);
        Stage2Translation translation = Walk(new Ipa(ipa));
        pa = translation.Pa;
        run = (int)Math.Min((ulong)(length - done), translation.Size - (ipa & (translation.Size - 1)));
        return translation.IsMapped && ipa >= start.Value;
    }
}
