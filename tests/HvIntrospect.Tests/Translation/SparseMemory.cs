using System;
using System.Buffers.Binary;
using System.Collections.Generic;

namespace HvIntrospect.Tests.Translation;

/// <summary>Guest and physical memory as a dictionary of 64-bit words; what was never written is absent.</summary>
internal sealed class SparseMemory : IGuestMemory, IPhysicalMemory
{
    private readonly Dictionary<ulong, ulong> _words = [];

    public AtomicWidths CompareExchangeWidths => AtomicWidths.None;

    public int Reads { get; private set; }

    /// <summary>Reads or writes the word at an aligned address.</summary>
    public ulong this[ulong address]
    {
        get => _words[address];
        set => _words[address] = value;
    }

    public void Remove(ulong address) => _words.Remove(address);

    public int Read(Ipa address, Span<byte> destination) => ReadAt(address.Value, destination);

    public int Write(Ipa address, ReadOnlySpan<byte> source) => WriteAt(address.Value, source);

    public CompareExchangeResult TryCompareExchange(
        Ipa address, ReadOnlySpan<byte> expected, ReadOnlySpan<byte> replacement, Span<byte> observed) => CompareExchangeResult.NotAtomic;

    public int Read(Pa address, Span<byte> destination) => ReadAt(address.Value, destination);

    public int Write(Pa address, ReadOnlySpan<byte> source) => WriteAt(address.Value, source);

    public CompareExchangeResult TryCompareExchange(
        Pa address, ReadOnlySpan<byte> expected, ReadOnlySpan<byte> replacement, Span<byte> observed) => CompareExchangeResult.NotAtomic;

    public Span<byte> GetSpan(Pa address, out Pa start)
    {
        start = default;
        return default;
    }

    private int ReadAt(ulong address, Span<byte> destination)
    {
        Reads++;
        Span<byte> bytes = stackalloc byte[8];
        for (int i = 0; i < destination.Length; i++)
        {
            ulong at = unchecked(address + (ulong)i);
            if (!_words.TryGetValue(at & ~7UL, out ulong word))
            {
                return i;
            }

            BinaryPrimitives.WriteUInt64LittleEndian(bytes, word);
            destination[i] = bytes[(int)(at & 7)];
        }

        return destination.Length;
    }

    private int WriteAt(ulong address, ReadOnlySpan<byte> source)
    {
        Span<byte> bytes = stackalloc byte[8];
        for (int i = 0; i < source.Length; i++)
        {
            ulong at = unchecked(address + (ulong)i);
            if (!_words.TryGetValue(at & ~7UL, out ulong word))
            {
                return i;
            }

            BinaryPrimitives.WriteUInt64LittleEndian(bytes, word);
            bytes[(int)(at & 7)] = source[i];
            _words[at & ~7UL] = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        }

        return source.Length;
    }
}
