using System;
using System.Buffers.Binary;
using HvIntrospect.A64;

namespace HvIntrospect.LoadStores;

/// <summary>Moves data between registers and the elements of an access.</summary>
internal static class AccessRegisters
{
    /// <summary>The number that stands for the zero register, or for the stack pointer as a base.</summary>
    public const int None = 31;

    /// <summary>Reads a general-purpose register.</summary>
    /// <typeparam name="TBus">The bus.</typeparam>
    /// <param name="register">0 to 31; 31 reads as zero.</param>
    /// <param name="bus">The registers.</param>
    /// <returns>All 64 bits.</returns>
    public static ulong GetGeneral<TBus>(int register, ref TBus bus)
        where TBus : struct, ILoadStoreBus => register == None ? 0 : bus.GetGeneral(register);

    /// <summary>Writes a general-purpose register.</summary>
    /// <typeparam name="TBus">The bus.</typeparam>
    /// <param name="register">0 to 31; for 31 nothing is written.</param>
    /// <param name="value">All 64 bits.</param>
    /// <param name="bus">The registers.</param>
    public static void SetGeneral<TBus>(int register, ulong value, ref TBus bus)
        where TBus : struct, ILoadStoreBus
    {
        if (register != None)
        {
            bus.SetGeneral(register, value);
        }
    }

    /// <summary>Fills the elements with what a store writes.</summary>
    /// <typeparam name="TBus">The bus.</typeparam>
    /// <param name="access">The instruction.</param>
    /// <param name="isBigEndian">True when data is big-endian.</param>
    /// <param name="elements">Receives the data.</param>
    /// <param name="bus">The registers.</param>
    public static void ReadSources<TBus>(in LoadStoreAccess access, bool isBigEndian, Span<LoadStoreElement> elements, ref TBus bus)
        where TBus : struct, ILoadStoreBus
    {
        if (access.ElementSize == 16)
        {
            for (int i = 0; i < elements.Length; i += 2)
            {
                VectorRegister value = bus.GetVector(RegisterOf(access, i / 2));
                elements[i].Data = isBigEndian ? BinaryPrimitives.ReverseEndianness(value.High) : value.Low;
                elements[i + 1].Data = isBigEndian ? BinaryPrimitives.ReverseEndianness(value.Low) : value.High;
            }

            return;
        }

        for (int i = 0; i < elements.Length; i++)
        {
            ulong value;
            if (access.StructureElements != 0)
            {
                StructureLane lane = StructureLane.Of(access, i);
                value = lane.Extract(bus.GetVector(lane.Register));
            }
            else
            {
                int register = RegisterOf(access, i);
                value = access.IsVector ? bus.GetVector(register).Low : GetGeneral(register, ref bus);
            }

            elements[i].Data = InMemoryOrder(value, elements[i].Size, isBigEndian);
        }
    }

    /// <summary>Writes what was read to the registers.</summary>
    /// <typeparam name="TBus">The bus.</typeparam>
    /// <param name="access">The instruction.</param>
    /// <param name="isBigEndian">True when data is big-endian.</param>
    /// <param name="elements">The data.</param>
    /// <param name="bus">The registers.</param>
    public static void WriteDestinations<TBus>(in LoadStoreAccess access, bool isBigEndian, Span<LoadStoreElement> elements, ref TBus bus)
        where TBus : struct, ILoadStoreBus
    {
        if (access.ElementSize == 16)
        {
            for (int i = 0; i < elements.Length; i += 2)
            {
                ulong first = elements[i].Data;
                ulong second = elements[i + 1].Data;
                bus.SetVector(RegisterOf(access, i / 2), isBigEndian
                    ? new VectorRegister(BinaryPrimitives.ReverseEndianness(second), BinaryPrimitives.ReverseEndianness(first))
                    : new VectorRegister(first, second));
            }

            return;
        }

        for (int i = 0; i < elements.Length; i++)
        {
            ulong value = InMemoryOrder(elements[i].Data, elements[i].Size, isBigEndian);
            if (access.StructureElements != 0)
            {
                StructureLane lane = StructureLane.Of(access, i);
                bus.SetVector(lane.Register, lane.Insert(bus.GetVector(lane.Register), value));
            }
            else if (access.IsVector)
            {
                bus.SetVector(RegisterOf(access, i), new VectorRegister(value, 0));
            }
            else
            {
                SetGeneral(DestinationOf(access, i), Extend(access, value), ref bus);
            }
        }
    }

