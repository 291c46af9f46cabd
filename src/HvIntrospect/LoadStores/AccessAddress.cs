using HvIntrospect.A64;

namespace HvIntrospect.LoadStores;

/// <summary>Where an access lies: effective addresses from registers, and their alignment.</summary>
internal static class AccessAddress
{
    /// <summary>Computes the address of the first byte.</summary>
    /// <typeparam name="TBus">The bus.</typeparam>
    /// <param name="access">The instruction; not one whose addresses are in several registers.</param>
    /// <param name="bus">The registers before the instruction.</param>
    /// <returns>The virtual address.</returns>
    public static Va Of<TBus>(in LoadStoreAccess access, ref TBus bus)
        where TBus : struct, ILoadStoreBus => new(unchecked(BaseOf(access, ref bus) + OffsetBefore(access, ref bus)));

    /// <summary>Computes what the base register holds after a writeback.</summary>
    /// <typeparam name="TBus">The bus.</typeparam>
    /// <param name="access">The instruction.</param>
    /// <param name="bus">The registers before the instruction.</param>
    /// <returns>The value; the base itself when there is no writeback.</returns>
    public static ulong BaseAfter<TBus>(in LoadStoreAccess access, ref TBus bus)
        where TBus : struct, ILoadStoreBus => unchecked(BaseOf(access, ref bus) + access.AddressingMode switch
        {
            AddressingMode.PreIndexed or AddressingMode.PostIndexed => (ulong)access.Immediate,
            AddressingMode.PostIndexedByRegister => AccessRegisters.GetGeneral(access.Rm, ref bus),
            _ => 0,
        });

    /// <summary>Tells whether an address is aligned: to the size of all where that is one atomic access, else to one register or lane.</summary>
    /// <param name="access">The instruction.</param>
    /// <param name="address">The address of the first byte.</param>
    /// <returns>True when it is.</returns>
    public static bool IsAligned(in LoadStoreAccess access, Va address) =>
        address.OffsetIn((ulong)(access.IsExclusive || access.Kind == LoadStoreKind.LoadStore ? access.TotalSize : access.ElementSize)) == 0;

    /// <summary>Tells whether an unaligned access faults whatever SCTLR_EL1.A says: exclusive, atomic and ordered accesses.</summary>
    /// <param name="access">The instruction.</param>
    /// <returns>True when it does.</returns>
    public static bool MustBeAligned(in LoadStoreAccess access) =>
        access.IsExclusive || access.IsAcquire || access.IsRelease || access.IsAcquirePc || access.Kind == LoadStoreKind.LoadStore;

    private static ulong BaseOf<TBus>(in LoadStoreAccess access, ref TBus bus)
        where TBus : struct, ILoadStoreBus =>
        access.AddressingMode == AddressingMode.Literal ? bus.Environment.Pc.Value
        : access.Rn == AccessRegisters.None ? bus.StackPointer
        : bus.GetGeneral(access.Rn);

    private static ulong OffsetBefore<TBus>(in LoadStoreAccess access, ref TBus bus)
        where TBus : struct, ILoadStoreBus => access.AddressingMode switch
    {
        AddressingMode.Base or AddressingMode.PostIndexed or AddressingMode.PostIndexedByRegister => 0,
        AddressingMode.RegisterOffset => Extend(AccessRegisters.GetGeneral(access.Rm, ref bus), access.Extension) << access.ShiftAmount,
        _ => unchecked((ulong)access.Immediate),
    };

    private static ulong Extend(ulong value, IndexExtension extension) => extension switch
    {
        IndexExtension.Uxtw => (uint)value,
        IndexExtension.Sxtw => unchecked((ulong)(int)value),
        _ => value,
    };
}
