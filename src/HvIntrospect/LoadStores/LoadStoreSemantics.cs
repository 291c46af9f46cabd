using System;
using System.Buffers.Binary;
using HvIntrospect.A64;
using HvIntrospect.Registers;

namespace HvIntrospect.LoadStores;

/// <summary>Performs loads and stores as the architecture's pseudocode does: the reference for every other way to execute one.</summary>
/// <remarks>
/// <para>Arm Architecture Reference Manual (DDI 0487), "Loads and stores" of "A64 instruction set encoding". Three phases: plan (all effective
/// addresses from registers), transfer (all pages translated and checked, then all elements, low address first), commit (registers, writeback, status).
/// Every fault comes before the first side effect. PC does not advance: that is the caller's.</para>
/// <para>Performed are the Armv8.0 loads and stores of general-purpose registers, prefetches (which never access), and SIMD&amp;FP registers and pairs.
/// Pure functions over the bus; nothing is allocated.</para>
/// </remarks>
public static class LoadStoreSemantics
{
    private const int PageSize = 4096;
    private const int MaximumElements = 4;
    private const int StackAlignment = 16;
    private const int NoRegister = 31;
    private const ulong StoreExclusiveFailed = 1;

    /// <summary>Tells whether <see cref="Perform"/> performs an instruction.</summary>
    /// <param name="access">The decoded instruction.</param>
    /// <returns>False for encodings that are decoded only.</returns>
    public static bool IsSupported(in LoadStoreAccess access) => access.Kind == LoadStoreKind.Prefetch || access.Class switch
    {
        LoadStoreClass.ExclusiveRegister or LoadStoreClass.ExclusivePair or LoadStoreClass.Ordered or LoadStoreClass.Literal => true,
        LoadStoreClass.PairNoAllocate or LoadStoreClass.PairPostIndexed or LoadStoreClass.PairOffset or LoadStoreClass.PairPreIndexed => !access.AccessesTags,
        LoadStoreClass.UnscaledImmediate or LoadStoreClass.ImmediatePostIndexed or LoadStoreClass.ImmediatePreIndexed => true,
        LoadStoreClass.Unprivileged or LoadStoreClass.UnsignedImmediate or LoadStoreClass.RegisterOffset => true,
        _ => false,
    };

    /// <summary>Gets what is done in a CONSTRAINED UNPREDICTABLE case.</summary>
    /// <param name="reason">One reason.</param>
    /// <returns>The choice, one of those that the architecture allows.</returns>
    public static ConstrainedUnpredictableChoice ChoiceFor(ConstrainedUnpredictable reason) => reason switch
    {
        ConstrainedUnpredictable.WritebackOverlapsLoad => ConstrainedUnpredictableChoice.SuppressWriteback,
        ConstrainedUnpredictable.LoadPairOverlaps => ConstrainedUnpredictableChoice.LastValueWins,
        ConstrainedUnpredictable.ShouldBeOne => ConstrainedUnpredictableChoice.AsIfOnes,
        ConstrainedUnpredictable.MemoryOperationRegisters => ConstrainedUnpredictableChoice.Undefined,
        _ => ConstrainedUnpredictableChoice.ReadBeforeWrite,
    };

    /// <summary>Computes the address of the first byte that an instruction accesses.</summary>
    /// <typeparam name="TBus">The bus, a struct.</typeparam>
    /// <param name="access">The decoded instruction; not one whose addresses are in several registers.</param>
    /// <param name="bus">The registers before the instruction.</param>
    /// <returns>The virtual address.</returns>
    public static Va AddressOf<TBus>(in LoadStoreAccess access, ref TBus bus)
        where TBus : struct, ILoadStoreBus => new(unchecked(BaseOf(access, ref bus) + OffsetBefore(access, ref bus)));

