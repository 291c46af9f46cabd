using System;
using HvIntrospect.A64;
using HvIntrospect.Registers;

namespace HvIntrospect.LoadStores;

/// <summary>Performs loads and stores as the architecture's pseudocode does: the reference for every other way to execute one.</summary>
/// <remarks>
/// <para>Arm Architecture Reference Manual (DDI 0487), "Loads and stores" of "A64 instruction set encoding". Three phases: plan (all effective
/// addresses from registers), transfer (all pages translated and checked, then all elements in the architecture's order), commit (registers, writeback, status).
/// Every fault comes before the first side effect. PC does not advance: that is the caller's.</para>
/// <para>Pure functions over the bus; nothing is allocated.</para>
/// </remarks>
public static class LoadStoreSemantics
{
    private const int StackAlignment = 16;
    private const ulong StatusStored = 0;
    private const ulong StatusFailed = 1;

    /// <summary>Tells whether <see cref="Perform"/> performs an instruction, given the capabilities that it needs.</summary>
    /// <param name="access">The decoded instruction.</param>
    /// <returns>False for encodings that are decoded only.</returns>
    public static bool IsSupported(in LoadStoreAccess access) => ReasonAgainst(access) == UnsupportedReason.None;

    /// <summary>Tells whether a part of an instruction is made with the permissions of EL0 (unless PSTATE.UAO is set): LDTR and its kin, and the options of CPY* and SET*.</summary>
    /// <param name="access">The decoded instruction.</param>
    /// <param name="direction">The part.</param>
    /// <returns>True when it is.</returns>
    public static bool IsUnprivileged(in LoadStoreAccess access, LoadStoreDirection direction) =>
        access.IsUnprivileged || (direction == LoadStoreDirection.Read ? access.ReadsUnprivileged : access.WritesUnprivileged);

    /// <summary>Computes the address of the first byte that an instruction accesses, as far as registers tell it: LDRAA and LDRAB authenticate it first.</summary>
    /// <typeparam name="TBus">The bus, a struct.</typeparam>
    /// <param name="access">The decoded instruction; not one whose addresses are in several registers.</param>
    /// <param name="bus">The registers before the instruction.</param>
    /// <returns>The virtual address.</returns>
    public static Va AddressOf<TBus>(in LoadStoreAccess access, ref TBus bus)
        where TBus : struct, ILoadStoreBus => AccessAddress.Of(access, AccessAddress.BaseOf(access, ref bus), ref bus);

    /// <summary>Performs one instruction.</summary>
    /// <typeparam name="TBus">The bus, a struct.</typeparam>
    /// <param name="access">The decoded instruction.</param>
    /// <param name="bus">Registers, translation and memory.</param>
    /// <returns>How it ended. Unless it completed or progressed, nothing was changed, but for what a memory copy or set had done before.</returns>
    public static EmulationResult Perform<TBus>(in LoadStoreAccess access, ref TBus bus)
        where TBus : struct, ILoadStoreBus
    {
        if (access.Kind == LoadStoreKind.Prefetch)
        {
            return EmulationResult.Completed;
        }

        UnsupportedReason reason = ReasonAgainst(access);
        if (reason != UnsupportedReason.None)
        {
            return EmulationResult.Unsupported(reason);
        }

        LoadStoreEnvironment environment = bus.Environment;
        if (access.Stage != MemoryOperationStage.None && !environment.EnablesMemoryOperations)
        {
            return EmulationResult.GuestFault(GuestFaultKind.Undefined);
        }

        if (access.Unpredictable != ConstrainedUnpredictable.None)
        {
            switch (environment.Choices.FindWhole(access.Unpredictable))
            {
                case ConstrainedUnpredictableChoice.Undefined:
                    return EmulationResult.GuestFault(GuestFaultKind.Undefined);
                case ConstrainedUnpredictableChoice.NoOperation:
                    return EmulationResult.Completed;
            }
        }

        if (access.Stage != MemoryOperationStage.None)
        {
            return MemoryOperations.Perform(access, environment, ref bus);
        }

        DescriptorChecks checks = default;
        if (access.IsReadCheckWrite && !DescriptorChecks.TryRead(access, environment, ref bus, out checks, out EmulationResult failure))
        {
            return failure;
        }

        if (access.Rn == AccessRegisters.None && access.AddressingMode != AddressingMode.Literal
            && environment.ChecksStackAlignment && (bus.StackPointer & (StackAlignment - 1)) != 0)
        {
            return EmulationResult.GuestFault(GuestFaultKind.StackAlignment);
        }

        ulong baseAddress = AccessAddress.BaseOf(access, ref bus);
        if (!AccessAddress.TryAuthenticate(access, environment, ref bus, ref baseAddress))
        {
            return EmulationResult.Unsupported(UnsupportedReason.PointerAuthenticationKeys);
        }

        return access.AccessesTags
            ? TagAccess.Perform(access, environment, baseAddress, ref bus)
            : PerformData(access, environment, baseAddress, checks, ref bus);
    }

