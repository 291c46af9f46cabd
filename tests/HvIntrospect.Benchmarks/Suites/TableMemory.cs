using System;
using System.Runtime.InteropServices;

namespace HvIntrospect.Benchmarks.Suites;

/// <summary>The physical memory that holds translation tables and nothing else, as an array of descriptors.</summary>
internal sealed class TableMemory : IPhysicalMemory
{

    public TableMemory(PaRange range)
    {
        Range = range;
        Descriptors = new ulong[range.Length / sizeof(ulong)];
    }

    public PaRange Range { get; }

    /// <summary>Gets the memory.</summary>
    public ulong[] Descriptors { get; }

    public AtomicWidths CompareExchangeWidths => AtomicWidths.None;

    public Span<byte> GetSpan(Pa address, out Pa start)
    {
        start = Range.Start;
        return Range.Contains(address) ? MemoryMarshal.AsBytes(Descriptors.AsSpan()) : default;
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

    private Span<byte> From(Pa address)
    {
        Span<byte> bytes = GetSpan(address, out Pa start);
        return bytes.IsEmpty ? default : bytes[(int)(address - start)..];
    }
}
