using System;
using System.Buffers.Binary;

namespace HvIntrospect.Tests.Translation.Stage2;

/// <summary>One bank of physical memory in an array; addressed directly or only by copies. Every descriptor-sized write of the second kind can be observed.</summary>
internal sealed class TestPhysicalMemory(ulong start, int length, bool isDirect) : IPhysicalMemory
{
    private readonly byte[] _bytes = new byte[length];

    public AtomicWidths CompareExchangeWidths { get; init; } = AtomicWidths.UpToDoubleword;

    /// <summary>Gets or sets what sees each 64-bit word before it is written: address, old and new value.</summary>
    public Action<ulong, ulong, ulong>? Writing { get; set; }

    /// <summary>Gets or sets what is called before each access that is not in place: a moment at which a walker may come by.</summary>
    public Action? Accessing { get; set; }

    /// <summary>Gets or sets what is called before bytes are given in place.</summary>
    public Action? Spanning { get; set; }

    /// <summary>Gets or sets the count of writes after which memory refuses.</summary>
    public int WritesLeft { get; set; } = int.MaxValue;

    /// <summary>Gets or sets a word as hardware does: unseen by what is called here.</summary>
    public ulong this[ulong address]
    {
        get => BinaryPrimitives.ReadUInt64LittleEndian(_bytes.AsSpan((int)(address - start)));
        set => BinaryPrimitives.WriteUInt64LittleEndian(_bytes.AsSpan((int)(address - start)), value);
    }

    public byte[] Copy() => (byte[])_bytes.Clone();

    public Span<byte> GetSpan(Pa address, out Pa spanStart)
    {
        Spanning?.Invoke();
        bool inside = isDirect && address.Value - start < (ulong)length;
        spanStart = inside ? new Pa(start) : default;
        return inside ? _bytes : default;
    }

    public int Read(Pa address, Span<byte> destination)
    {
        Accessing?.Invoke();
        int count = Available(address, destination.Length);
        for (int i = 0; i < count; i++)
        {
            destination[i] = _bytes[address.Value - start + (ulong)i];
        }

        return count;
    }

    public int Write(Pa address, ReadOnlySpan<byte> source)
    {
        Accessing?.Invoke();
        int count = Available(address, source.Length);
        if (count == 0 || WritesLeft-- <= 0)
        {
            return 0;
        }

        for (int i = 0; Writing is not null && i + 8 <= count; i += 8)
        {
            Writing(address.Value + (ulong)i, this[address.Value + (ulong)i], BinaryPrimitives.ReadUInt64LittleEndian(source[i..]));
        }

        source[..count].CopyTo(_bytes.AsSpan((int)(address.Value - start)));
        return count;
    }

    public CompareExchangeResult TryCompareExchange(
        Pa address, ReadOnlySpan<byte> expected, ReadOnlySpan<byte> replacement, Span<byte> observed)
    {
        Accessing?.Invoke();
        if (Available(address, expected.Length) != expected.Length)
        {
            return CompareExchangeResult.Absent;
        }

        Span<byte> bytes = _bytes.AsSpan((int)(address.Value - start), expected.Length);
        bytes.CopyTo(observed);
        if (!bytes.SequenceEqual(expected))
        {
            return CompareExchangeResult.Different;
        }

        Writing?.Invoke(address.Value, this[address.Value], BinaryPrimitives.ReadUInt64LittleEndian(replacement));
        replacement.CopyTo(bytes);
        return CompareExchangeResult.Exchanged;
    }

    private int Available(Pa address, int count)
    {
        ulong offset = unchecked(address.Value - start);
        return offset >= (ulong)length ? 0 : (int)Math.Min((ulong)count, (ulong)length - offset);
    }
}
