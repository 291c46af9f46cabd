using System;
using System.Buffers.Binary;

namespace HvIntrospect.Introspection;

/// <summary>Guest memory as little-endian numbers of up to 8 bytes.</summary>
internal static class GuestData
{
    /// <summary>Reads bytes that lie in one page.</summary>
    /// <param name="memory">The memory.</param>
    /// <param name="address">The first byte.</param>
    /// <param name="size">1 to 8.</param>
    /// <returns>The bytes; those that are absent read as 0.</returns>
    public static ulong Read(IGuestMemory memory, Ipa address, int size)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        bytes.Clear();
        memory.Read(address, bytes.Slice(0, size));
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }

    /// <summary>Writes bytes that lie in one page.</summary>
    /// <param name="memory">The memory.</param>
    /// <param name="address">The first byte.</param>
    /// <param name="size">1 to 8.</param>
    /// <param name="data">The bytes.</param>
    public static void Write(IGuestMemory memory, Ipa address, int size, ulong data)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, data);
        memory.Write(address, bytes.Slice(0, size));
    }

    /// <summary>Writes aligned bytes by an atomic exchange, so that what was there before is known.</summary>
    /// <param name="memory">The memory.</param>
    /// <param name="address">The first byte, aligned to the size.</param>
    /// <param name="size">1, 2, 4 or 8.</param>
    /// <param name="expected">What is expected there.</param>
    /// <param name="data">The bytes to write.</param>
    /// <returns>What was there.</returns>
    public static ulong Exchange(IGuestMemory memory, Ipa address, int size, ulong expected, ulong data)
    {
        Span<byte> bytes = stackalloc byte[3 * sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.Slice(8), data);
        while (true)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, expected);
            switch (memory.TryCompareExchange(address, bytes.Slice(0, size), bytes.Slice(8, size), bytes.Slice(16, size)))
            {
                case CompareExchangeResult.Exchanged:
                    return expected;
                case CompareExchangeResult.Different:
                    // Every failure means that somebody else's write got through.
                    bytes.Slice(16 + size).Clear();
                    expected = BinaryPrimitives.ReadUInt64LittleEndian(bytes.Slice(16));
                    break;
                default:
                    memory.Write(address, bytes.Slice(8, size));
                    return expected;
            }
        }
    }

    /// <summary>Compares up to 16 aligned bytes and replaces them, as one atomic access.</summary>
    /// <param name="memory">The memory.</param>
    /// <param name="address">The first byte, aligned to the size.</param>
    /// <param name="size">1, 2, 4, 8 or 16.</param>
    /// <param name="expected">What is expected there.</param>
    /// <param name="replacement">The bytes to write.</param>
    /// <returns>What happened.</returns>
    public static CompareExchangeResult CompareExchange(IGuestMemory memory, Ipa address, int size, VectorRegister expected, VectorRegister replacement)
    {
        Span<byte> bytes = stackalloc byte[3 * 16];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, expected.Low);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.Slice(8), expected.High);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.Slice(16), replacement.Low);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.Slice(24), replacement.High);
        return memory.TryCompareExchange(address, bytes.Slice(0, size), bytes.Slice(16, size), bytes.Slice(32, size));
    }
}