    /// <summary>Performs one instruction.</summary>
    /// <typeparam name="TBus">The bus, a struct.</typeparam>
    /// <param name="access">The decoded instruction.</param>
    /// <param name="bus">Registers, translation and memory.</param>
    /// <returns>How it ended. Unless it completed, nothing was changed.</returns>
    public static EmulationResult Perform<TBus>(in LoadStoreAccess access, ref TBus bus)
        where TBus : struct, ILoadStoreBus
    {
        if (access.Kind == LoadStoreKind.Prefetch)
        {
            return EmulationResult.Completed;
        }

        if (!IsSupported(access))
        {
            return EmulationResult.Unsupported(UnsupportedReason.Encoding);
        }

        LoadStoreEnvironment environment = bus.Environment;
        if (access.Rn == NoRegister && access.AddressingMode != AddressingMode.Literal
            && environment.ChecksStackAlignment && (bus.StackPointer & (StackAlignment - 1)) != 0)
        {
            return EmulationResult.GuestFault(GuestFaultKind.StackAlignment);
        }

        ulong baseAddress = BaseOf(access, ref bus);
        Va address = AddressOf(access, ref bus);
        bool isWrite = access.Kind == LoadStoreKind.Store;
        bool isAligned = IsAligned(access, address);
        if (!isAligned && (environment.ChecksAlignment || IsAlwaysAligned(access)))
        {
            return EmulationResult.DataAbort(FaultStatus.Create(FaultKind.Alignment), address, isWrite);
        }

        if (isWrite && access.IsExclusive && !bus.MayStoreExclusive)
        {
            SetGeneral(access.Rs, StoreExclusiveFailed, ref bus);
            return EmulationResult.Completed;
        }

        Span<LoadStoreElement> elements = stackalloc LoadStoreElement[MaximumElements];
        elements = elements.Slice(0, SplitIntoElements(access, address, elements));
        if (!TryTranslate(access, isAligned, elements, ref bus, out EmulationResult failure))
        {
            return failure;
        }

        bool stored = false;
        LoadStoreAnswer answer;
        if (!isWrite)
        {
            answer = bus.Load(access, elements);
        }
        else
        {
            ReadSources(access, environment.IsBigEndian, elements, ref bus);
            answer = access.IsExclusive ? bus.StoreExclusive(access, elements, out stored) : bus.Store(access, elements);
        }

        switch (answer)
        {
            case LoadStoreAnswer.Retry:
                return EmulationResult.Retry;
            case LoadStoreAnswer.Refused:
                return EmulationResult.Refused;
            case LoadStoreAnswer.Performed when !isWrite:
                WriteDestinations(access, environment.IsBigEndian, elements, ref bus);
                break;
        }

        if (access.HasWriteback)
        {
            WriteBack(access, unchecked(baseAddress + (ulong)access.Immediate), ref bus);
        }

        if (isWrite && access.IsExclusive)
        {
            SetGeneral(access.Rs, answer == LoadStoreAnswer.Performed && stored ? 0 : StoreExclusiveFailed, ref bus);
        }

        return EmulationResult.Completed;
    }

    // Plan: effective addresses.
    private static ulong BaseOf<TBus>(in LoadStoreAccess access, ref TBus bus)
        where TBus : struct, ILoadStoreBus =>
        access.AddressingMode == AddressingMode.Literal ? bus.Environment.Pc.Value
        : access.Rn == NoRegister ? bus.StackPointer
        : bus.GetGeneral(access.Rn);

    private static ulong OffsetBefore<TBus>(in LoadStoreAccess access, ref TBus bus)
        where TBus : struct, ILoadStoreBus => access.AddressingMode switch
    {
        AddressingMode.Base or AddressingMode.PostIndexed => 0,
        AddressingMode.RegisterOffset => Extend(GetGeneral(access.Rm, ref bus), access.Extension) << access.ShiftAmount,
        _ => unchecked((ulong)access.Immediate),
    };

    private static ulong Extend(ulong value, IndexExtension extension) => extension switch
    {
        IndexExtension.Uxtw => (uint)value,
        IndexExtension.Sxtw => unchecked((ulong)(int)value),
        _ => value,
    };

    /// <summary>Elements in address order: one for each register, two for each 16-byte register.</summary>
    private static int SplitIntoElements(in LoadStoreAccess access, Va address, Span<LoadStoreElement> elements)
    {
        int size = Math.Min(access.ElementSize, sizeof(ulong));
        int count = access.TotalSize / size;
        for (int i = 0; i < count; i++)
        {
            elements[i] = new LoadStoreElement { Va = address + (ulong)(i * size), Size = size, FirstSize = size };
        }

        return count;
    }

    /// <summary>Exclusive pairs are aligned as a whole, everything else by the register that is transferred.</summary>
    private static bool IsAligned(in LoadStoreAccess access, Va address) =>
        address.OffsetIn((ulong)(access.IsExclusive ? access.TotalSize : access.ElementSize)) == 0;

    /// <summary>Exclusive and ordered accesses are aligned whatever SCTLR_EL1.A says.</summary>
    private static bool IsAlwaysAligned(in LoadStoreAccess access) => access.IsExclusive || access.IsAcquire || access.IsRelease;