    /// <summary>Reads what an atomic instruction works with.</summary>
    /// <typeparam name="TBus">The bus.</typeparam>
    /// <param name="access">The instruction.</param>
    /// <param name="isBigEndian">True when data is big-endian.</param>
    /// <param name="checks">What a read-check-write instruction checks; the default for all others.</param>
    /// <param name="bus">The registers.</param>
    /// <returns>The update.</returns>
    public static AtomicUpdate ReadUpdate<TBus>(in LoadStoreAccess access, bool isBigEndian, in DescriptorChecks checks, ref TBus bus)
        where TBus : struct, ILoadStoreBus
    {
        // A compare and swap writes Rt and compares with Rs; the operations on 16 bytes have their operand in Rt and Rt2; all others in Rs.
        bool isCompare = access.Operation == LoadStoreOperation.CompareAndSwap;
        VectorRegister transfer = Pair(access, GetGeneral(access.Rt, ref bus), GetGeneral(access.Rt2, ref bus));
        if (!isCompare && access.RegisterCount == 2)
        {
            return new AtomicUpdate(access, isBigEndian, transfer, default, checks);
        }

        VectorRegister source = Pair(access, GetGeneral(access.Rs, ref bus), GetGeneral(access.Rs2, ref bus));
        return isCompare ? new AtomicUpdate(access, isBigEndian, transfer, source, checks) : new AtomicUpdate(access, isBigEndian, source, default, checks);
    }

    /// <summary>Writes the base register back, unless the choice for a load to its own base is not to.</summary>
    /// <typeparam name="TBus">The bus.</typeparam>
    /// <param name="access">The instruction.</param>
    /// <param name="choices">The choices.</param>
    /// <param name="value">Its new value.</param>
    /// <param name="bus">The registers.</param>
    public static void WriteBack<TBus>(in LoadStoreAccess access, LoadStoreChoices choices, ulong value, ref TBus bus)
        where TBus : struct, ILoadStoreBus
    {
        if ((access.Unpredictable & ConstrainedUnpredictable.WritebackOverlapsLoad) != 0
            && choices.ChoiceFor(ConstrainedUnpredictable.WritebackOverlapsLoad) != ConstrainedUnpredictableChoice.WriteBack)
        {
            return;
        }

        if (access.Rn == None)
        {
            bus.StackPointer = value;
        }
        else
        {
            bus.SetGeneral(access.Rn, value);
        }
    }

    private static int RegisterOf(in LoadStoreAccess access, int index) => access.Is64Bytes() ? access.Rt + index : index == 0 ? access.Rt : access.Rt2;

    /// <summary>The register that receives an element; a compare and swap returns it in its comparand.</summary>
    private static int DestinationOf(in LoadStoreAccess access, int index) =>
        access.Operation != LoadStoreOperation.CompareAndSwap ? RegisterOf(access, index) : index == 0 ? access.Rs : access.Rs2;

    /// <summary>The registers of an operand as the number that lies in memory in little-endian order.</summary>
    private static VectorRegister Pair(in LoadStoreAccess access, ulong first, ulong second) =>
        access.RegisterCount == 1 ? new VectorRegister(first, 0)
        : access.ElementSize == sizeof(ulong) ? new VectorRegister(first, second)
        : new VectorRegister((uint)first | (second << 32), 0);

    /// <summary>Changes between a register's value and its bytes in memory as a little-endian number.</summary>
    public static ulong InMemoryOrder(ulong value, int size, bool isBigEndian) => isBigEndian
        ? BinaryPrimitives.ReverseEndianness(value) >> (64 - (8 * size))
        : value & (ulong.MaxValue >> (64 - (8 * size)));

    /// <summary>Extends a loaded element to its register; the bits above a 32-bit register become zero after the extension.</summary>
    private static ulong Extend(in LoadStoreAccess access, ulong value)
    {
        if (!access.SignExtends)
        {
            return value;
        }

        int shift = 64 - (8 * access.ElementSize);
        ulong extended = unchecked((ulong)((long)(value << shift) >> shift));
        return access.RegisterBits == 64 ? extended : (uint)extended;
    }
}
