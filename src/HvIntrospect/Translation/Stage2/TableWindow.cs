using System;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Threading;

namespace HvIntrospect.Translation.Stage2;

/// <summary>Descriptors in physical memory, for the time of one operation: in place where memory can be addressed directly, else by copies.</summary>
internal ref struct TableWindow
{
    private const int ChunkDescriptors = 64;

    private readonly IPhysicalMemory _memory;
    private Span<ulong> _words;
    private ulong _start;

    public TableWindow(IPhysicalMemory memory, ulong table)
    {
        _memory = memory;
        _words = default;
        _start = 0;
        Move(table);
    }

    /// <summary>Reads a descriptor; false when it is not in memory.</summary>
    public bool TryRead(ulong address, out ulong descriptor)
    {
        ulong index = unchecked(address - _start) >> 3;
        if (index < (ulong)_words.Length)
        {
            descriptor = LittleEndian(Volatile.Read(ref _words[(int)index]));
            return true;
        }

        return TryReadElsewhere(address, out descriptor);
    }

    /// <summary>Reads a descriptor of the builder's own tables.</summary>
    public ulong Read(ulong address)
    {
        if (!TryRead(address, out ulong descriptor))
        {
            throw Absent(address);
        }

        return descriptor;
    }

    /// <summary>Writes a descriptor: one single-copy atomic store, after all stores before it.</summary>
    public void Write(ulong address, ulong descriptor)
    {
        if (TrySlice(address, 1, out Span<ulong> words))
        {
            Volatile.Write(ref words[0], LittleEndian(descriptor));
            return;
        }

        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, descriptor);
        if (_memory.Write(new Pa(address), bytes) != bytes.Length)
        {
            throw Absent(address);
        }
    }

    /// <summary>Writes consecutive descriptors that differ by a step.</summary>
    public void Fill(ulong address, int count, ulong first, ulong step)
    {
        if (TrySlice(address, count, out Span<ulong> words))
        {
            FillWords(words, first, step);
            return;
        }

        Span<ulong> chunk = stackalloc ulong[ChunkDescriptors];
        while (count > 0)
        {
            Span<ulong> part = chunk.Slice(0, Math.Min(count, ChunkDescriptors));
            FillWords(part, first, step);
            Span<byte> bytes = MemoryMarshal.AsBytes(part);
            if (_memory.Write(new Pa(address), bytes) != bytes.Length)
            {
                throw Absent(address);
            }

            count -= part.Length;
            address += (ulong)bytes.Length;
            first = unchecked(first + ((ulong)part.Length * step));
        }
    }

    /// <summary>Tells whether consecutive descriptors all are <paramref name="first"/> + i * <paramref name="step"/>.</summary>
    public bool IsRun(ulong address, int count, ulong first, ulong step)
    {
        if (TrySlice(address, count, out Span<ulong> words))
        {
            for (int i = 0; i < words.Length; i++)
            {
                if (LittleEndian(words[i]) != first)
                {
                    return false;
                }

                first = unchecked(first + step);
            }

            return true;
        }

        for (int i = 0; i < count; i++)
        {
            if (Read(address + ((ulong)i << 3)) != first)
            {
                return false;
            }

            first = unchecked(first + step);
        }

        return true;
    }

    private static void FillWords(Span<ulong> words, ulong first, ulong step)
    {
        if (step == 0)
        {
            words.Fill(LittleEndian(first));
            return;
        }

        for (int i = 0; i < words.Length; i++)
        {
            words[i] = LittleEndian(first);
            first = unchecked(first + step);
        }
    }

    /// <summary>Descriptors are little-endian: EL2 runs with SCTLR_EL2.EE = 0.</summary>
    private static ulong LittleEndian(ulong value) => BitConverter.IsLittleEndian ? value : BinaryPrimitives.ReverseEndianness(value);

    private static Stage2Exception Absent(ulong address) => new(
        Stage2ErrorKind.TableMemoryAbsent, "The descriptor at " + new Pa(address) + " is not in physical memory.");

    private bool TryReadElsewhere(ulong address, out ulong descriptor)
    {
        if (Move(address))
        {
            return TryRead(address, out descriptor);
        }

        Span<byte> bytes = stackalloc byte[8];
        bool complete = _memory.Read(new Pa(address), bytes) == bytes.Length;
        descriptor = complete ? BinaryPrimitives.ReadUInt64LittleEndian(bytes) : 0;
        return complete;
    }

    private bool TrySlice(ulong address, int count, out Span<ulong> words)
    {
        if (Holds(address, count) || (Move(address) && Holds(address, count)))
        {
            words = _words.Slice((int)((address - _start) >> 3), count);
            return true;
        }

        words = default;
        return false;
    }

    private readonly bool Holds(ulong address, int count)
    {
        ulong index = unchecked(address - _start) >> 3;
        return index < (ulong)_words.Length && count <= _words.Length - (int)index;
    }

    /// <summary>Moves the window to where an address lies; false when it cannot be addressed directly.</summary>
    private bool Move(ulong address)
    {
        if (!_memory.TryGetSpan(new Pa(address), out Pa start, out Span<byte> bytes))
        {
            return false;
        }

        _words = MemoryMarshal.Cast<byte, ulong>(bytes);
        _start = start.Value;
        return Holds(address, 1);
    }
}