    // Transfer: every page is translated and every fault found before anything is done.
    private static bool TryTranslate<TBus>(
        in LoadStoreAccess access, bool isAligned, Span<LoadStoreElement> elements, ref TBus bus, out EmulationResult failure)
        where TBus : struct, ILoadStoreBus
    {
        bool isWrite = access.Kind == LoadStoreKind.Store;
        int page = -1;
        ulong pageStart = 0;
        Ipa pageIpa = default;
        for (int i = 0; i < elements.Length; i++)
        {
            ref LoadStoreElement element = ref elements[i];
            for (Va part = element.Va; ;)
            {
                if (page < 0 || part.AlignDown(PageSize).Value != pageStart)
                {
                    page++;
                    LoadStorePage found = bus.Translate(access, part, page);
                    if (found.Kind == LoadStorePageKind.Refused)
                    {
                        failure = EmulationResult.Refused;
                        return false;
                    }

                    // An Alignment fault of Device memory comes before a Permission fault and after every other. An unaligned access that
                    // reaches Device memory only in its second page is CONSTRAINED UNPREDICTABLE; it faults there.
                    bool isFault = found.Kind == LoadStorePageKind.Fault;
                    if (found.IsDevice && !isAligned && !(isFault && found.Status.Kind != FaultKind.Permission))
                    {
                        failure = EmulationResult.DataAbort(FaultStatus.Create(FaultKind.Alignment), part, isWrite);
                        return false;
                    }

                    if (isFault)
                    {
                        failure = EmulationResult.DataAbort(found.Status, part, isWrite);
                        return false;
                    }

                    pageStart = part.AlignDown(PageSize).Value;
                    pageIpa = found.Address.AlignDown(PageSize);
                }

                var ipa = new Ipa(pageIpa.Value + part.OffsetIn(PageSize));
                if (part == element.Va)
                {
                    element.Page = page;
                    element.Ipa = ipa;
                    int before = PageSize - (int)part.OffsetIn(PageSize);
                    if (before < element.Size)
                    {
                        element.FirstSize = before;
                        part += (ulong)before;
                        continue;
                    }
                }
                else
                {
                    element.SecondIpa = ipa;
                }

                break;
            }
        }

        failure = default;
        return true;
    }

    // Transfer: data between registers and elements.
    private static void ReadSources<TBus>(in LoadStoreAccess access, bool isBigEndian, Span<LoadStoreElement> elements, ref TBus bus)
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
            int register = RegisterOf(access, i);
            ulong value = access.IsVector ? bus.GetVector(register).Low : GetGeneral(register, ref bus);
            elements[i].Data = InMemoryOrder(value, elements[i].Size, isBigEndian);
        }
    }

    // Commit.
    private static void WriteDestinations<TBus>(in LoadStoreAccess access, bool isBigEndian, Span<LoadStoreElement> elements, ref TBus bus)
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
            int register = RegisterOf(access, i);
            ulong value = InMemoryOrder(elements[i].Data, elements[i].Size, isBigEndian);
            if (access.IsVector)
            {
                bus.SetVector(register, new VectorRegister(value, 0));
            }
            else
            {
                SetGeneral(register, Extend(access, value), ref bus);
            }
        }
    }

    private static void WriteBack<TBus>(in LoadStoreAccess access, ulong value, ref TBus bus)
        where TBus : struct, ILoadStoreBus
    {
        // CONSTRAINED UNPREDICTABLE: a load to its own base register has no writeback, skipped or not.
        if ((access.Unpredictable & ConstrainedUnpredictable.WritebackOverlapsLoad) != 0)
        {
            return;
        }

        if (access.Rn == NoRegister)
        {
            bus.StackPointer = value;
        }
        else
        {
            bus.SetGeneral(access.Rn, value);
        }
    }

    private static int RegisterOf(in LoadStoreAccess access, int index) => index == 0 ? access.Rt : access.Rt2;

    /// <summary>Changes between a register's value and its bytes in memory as a little-endian number.</summary>
    private static ulong InMemoryOrder(ulong value, int size, bool isBigEndian) => isBigEndian
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

    private static ulong GetGeneral<TBus>(int register, ref TBus bus)
        where TBus : struct, ILoadStoreBus => register == NoRegister ? 0 : bus.GetGeneral(register);

    private static void SetGeneral<TBus>(int register, ulong value, ref TBus bus)
        where TBus : struct, ILoadStoreBus
    {
        if (register != NoRegister)
        {
            bus.SetGeneral(register, value);
        }
    }
}
