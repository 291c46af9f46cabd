using HvIntrospect.A64;

namespace HvIntrospect.LoadStores;

/// <summary>Where an access lies: effective addresses from registers, and their alignment.</summary>
internal static class AccessAddress
{
    private const int SixtyFourByteRegisters = 8;

    /// <summary>Reads the base, which the address and the writeback start from.</summary>
    /// <typeparam name="TBus">The bus.</typeparam>
    /// <param name="access">The instruction; not one whose addresses are in several registers.</param>
    /// <param name="bus">The registers before the instruction.</param>
    /// <returns>The base register, or the instruction's own address for a literal.</returns>
    public static ulong BaseOf<TBus>(in LoadStoreAccess access, ref TBus bus)
        where TBus : struct, ILoadStoreBus =>
        access.AddressingMode == AddressingMode.Literal ? bus.Environment.Pc.Value
        : access.Rn == AccessRegisters.None ? bus.StackPointer
        : bus.GetGeneral(access.Rn);

    /// <summary>Authenticates the base of LDRAA and LDRAB.</summary>
    /// <typeparam name="TBus">The bus.</typeparam>
    /// <param name="access">The instruction.</param>
    /// <param name="environment">The state that decides whether there is anything to authenticate.</param>
    /// <param name="bus">Authenticates.</param>
    /// <param name="address">The base; receives the authenticated one.</param>
    /// <returns>False when the keys cannot be used.</returns>
    public static bool TryAuthenticate<TBus>(in LoadStoreAccess access, in LoadStoreEnvironment environment, ref TBus bus, ref ulong address)
        where TBus : struct, ILoadStoreBus
    {
        bool isEnabled = access.PointerAuthenticationKey switch
        {
            PointerAuthenticationKey.None => false,
            PointerAuthenticationKey.DataA => environment.AuthenticatesKeyA,
            _ => environment.AuthenticatesKeyB,
        };
        return !isEnabled || bus.TryAuthenticate(access.PointerAuthenticationKey, address, 0, out address);
    }

    /// <summary>Computes the address of the first byte.</summary>
    /// <typeparam name="TBus">The bus.</typeparam>
    /// <param name="access">The instruction; not one whose addresses are in several registers.</param>
    /// <param name="baseAddress">The base, authenticated.</param>
    /// <param name="bus">The registers before the instruction.</param>
    /// <returns>The virtual address.</returns>
    public static Va Of<TBus>(in LoadStoreAccess access, ulong baseAddress, ref TBus bus)
        where TBus : struct, ILoadStoreBus => new(unchecked(baseAddress + access.AddressingMode switch
        {
            AddressingMode.Base or AddressingMode.PostIndexed or AddressingMode.PostIndexedByRegister => 0,
            AddressingMode.RegisterOffset => Extend(AccessRegisters.GetGeneral(access.Rm, ref bus), access.Extension) << access.ShiftAmount,
            _ => (ulong)access.Immediate,
        }));

    /// <summary>Computes what the base register holds after a writeback.</summary>
    /// <typeparam name="TBus">The bus.</typeparam>
    /// <param name="access">The instruction.</param>
    /// <param name="baseAddress">The base, authenticated.</param>
    /// <param name="bus">The registers before the instruction.</param>
    /// <returns>The value; the base itself when there is no writeback.</returns>
    public static ulong BaseAfter<TBus>(in LoadStoreAccess access, ulong baseAddress, ref TBus bus)
        where TBus : struct, ILoadStoreBus => unchecked(baseAddress + access.AddressingMode switch
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
        address.OffsetIn((ulong)(access.IsExclusive || access.Kind == LoadStoreKind.LoadStore || access.Is64Bytes() ? access.TotalSize : access.ElementSize)) == 0;

    /// <summary>
    /// Tells whether an unaligned access faults wherever it lies: all do by SCTLR_EL1.A; else 64-byte accesses and read-check-writes, and exclusive, atomic and
    /// ordered ones as FEAT_LSE2 says.
    /// </summary>
    /// <param name="access">The instruction.</param>
    /// <param name="environment">The state that decides.</param>
    /// <param name="address">The address of the first byte, unaligned.</param>
    /// <returns>True when it does.</returns>
    public static bool FaultsUnaligned(in LoadStoreAccess access, in LoadStoreEnvironment environment, Va address)
    {
        const ulong Quantity = 16;
        if (environment.ChecksAlignment || access.Is64Bytes() || access.IsReadCheckWrite)
        {
            return true;
        }

        bool isOutside = !environment.HasUnalignedAtomics || address.OffsetIn(Quantity) + (ulong)access.TotalSize > Quantity;
        return access.IsExclusive || access.Kind == LoadStoreKind.LoadStore
            ? isOutside
            : (access.IsAcquire || access.IsRelease || access.IsAcquirePc) && isOutside && !environment.OrdersUnaligned;
    }

    /// <summary>Tells whether it is LD64B or one of its stores: eight registers as one atomic access.</summary>
    /// <param name="access">The instruction.</param>
    /// <returns>True when it is.</returns>
    public static bool Is64Bytes(this in LoadStoreAccess access) => access.RegisterCount == SixtyFourByteRegisters;

    private static ulong Extend(ulong value, IndexExtension extension) => extension switch
    {
        IndexExtension.Uxtw => (uint)value,
        IndexExtension.Sxtw => unchecked((ulong)(int)value),
        _ => value,
    };
}
