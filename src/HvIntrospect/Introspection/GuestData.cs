using System;
using System.Buffers.Binary;

namespace HvIntrospect.Introspection;

/// <summary>Guest memory as little-endian numbers of up to 8 bytes.</summary>
internal static class GuestData
{
    private const int Container = sizeof(ulong);

    // Far more than come together by chance: then somebody sees to it that no exchange succeeds.
    private const int MostExchanges = 100;

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

    /// <summary>Writes bytes by atomic exchanges, so that what was there before is known: one exchange where they lie in 8 aligned bytes, else one for each 8.</summary>
    /// <param name="memory">The memory.</param>
    /// <param name="address">The first byte; all lie in one page.</param>
    /// <param name="size">1 to 8.</param>
    /// <param name="expected">What is expected there.</param>
    /// <param name="data">The bytes to write.</param>
    /// <returns>What was there.</returns>
    public static ulong Exchange(IGuestMemory memory, Ipa address, int size, ulong expected, ulong data)
    {
        if (size is 1 or 2 or 4 or 8 && address.OffsetIn((ulong)size) == 0)
        {
            return ExchangeWithin(memory, address, size, 0, size, expected, data);
        }

        ulong found = 0;
        for (int done = 0; done < size;)
        {
            int offset = (int)(address + (ulong)done).OffsetIn(Container);
            int length = Math.Min(size - done, Container - offset);
            Ipa container = (address + (ulong)done).AlignDown(Container);
            ulong others = Read(memory, container, Container) & ~Mask(offset, length);
            ulong before = ExchangeWithin(memory, container, Container, offset, length, others | ((expected >> (8 * done)) << (8 * offset)), data >> (8 * done));
            found |= before << (8 * done);
            done += length;
        }

        return found;
    }

    /// <summary>Compares up to 16 aligned bytes and replaces them, as one atomic access.</summary>
    /// <param name="memory">The memory.</param>
    /// <param name="address">The first byte, aligned to the size.</param>
    /// <param name="size">1, 2, 4, 8 or 16.</param>
    /// <param name="expected">What is expected there; receives what is there when that is different.</param>
    /// <param name="replacement">The bytes to write.</param>
    /// <returns>What happened.</returns>
    public static CompareExchangeResult CompareExchange(IGuestMemory memory, Ipa address, int size, ref VectorRegister expected, VectorRegister replacement)
    {
        Span<byte> bytes = stackalloc byte[3 * 16];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, expected.Low);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.Slice(8), expected.High);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.Slice(16), replacement.Low);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.Slice(24), replacement.High);
        bytes.Slice(32).Clear();
        CompareExchangeResult result = memory.TryCompareExchange(address, bytes.Slice(0, size), bytes.Slice(16, size), bytes.Slice(32, size));
        if (result == CompareExchangeResult.Different)
        {
            expected = new VectorRegister(BinaryPrimitives.ReadUInt64LittleEndian(bytes.Slice(32)), BinaryPrimitives.ReadUInt64LittleEndian(bytes.Slice(40)));
        }

        return result;
    }

    /// <summary>Writes up to 16 aligned bytes by one atomic exchange, so that what was there before is known.</summary>
    /// <param name="memory">The memory.</param>
    /// <param name="address">The first byte, aligned to the size.</param>
    /// <param name="size">1, 2, 4, 8 or 16.</param>
    /// <param name="expected">What is expected there.</param>
    /// <param name="data">The bytes to write.</param>
    /// <param name="found">Receives what was there.</param>
    /// <returns>False when the backend cannot, or when somebody sees to it that no exchange succeeds; then nothing was written.</returns>
    public static bool TryExchange(IGuestMemory memory, Ipa address, int size, VectorRegister expected, VectorRegister data, out VectorRegister found)
    {
        found = expected;
        var result = CompareExchangeResult.Different;
        for (int i = 0; i < MostExchanges && result == CompareExchangeResult.Different; i++)
        {
            result = CompareExchange(memory, address, size, ref found, data);
        }

        return result == CompareExchangeResult.Exchanged;
    }

    /// <summary>Writes some bytes of an aligned container by an exchange of all of it.</summary>
    /// <returns>What was where the bytes are now.</returns>
    private static ulong ExchangeWithin(IGuestMemory memory, Ipa container, int size, int offset, int length, ulong expected, ulong data)
    {
        ulong mask = Mask(offset, length);
        Span<byte> bytes = stackalloc byte[3 * sizeof(ulong)];
        bytes.Clear();
        var result = CompareExchangeResult.Different;
        for (int i = 0; i < MostExchanges && result == CompareExchangeResult.Different; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, expected);
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.Slice(8), (expected & ~mask) | ((data << (8 * offset)) & mask));
            result = memory.TryCompareExchange(container, bytes.Slice(0, size), bytes.Slice(8, size), bytes.Slice(16, size));
            if (result == CompareExchangeResult.Exchanged)
            {
                return (expected & mask) >> (8 * offset);
            }

            // When it is different, somebody else's write got through.
            expected = result == CompareExchangeResult.Different ? BinaryPrimitives.ReadUInt64LittleEndian(bytes.Slice(16)) : expected;
        }

        Write(memory, container + (ulong)offset, length, data);
        return (expected & mask) >> (8 * offset);
    }

    private static ulong Mask(int offset, int length) => (ulong.MaxValue >> (64 - (8 * length))) << (8 * offset);
}
