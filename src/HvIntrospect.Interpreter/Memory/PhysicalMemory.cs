using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Threading;
using HvIntrospect.Interpreter.Dispatch;

namespace HvIntrospect.Interpreter.Memory;

/// <summary>The machine's RAM by physical address.</summary>
/// <remarks>
/// Every write that does not come through a vCPU's write TLB ends in <see cref="NoteWrite(in RamPage, int, int)"/>, which does for the page's flags what must be done.
/// Host addresses are given out for whole pages that lie in a region, so a caller that stays in its page stays in the allocation.
/// </remarks>
internal sealed unsafe class PhysicalMemory : IPhysicalMemory, IDisposable
{
    /// <summary>The unit of the bookkeeping in bytes.</summary>
    public const ulong PageSize = 4096;

    /// <summary>The logarithm of <see cref="PageSize"/>.</summary>
    public const int PageShift = 12;

    private const ulong LargestSpan = 1UL << 30;

    private readonly List<RamRegion> _regions = [];
    private readonly List<IPageListener> _listeners = [];

    /// <inheritdoc/>
    public AtomicWidths CompareExchangeWidths => AtomicWidths.UpToDoubleword;

    /// <summary>Adds RAM.</summary>
    /// <param name="pa">The physical address of the first byte, a multiple of 65536.</param>
    /// <param name="length">The length in bytes, a multiple of 4096 above 0.</param>
    public void AddRam(ulong pa, ulong length) => _regions.Add(new RamRegion(pa, length));

    /// <summary>Adds one who must know when a page gets its first flag.</summary>
    /// <param name="listener">The listener.</param>
    public void AddListener(IPageListener listener) => _listeners.Add(listener);

    /// <summary>Finds the page that holds a byte.</summary>
    /// <param name="pa">The byte's address.</param>
    /// <param name="page">The page.</param>
    /// <returns>False when there is no RAM.</returns>
    public bool TryGetPage(ulong pa, out RamPage page)
    {
        foreach (RamRegion region in _regions)
        {
            ulong offset = pa - region.Pa;
            if (offset < region.Length)
            {
                page = region.Page(offset);
                return true;
            }
        }

        page = default;
        return false;
    }

    /// <summary>Sets a flag of a page and takes the page out of the write TLBs.</summary>
    /// <param name="page">The page.</param>
    /// <param name="flag">The flag.</param>
    public void SetFlag(in RamPage page, PageFlags flag)
    {
        *page.Flags |= flag;
        foreach (IPageListener listener in _listeners)
        {
            listener.OnPageFlagged(page);
        }
    }

    /// <summary>Does what a page's flags demand after bytes of it were written.</summary>
    /// <param name="pa">The first byte, which is RAM.</param>
    /// <param name="length">The number of bytes, at least 1; they lie in one page.</param>
    public void NoteWrite(ulong pa, int length)
    {
        if (TryGetPage(pa, out RamPage page))
        {
            NoteWrite(page, (int)(pa & (PageSize - 1)), length);
        }
    }

