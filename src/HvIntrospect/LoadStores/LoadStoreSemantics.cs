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
        LoadStoreClass.MultipleStructures or LoadStoreClass.MultipleStructuresPostIndexed => true,
        LoadStoreClass.SingleStructure or LoadStoreClass.SingleStructurePostIndexed => true,
        LoadStoreClass.Atomic => access.Operation != LoadStoreOperation.None ? !access.IsReadCheckWrite : access.IsAcquirePc,
        LoadStoreClass.CompareAndSwap or LoadStoreClass.CompareAndSwapPair or LoadStoreClass.Atomic128 => !access.IsReadCheckWrite,
        LoadStoreClass.RcpcUnscaledImmediate or LoadStoreClass.RcpcUnscaledImmediateSimd or LoadStoreClass.RcpcPair or LoadStoreClass.RcpcWriteback => true,
        LoadStoreClass.ExclusiveRegisterUnprivileged or LoadStoreClass.AtomicUnprivileged or LoadStoreClass.OrderedPair => true,
        LoadStoreClass.CompareAndSwapUnprivileged or LoadStoreClass.CompareAndSwapPairUnprivileged => true,
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
        where TBus : struct, ILoadStoreBus => AccessAddress.Of(access, ref bus);

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
        if (access.Rn == AccessRegisters.None && access.AddressingMode != AddressingMode.Literal
            && environment.ChecksStackAlignment && (bus.StackPointer & (StackAlignment - 1)) != 0)
        {
            return EmulationResult.GuestFault(GuestFaultKind.StackAlignment);
        }

        Va address = AccessAddress.Of(access, ref bus);
        ulong baseAfter = AccessAddress.BaseAfter(access, ref bus);
        LoadStoreDirection direction = DirectionOf(access);
        bool isAligned = AccessAddress.IsAligned(access, address);
        if (!isAligned && (environment.ChecksAlignment || AccessAddress.MustBeAligned(access)))
        {
            return EmulationResult.DataAbort(FaultStatus.Create(FaultKind.Alignment), address, direction == LoadStoreDirection.Write);
        }

        bool isStoreExclusive = direction == LoadStoreDirection.Write && access.IsExclusive;
        if (isStoreExclusive && !bus.MayStoreExclusive)
        {
            AccessRegisters.SetGeneral(access.Rs, StoreExclusiveFailed, ref bus);
            return EmulationResult.Completed;
        }

        Span<LoadStoreElement> elements = stackalloc LoadStoreElement[AccessElements.CountOf(access)];
        AccessElements.Split(access, address, elements);
        if (!AccessElements.TryTranslate(access, direction, isAligned, elements, ref bus, out EmulationResult failure))
        {
            return failure;
        }

        bool stored = false;
        LoadStoreAnswer answer;
        switch (direction)
        {
            case LoadStoreDirection.Read:
                answer = bus.Load(access, elements);
                break;
            case LoadStoreDirection.Write:
                AccessRegisters.ReadSources(access, environment.IsBigEndian, elements, ref bus);
                answer = isStoreExclusive ? bus.StoreExclusive(access, elements, out stored) : bus.Store(access, elements);
                break;
            default:
                answer = bus.Modify(access, elements, AccessRegisters.ReadUpdate(access, environment.IsBigEndian, ref bus));
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
                break;
        }

        if (access.HasWriteback)
        {
            AccessRegisters.WriteBack(access, baseAfter, ref bus);
        }

        if (isStoreExclusive)
        {
            AccessRegisters.SetGeneral(access.Rs, answer == LoadStoreAnswer.Performed && stored ? 0 : StoreExclusiveFailed, ref bus);
        }

        return EmulationResult.Completed;
    }

    private static LoadStoreDirection DirectionOf(in LoadStoreAccess access) => access.Kind switch
    {
        LoadStoreKind.Load => LoadStoreDirection.Read,
        LoadStoreKind.Store => LoadStoreDirection.Write,
        _ => LoadStoreDirection.Modify,
    };
}
