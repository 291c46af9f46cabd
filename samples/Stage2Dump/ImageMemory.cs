using System;

namespace HvIntrospect.Samples.Stage2Dump;

/// <summary>An image of physical memory.</summary>
/// <param name="start">The physical address of its first byte.</param>
/// <param name="bytes">The bytes.</param>
internal sealed class ImageMemory(Pa start, byte[] bytes) : IPhysicalMemory
{
    /// <summary>What the start of bytes that are given in place has to be a multiple of.</summary>
    private const ulong Alignment = 0x1_0000;

    /// <summary>Gets the physical address of the first byte.</summary>
    public Pa Start => start;

    /// <summary>Gets the number of bytes.</summary>
    public ulong Length => (ulong)bytes.Length;

    /// <inheritdoc/>
    public AtomicWidths CompareExchangeWidths => AtomicWidths.None;

    /// <inheritdoc/>
    public Span<byte> GetSpan(Pa address, out Pa spanStart)
    {
        bool isGiven = start.OffsetIn(Alignment) == 0 && address.Value - start.Value < Length;
        spanStart = isGiven ? start : default;
        return isGiven ? bytes : default;
    }

    /// <inheritdoc/>
    public int Read(Pa address, Span<byte> destination)
    {
        Span<byte> part = From(address, destination.Length);
        part.CopyTo(destination);
        return part.Length;
    }

    /// <inheritdoc/>
    public int Write(Pa address, ReadOnlySpan<byte> source)
    {
        Span<byte> part = From(address, source.Length);
        source[..part.Length].CopyTo(part);
        return part.Length;
    }

    /// <inheritdoc/>
    public CompareExchangeResult TryCompareExchange(Pa address, ReadOnlySpan<byte> expected, ReadOnlySpan<byte> replacement, Span<byte> observed)
    {
        // Nothing runs beside this program.
        Span<byte> part = From(address, expected.Length);
        if (part.Length != expected.Length)
        {
            return CompareExchangeResult.Absent;
        }

        part.CopyTo(observed);
        if (!part.SequenceEqual(expected))
        {
            return CompareExchangeResult.Different;
        }

        replacement.CopyTo(part);
        return CompareExchangeResult.Exchanged;
    }

    /// <summary>Gets the bytes up to the last that is not 0, in whole pages.</summary>
    /// <param name="pageSize">The size of a page.</param>
    /// <returns>The bytes, at least one page.</returns>
    public byte[] UntilLast(ulong pageSize)
    {
        int length = bytes.AsSpan().LastIndexOfAnyExcept((byte)0) + 1;
        int page = (int)pageSize;
        return bytes[..Math.Min(bytes.Length, Math.Max(page, (length + page - 1) / page * page))];
    }

    private Span<byte> From(Pa address, int length)
    {
        ulong offset = address.Value - start.Value;
        return offset >= Length ? default : bytes.AsSpan((int)offset, (int)Math.Min((ulong)length, Length - offset));
    }
}
