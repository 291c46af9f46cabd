using System;
using System.Buffers.Binary;

namespace HvIntrospect.Tests.Introspection.Fakes;

/// <summary>Guest memory in one array.</summary>
internal sealed class FakeMemory : IGuestMemory
{
    private readonly object _lock = new();
    private readonly byte[] _bytes;

    public FakeMemory(ulong start, int size)
    {
        Start = start;
        _bytes = new byte[size];
    }

    public ulong Start { get; }

    public AtomicWidths CompareExchangeWidths { get; set; } = AtomicWidths.UpToQuadword;

    /// <summary>Gets or sets what happens just before a compare-exchange, to play another writer.</summary>
    public Action? BeforeExchange { get; set; }

    public byte[] Bytes => _bytes;

    public int Read(Ipa address, Span<byte> destination)
    {
        lock (_lock)
        {
            int length = Available(address, destination.Length);
            _bytes.AsSpan((int)(address.Value - Start) * (length == 0 ? 0 : 1), length).CopyTo(destination);
            return length;
        }
    }

    public int Write(Ipa address, ReadOnlySpan<byte> source)
    {
        lock (_lock)
        {
            int length = Available(address, source.Length);
            if (length != 0)
            {
                source[..length].CopyTo(_bytes.AsSpan((int)(address.Value - Start)));
            }

            return length;
        }
    }

    public CompareExchangeResult TryCompareExchange(
        Ipa address, ReadOnlySpan<byte> expected, ReadOnlySpan<byte> replacement, Span<byte> observed)
    {
        Action? before = BeforeExchange;
        BeforeExchange = null;
        before?.Invoke();
        if (((int)CompareExchangeWidths & expected.Length) == 0)
        {
            return CompareExchangeResult.NotAtomic;
        }

        lock (_lock)
        {
            if (Available(address, expected.Length) != expected.Length)
            {
                return CompareExchangeResult.Absent;
            }

            Span<byte> bytes = _bytes.AsSpan((int)(address.Value - Start), expected.Length);
            bytes.CopyTo(observed);
            if (!bytes.SequenceEqual(expected))
            {
                return CompareExchangeResult.Different;
            }

            replacement.CopyTo(bytes);
            return CompareExchangeResult.Exchanged;
        }
    }

    public ulong Read64(ulong address) => BinaryPrimitives.ReadUInt64LittleEndian(_bytes.AsSpan((int)(address - Start)));

    public void Write64(ulong address, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(_bytes.AsSpan((int)(address - Start)), value);

    public void Write32(ulong address, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(_bytes.AsSpan((int)(address - Start)), value);

    private int Available(Ipa address, int length)
    {
        ulong offset = address.Value - Start;
        return offset >= (ulong)_bytes.Length ? 0 : (int)Math.Min((ulong)length, (ulong)_bytes.Length - offset);
    }
}
