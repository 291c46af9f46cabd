using System;

namespace HvIntrospect.Benchmarks.Suites;

/// <summary>The physical memory that holds translation tables and nothing else, as a byte array.</summary>
internal sealed class TableMemory : IPhysicalMemory
{
    private readonly byte[] _bytes;

    public TableMemory(PaRange range)
    {
        Range = range;
        _bytes = new byte[range.Length];
    }

    public PaRange Range { get; }

    public AtomicWidths CompareExchangeWidths => AtomicWidths.None;

    public bool TryGetSpan(Pa address, out Pa start, out Span<byte> bytes)
    {
        start = Range.Start;
        bytes = Range.Contains(address) ? _bytes : default;
        return !bytes.IsEmpty;
    }

    public int Read(Pa address, Span<byte> destination)
    {
        Span<byte> source = From(address);
        int length = Math.Min(source.Length, destination.Length);
        source[..length].CopyTo(destination);
        return length;
    }

    public int Write(Pa address, ReadOnlySpan<byte> source)
    {
        Span<byte> destination = From(address);
        int length = Math.Min(source.Length, destination.Length);
        source[..length].CopyTo(destination);
        return length;
    }

    public CompareExchangeResult TryCompareExchange(Pa address, ReadOnlySpan<byte> expected, ReadOnlySpan<byte> replacement, Span<byte> observed) =>
        CompareExchangeResult.NotAtomic;

    private Span<byte> From(Pa address) => Range.Contains(address) ? _bytes.AsSpan((int)(address - Range.Start)) : default;
}
