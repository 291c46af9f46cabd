using System;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Threading;

namespace HvIntrospect.Translation.Stage2;

/// <summary>A run of physical memory as descriptors, in place. A value type without state of its own, so that a walk keeps it in registers.</summary>
internal readonly ref struct DescriptorSpan
{
    private readonly Span<ulong> _words;
    private readonly ulong _start;

    private DescriptorSpan(Span<ulong> words, ulong start)
    {
        _words = words;
        _start = start;
    }

    /// <summary>Gets the run around an address; one of no descriptors where memory cannot be addressed directly.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DescriptorSpan Around(IPhysicalMemory memory, ulong address)
    {
        Span<byte> bytes = memory.GetSpan(new Pa(address), out Pa start);
        return new DescriptorSpan(MemoryMarshal.Cast<byte, ulong>(bytes), start.Value);
    }

    /// <summary>Reads a descriptor by a copy; false when it is not in memory.</summary>
    public static bool TryCopy(IPhysicalMemory memory, ulong address, out ulong descriptor)
    {
        Span<byte> bytes = stackalloc byte[8];
        bool complete = memory.Read(new Pa(address), bytes) == bytes.Length;
        descriptor = complete ? BinaryPrimitives.ReadUInt64LittleEndian(bytes) : 0;

        // As after the volatile read of a descriptor in place: what is read later is read after it.
        Interlocked.MemoryBarrier();
        return complete;
    }

    /// <summary>Descriptors are little-endian: EL2 runs with SCTLR_EL2.EE = 0.</summary>
    public static ulong LittleEndian(ulong value) => BitConverter.IsLittleEndian ? value : BinaryPrimitives.ReverseEndianness(value);

    /// <summary>Reads a descriptor; false when it is not in this run.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryRead(ulong address, out ulong descriptor)
    {
        ulong index = unchecked(address - _start) >> 3;
        if (index < (uint)_words.Length)
        {
            descriptor = LittleEndian(Volatile.Read(ref _words[(int)index]));
            return true;
        }

        descriptor = 0;
        return false;
    }

    /// <summary>Writes a descriptor, by one single-copy atomic store after all stores before it; false when it is not in this run.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryWrite(ulong address, ulong descriptor)
    {
        ulong index = unchecked(address - _start) >> 3;
        if (index < (uint)_words.Length)
        {
            Volatile.Write(ref _words[(int)index], LittleEndian(descriptor));
            return true;
        }

        return false;
    }

    /// <summary>Gets consecutive descriptors; false when they are not all in this run.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TrySlice(ulong address, int count, out Span<ulong> words)
    {
        ulong index = unchecked(address - _start) >> 3;
        if (index < (ulong)_words.Length && count <= _words.Length - (int)index)
        {
            words = _words.Slice((int)index, count);
            return true;
        }

        words = default;
        return false;
    }
}