    /// <summary>Does what a page's flags demand after bytes of it were written.</summary>
    /// <param name="page">The page.</param>
    /// <param name="offset">The first byte in the page.</param>
    /// <param name="length">The number of bytes, at least 1; they lie in the page.</param>
    public void NoteWrite(in RamPage page, int offset, int length)
    {
        PageFlags flags = *page.Flags;
        if (flags == PageFlags.None)
        {
            return;
        }

        if ((flags & PageFlags.Code) != 0)
        {
            DecodedPages.Invalidate(*page.Operations, offset / 4, (offset + length - 1) / 4);
        }

        if ((flags & PageFlags.Exclusive) != 0)
        {
            bool isHeld = false;
            foreach (IPageListener listener in _listeners)
            {
                isHeld |= listener.OnExclusiveWritten(page, offset, length);
            }

            if (!isHeld)
            {
                *page.Flags &= ~PageFlags.Exclusive;
            }
        }
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(Pa address, out Pa start)
    {
        foreach (RamRegion region in _regions)
        {
            ulong offset = address.Value - region.Pa;
            if (offset < region.Length)
            {
                // A span is at most 2 GiB - 1 long: larger regions are given in parts.
                ulong part = offset & ~(LargestSpan - 1);
                start = new Pa(region.Pa + part);
                return new Span<byte>(region.Host + part, (int)Math.Min(LargestSpan, region.Length - part));
            }
        }

        start = default;
        return default;
    }

    /// <inheritdoc/>
    public int Read(Pa address, Span<byte> destination)
    {
        int done = 0;
        while (done < destination.Length && TryGetPage(address.Value + (ulong)done, out RamPage page))
        {
            int offset = (int)((address.Value + (ulong)done) & (PageSize - 1));
            int count = Math.Min(destination.Length - done, (int)PageSize - offset);
            fixed (byte* to = destination[done..])
            {
                Copy(to, page.Host + offset, count);
            }

            done += count;
        }

        return done;
    }

    /// <inheritdoc/>
    public int Write(Pa address, ReadOnlySpan<byte> source)
    {
        int done = 0;
        while (done < source.Length && TryGetPage(address.Value + (ulong)done, out RamPage page))
        {
            int offset = (int)((address.Value + (ulong)done) & (PageSize - 1));
            int count = Math.Min(source.Length - done, (int)PageSize - offset);
            fixed (byte* from = source[done..])
            {
                Copy(page.Host + offset, from, count);
            }

            NoteWrite(page, offset, count);
            done += count;
        }

        return done;
    }

    /// <inheritdoc/>
    public CompareExchangeResult TryCompareExchange(
        Pa address, ReadOnlySpan<byte> expected, ReadOnlySpan<byte> replacement, Span<byte> observed)
    {
        int size = expected.Length;
        if (size is not (1 or 2 or 4 or 8 or 16))
        {
            throw new ArgumentException("The width is 1, 2, 4, 8 or 16 bytes.", nameof(expected));
        }

        if (replacement.Length != size)
        {
            throw new ArgumentException("The replacement has another length than the expected bytes.", nameof(replacement));
        }

        if (observed.Length != size)
        {
            throw new ArgumentException("The buffer for the observed bytes has another length than the expected bytes.", nameof(observed));
        }

        if ((address.Value & ((ulong)size - 1)) != 0)
        {
            throw new ArgumentException("The address is not aligned to the width.", nameof(address));
        }

        if (!TryGetPage(address.Value, out RamPage page))
        {
            return CompareExchangeResult.Absent;
        }

        if (size == 16)
        {
            return CompareExchangeResult.NotAtomic;
        }

        int offset = (int)(address.Value & (PageSize - 1));
        ulong old = CompareExchange(page.Host + offset, size, Load(expected), Load(replacement));
        for (int i = 0; i < size; i++)
        {
            observed[i] = (byte)(old >> (i * 8));
        }

        if (old != Load(expected))
        {
            return CompareExchangeResult.Different;
        }

        NoteWrite(page, offset, size);
        return CompareExchangeResult.Exchanged;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (RamRegion region in _regions)
        {
            region.Dispose();
        }

        _regions.Clear();
    }

    private static ulong Load(ReadOnlySpan<byte> bytes)
    {
        ulong value = 0;
        for (int i = 0; i < bytes.Length; i++)
        {
            value |= (ulong)bytes[i] << (i * 8);
        }

        return value;
    }

    private static ulong CompareExchange(byte* host, int size, ulong expected, ulong replacement) => size switch
    {
        1 => Interlocked.CompareExchange(ref *host, (byte)replacement, (byte)expected),
        2 => Interlocked.CompareExchange(ref *(ushort*)host, (ushort)replacement, (ushort)expected),
        4 => Interlocked.CompareExchange(ref *(uint*)host, (uint)replacement, (uint)expected),
        _ => Interlocked.CompareExchange(ref *(ulong*)host, replacement, expected),
    };

    /// <summary>Copies; one access of 1, 2, 4 or 8 bytes that is aligned on the guest's side stays one access.</summary>
    private static void Copy(byte* to, byte* from, int count)
    {
        // Either side may be the guest's, so both widths count as one access: x64 and ARM64 hosts do it in one where the guest's side is aligned.
        switch (count)
        {
            case 1:
                *to = *from;
                break;
            case 2:
                Unsafe.WriteUnaligned(to, Unsafe.ReadUnaligned<ushort>(from));
                break;
            case 4:
                Unsafe.WriteUnaligned(to, Unsafe.ReadUnaligned<uint>(from));
                break;
            case 8:
                Unsafe.WriteUnaligned(to, Unsafe.ReadUnaligned<ulong>(from));
                break;
            default:
                Buffer.MemoryCopy(from, to, count, count);
                break;
        }
    }
}