    private static UnsupportedReason ReasonAgainst(in LoadStoreAccess access) => access.Class switch
    {
        LoadStoreClass.None => UnsupportedReason.NotLoadStore,
        LoadStoreClass.GuardedControlStack => UnsupportedReason.IndirectPermissions,
        LoadStoreClass.AtomicFloatingPoint or LoadStoreClass.MemorySetTags or LoadStoreClass.OrderedPair => UnsupportedReason.LaterFeature,
        _ => UnsupportedReason.None,
    };

    private static EmulationResult PerformData<TBus>(
        in LoadStoreAccess access, in LoadStoreEnvironment environment, ulong baseAddress, in DescriptorChecks checks, ref TBus bus)
        where TBus : struct, ILoadStoreBus
    {
        Va address = AccessAddress.Of(access, baseAddress, ref bus);
        ulong baseAfter = AccessAddress.BaseAfter(access, baseAddress, ref bus);
        LoadStoreDirection direction = DirectionOf(access);
        bool isAligned = AccessAddress.IsAligned(access, address);
        if (!isAligned && AccessAddress.FaultsUnaligned(access, environment, address))
        {
            return EmulationResult.DataAbort(FaultStatus.Create(FaultKind.Alignment), address, direction == LoadStoreDirection.Write);
        }

        bool isStoreExclusive = direction == LoadStoreDirection.Write && access.IsExclusive;
        if (isStoreExclusive && !bus.MayStoreExclusive)
        {
            AccessRegisters.SetGeneral(access.Rs, StatusFailed, ref bus);
            return EmulationResult.Completed;
        }

        Span<LoadStoreElement> elements = stackalloc LoadStoreElement[AccessElements.CountOf(access)];
        AccessElements.Split(address, AccessElements.SizeOf(access), elements);
        if (!AccessElements.TryTranslate(access, direction, isAligned, elements, ref bus, out bool isWriteBack, out EmulationResult failure))
        {
            return failure;
        }

        if (TagCheck.Applies(access, environment)
            && !TagCheck.TryPass(IsUnprivileged(access, direction), direction, environment.TagChecks, elements, ref bus, out failure))
        {
            return failure;
        }

        if (elements.Length > 1)
        {
            AccessElements.Join(access, environment, isWriteBack, elements);
        }

        ulong accessData = 0;
        if (TakesAccessData(access) && !bus.TryReadSystemRegister(SystemRegister.AccdataEl1, out accessData))
        {
            return EmulationResult.Unreadable(SystemRegister.AccdataEl1);
        }

        bool stored = true;
        AtomicUpdate update = default;
        LoadStoreAnswer answer;
        switch (direction)
        {
            case LoadStoreDirection.Read:
                answer = bus.Load(access, elements);
                break;
            case LoadStoreDirection.Write:
                AccessRegisters.ReadSources(access, environment.IsBigEndian, elements, ref bus);
                if (TakesAccessData(access))
                {
                    ulong first = (AccessRegisters.GetGeneral(access.Rt, ref bus) & ~(ulong)uint.MaxValue) | (uint)accessData;
                    elements[0].Data = AccessRegisters.InMemoryOrder(first, sizeof(ulong), environment.IsBigEndian);
                }

                answer = isStoreExclusive ? bus.StoreExclusive(access, elements, out stored) : bus.Store(access, elements);
                break;
            default:
                update = AccessRegisters.ReadUpdate(access, environment.IsBigEndian, checks, ref bus);
                answer = bus.Modify(access, elements, update);
                break;
        }

        switch (answer)
        {
            case LoadStoreAnswer.Retry:
                return EmulationResult.Retry;
            case LoadStoreAnswer.Refused:
                return EmulationResult.Refused;
            case LoadStoreAnswer.Performed when direction != LoadStoreDirection.Write:
                AccessRegisters.WriteDestinations(access, environment.IsBigEndian, elements, ref bus);
                if (checks.AreMade)
                {
                    bus.Flags = update.FlagsFor(new VectorRegister(elements[0].Data, elements.Length == 1 ? 0 : elements[1].Data));
                }

                break;
        }

        if (access.HasWriteback)
        {
            AccessRegisters.WriteBack(access, environment.Choices, baseAfter, ref bus);
        }

        // Store-exclusives and the 64-byte stores with status; what was skipped has failed.
        if (direction == LoadStoreDirection.Write)
        {
            AccessRegisters.SetGeneral(access.Rs, answer == LoadStoreAnswer.Performed && stored ? StatusStored : StatusFailed, ref bus);
        }

        return EmulationResult.Completed;
    }

    private static LoadStoreDirection DirectionOf(in LoadStoreAccess access) => access.Kind switch
    {
        LoadStoreKind.Load => LoadStoreDirection.Read,
        LoadStoreKind.Store => LoadStoreDirection.Write,
        _ => LoadStoreDirection.Modify,
    };

    /// <summary>Tells whether it is ST64BV0, whose first 32 bits come from ACCDATA_EL1; only its opcode field sets it apart from ST64BV.</summary>
    private static bool TakesAccessData(in LoadStoreAccess access)
    {
        const uint OpcodeField = 7u << 12;
        const uint St64Bv0 = 2u << 12;
        return access.Is64Bytes() && (access.Operands & LoadStoreOperands.Rs) != 0 && (access.Word & OpcodeField) == St64Bv0;
    }
}
