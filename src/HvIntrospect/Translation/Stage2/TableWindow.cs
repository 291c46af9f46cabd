using System;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Threading;

namespace HvIntrospect.Translation.Stage2;

/// <summary>The builder's own tables for the time of one operation: in place where memory can be addressed directly, else by copies.</summary>
internal ref struct TableWindow
{
    private const int ChunkDescriptors = 64;

    private readonly IPhysicalMemory _memory;
    private DescriptorSpan _span;

    public TableWindow(IPhysicalMemory memory, ulong table)
    {
        _memory = memory;
        _span = DescriptorSpan.Around(memory, table);
    }

    /// <summary>Reads a descriptor.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Read(ulong address) => _span.TryRead(address, out ulong descriptor) ? descriptor : ReadElsewhere(address);

    /// <summary>Writes a descriptor: one single-copy atomic store, after all stores before it.</summary>
    public void Write(ulong address, ulong descriptor)
    {
        if (!_span.TryWrite(address, descriptor))
        {
            WriteElsewhere(address, descriptor);
        }
    }

    /// <summary>Writes a descriptor where another stands, as one atomic step.</summary>
    /// <returns>What stood there; it was written only when that is <paramref name="expected"/>.</returns>
    public ulong CompareExchange(ulong address, ulong expected, ulong descriptor)
    {
        if (TrySlice(address, 1, out Span<ulong> word))
        {
            long observed = Interlocked.CompareExchange(
                ref MemoryMarshal.Cast<ulong, long>(word)[0], (long)DescriptorSpan.LittleEndian(descriptor), (long)DescriptorSpan.LittleEndian(expected));
            return DescriptorSpan.LittleEndian((ulong)observed);
        }

        Span<byte> bytes = stackalloc byte[3 * sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, expected);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.Slice(sizeof(ulong)), descriptor);
        Span<byte> found = bytes.Slice(2 * sizeof(ulong));
        return _memory.TryCompareExchange(new Pa(address), bytes.Slice(0, sizeof(ulong)), bytes.Slice(sizeof(ulong), sizeof(ulong)), found) switch
        {
            CompareExchangeResult.Exchanged => expected,
            CompareExchangeResult.Different => BinaryPrimitives.ReadUInt64LittleEndian(found),
            _ => throw Absent(address),
        };
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

    /// <summary>Tells whether consecutive descriptors all are <paramref name="first"/> + i * <paramref name="step"/>, but for some bits.</summary>
    public bool IsRun(ulong address, int count, ulong first, ulong step, ulong ignored = 0)
    {
        for (int i = 0; i < count; i++)
        {
            if (((Read(address + ((ulong)i << 3)) ^ first) & ~ignored) != 0)
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
            words.Fill(DescriptorSpan.LittleEndian(first));
            return;
        }

        for (int i = 0; i < words.Length; i++)
        {
            words[i] = DescriptorSpan.LittleEndian(first);
            first = unchecked(first + step);
        }
    }

    private static Stage2Exception Absent(ulong address) => new(
        Stage2ErrorKind.TableMemoryAbsent, "The descriptor at " + new Pa(address) + " is not in physical memory.");

    [MethodImpl(MethodImplOptions.NoInlining)]
    private ulong ReadElsewhere(ulong address)
    {
        _span = DescriptorSpan.Around(_memory, address);
        return _span.TryRead(address, out ulong descriptor) || DescriptorSpan.TryCopy(_memory, address, out descriptor)
            ? descriptor
            : throw Absent(address);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void WriteElsewhere(ulong address, ulong descriptor)
    {
        _span = DescriptorSpan.Around(_memory, address);
        if (_span.TryWrite(address, descriptor))
        {
            return;
        }

        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, descriptor);
        if (_memory.Write(new Pa(address), bytes) != bytes.Length)
        {
            throw Absent(address);
        }
    }

    private bool TrySlice(ulong address, int count, out Span<ulong> words)
    {
        if (_span.TrySlice(address, count, out words))
        {
            return true;
        }

        _span = DescriptorSpan.Around(_memory, address);
        return _span.TrySlice(address, count, out words);
    }
}
