using System;
using System.Collections.Generic;

namespace HvIntrospect.Tests.Loading;

/// <summary>Guest memory of 4 KiB pages, some of which may be absent. Fresh pages are filled with 0xCC, so that clearing is seen.</summary>
internal sealed class PagedMemory : IGuestMemory
{
    private const ulong PageSize = 0x1000;
    private readonly Dictionary<ulong, byte[]> _pages = [];

    public PagedMemory(Ipa start, ulong length)
    {
        for (ulong page = start.Value / PageSize; page < (start.Value + length) / PageSize; page++)
        {
            _pages[page] = new byte[PageSize];
            _pages[page].AsSpan().Fill(0xCC);
        }
    }

    public AtomicWidths CompareExchangeWidths => AtomicWidths.None;

    public int Writes { get; private set; }

    public void Remove(Ipa page) => _pages.Remove(page.Value / PageSize);

    public byte[] Bytes(Ipa address, int count)
    {
        byte[] bytes = new byte[count];
        return Read(address, bytes) == count ? bytes : throw new ArgumentOutOfRangeException(nameof(address), address, "No memory there.");
    }

    public int Read(Ipa address, Span<byte> destination)
    {
        int done = 0;
        while (done < destination.Length && TryPart(address, done, destination.Length, out Span<byte> part))
        {
            part.CopyTo(destination[done..]);
            done += part.Length;
        }

        return done;
    }

    public int Write(Ipa address, ReadOnlySpan<byte> source)
    {
        Writes++;
        int done = 0;
        while (done < source.Length && TryPart(address, done, source.Length, out Span<byte> part))
        {
            source.Slice(done, part.Length).CopyTo(part);
            done += part.Length;
        }

        return done;
    }

    public CompareExchangeResult TryCompareExchange(Ipa address, ReadOnlySpan<byte> expected, ReadOnlySpan<byte> replacement, Span<byte> observed) =>
        CompareExchangeResult.NotAtomic;

    private bool TryPart(Ipa address, int done, int length, out Span<byte> part)
    {
        Ipa next = address + (ulong)done;
        bool present = _pages.TryGetValue(next.Value / PageSize, out byte[]? page);
        int offset = (int)next.OffsetIn(PageSize);
        part = present ? page.AsSpan(offset, Math.Min(length - done, (int)PageSize - offset)) : default;
        return present;
    }
}
