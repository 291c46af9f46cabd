using HvIntrospect.A64;
using HvIntrospect.Registers;

namespace HvIntrospect.LoadStores;

/// <summary>What a read-check-write instruction (RCW*, RCWS*) may change in a Stage 1 descriptor, and what NZCV says of it.</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), "Translation Hardening Extension", "Read-Check-Write". Immutable and thread-safe.</remarks>
internal readonly struct DescriptorChecks
{
    /// <summary>NZCV after a comparison that failed: nothing was checked.</summary>
    public const uint ComparisonFailed = Negative | Carry;

    private const uint Passed = Carry;
    private const uint Negative = 1u << 31;
    private const uint Zero = 1u << 30;
    private const uint Carry = 1u << 29;
    private const ulong Valid = 1;
    private const ulong Protected64 = 1UL << 52;
    private const ulong Protected128 = 1UL << (114 - 64);

    private readonly bool _isWide;
    private readonly bool _isProtecting;
    private readonly bool _isSoft;
    private readonly VectorRegister _mask;
    private readonly VectorRegister _softMask;

    private DescriptorChecks(bool isWide, bool isProtecting, bool isSoft, VectorRegister mask, VectorRegister softMask)
    {
        AreMade = true;
        _isWide = isWide;
        _isProtecting = isProtecting;
        _isSoft = isSoft;
        _mask = mask;
        _softMask = softMask;
    }

    /// <summary>Gets a value indicating whether anything is checked: false for the instructions that are no read-check-write.</summary>
    public bool AreMade { get; }

    /// <summary>Reads what an instruction depends on besides its operands.</summary>
    /// <typeparam name="TBus">The bus.</typeparam>
    /// <param name="access">A read-check-write instruction.</param>
    /// <param name="environment">The state that tells whether Stage 1 translates.</param>
    /// <param name="bus">The registers.</param>
    /// <param name="checks">Receives the checks.</param>
    /// <param name="failure">Receives what to return when the instruction is UNDEFINED or cannot be performed.</param>
    /// <returns>False when it is not to be performed.</returns>
    public static bool TryRead<TBus>(
        in LoadStoreAccess access, in LoadStoreEnvironment environment, ref TBus bus, out DescriptorChecks checks, out EmulationResult failure)
        where TBus : struct, ILoadStoreBus
    {
        checks = default;
        if (!TryReadControls(ref bus, out Tcr2Bits controls, out failure))
        {
            return false;
        }

        bool isWide = access.TotalSize > sizeof(ulong);
        if (isWide != ((controls & Tcr2Bits.D128) != 0))
        {
            failure = EmulationResult.GuestFault(GuestFaultKind.Undefined);
            return false;
        }

        if (isWide && environment.IsTranslated)
        {
            failure = EmulationResult.Unsupported(UnsupportedReason.WideDescriptors);
            return false;
        }

        // Descriptors of 128 bits have the Protected bit always. What no check looks at is not read.
        bool isProtecting = isWide || (controls & Tcr2Bits.PnCh) != 0;
        bool isSoft = access.IsSoftReadCheckWrite;
        ulong absent = 0;
        VectorRegister mask = default;
        VectorRegister softMask = default;
        if ((isWide && !TryReadAbsent(ref bus, out absent, out failure))
            || (isProtecting && !TryReadMask(SystemRegister.RcwmaskEl1, isWide, ref bus, out mask, out failure))
            || (isSoft && !TryReadMask(SystemRegister.RcwsmaskEl1, isWide, ref bus, out softMask, out failure)))
        {
            return false;
        }

        checks = isWide
            ? new DescriptorChecks(isWide, isProtecting, isSoft, Effective128(mask, absent), Effective128(softMask, absent | Protected128))
            : new DescriptorChecks(isWide, isProtecting, isSoft, Effective64(mask, 0), Effective64(softMask, isProtecting ? Protected64 : 0));
        return true;
    }

    /// <summary>Checks a change.</summary>
    /// <param name="old">The descriptor in memory.</param>
    /// <param name="updated">What it is to become.</param>
    /// <param name="flags">Receives NZCV in bits 31:28.</param>
    /// <returns>False when it must not be written.</returns>
    public bool TryPass(VectorRegister old, VectorRegister updated, out uint flags)
    {
        bool isValid = (old.Low & Valid) != 0;
        bool changesValid = ((old.Low ^ updated.Low) & Valid) != 0;
        bool isProtected = _isProtecting && ((_isWide ? old.High & Protected128 : old.Low & Protected64) != 0);
        bool changesProtected = _isProtecting && ((_isWide ? (old.High ^ updated.High) & Protected128 : (old.Low ^ updated.Low) & Protected64) != 0);

        bool fails = changesProtected
            || (isProtected && changesValid)
            || (isProtected && isValid && ChangesOutside(_mask, old, updated));
        bool failsSoft = _isSoft
            && ((changesValid && (isValid || !isProtected))
                || (isValid && ChangesOutside(_softMask, old, updated)));
        flags = (fails ? Zero : 0) | (failsSoft ? 0 : Carry);
        return flags == Passed;
    }

    /// <summary>Reads TCR2_EL1, all of which counts as 0 unless EL2 lets EL1 use it.</summary>
    private static bool TryReadControls<TBus>(ref TBus bus, out Tcr2Bits controls, out EmulationResult failure)
        where TBus : struct, ILoadStoreBus
    {
        controls = Tcr2Bits.None;
        if (!TryReadRegister(SystemRegister.HcrxEl2, ref bus, out ulong extended, out failure))
        {
            return false;
        }

        if (((HcrxBits)extended & HcrxBits.Tcr2En) == 0)
        {
            return true;
        }

        bool isRead = TryReadRegister(SystemRegister.Tcr2El1, ref bus, out ulong value, out failure);
        controls = (Tcr2Bits)value;
        return isRead;
    }

    /// <summary>Finds the bits 127:64 whose fields the core does not implement: overlay permissions (FEAT_S1POE) and the encryption context (FEAT_MEC).</summary>
    private static bool TryReadAbsent<TBus>(ref TBus bus, out ulong absent, out EmulationResult failure)
        where TBus : struct, ILoadStoreBus
    {
        const ulong OverlayFeature = 0xFUL << 16;
        const ulong EncryptionFeature = 0xFUL << 28;
        const ulong OverlayIndex = 0xFUL << (121 - 64);
        const ulong EncryptionContext = 1UL << (108 - 64);
        bool isRead = TryReadRegister(SystemRegister.IdAa64Mmfr3El1, ref bus, out ulong features, out failure);
        absent = ((features & OverlayFeature) == 0 ? OverlayIndex : 0) | ((features & EncryptionFeature) == 0 ? EncryptionContext : 0);
        return isRead;
    }

    private static bool TryReadMask<TBus>(SystemRegister register, bool isWide, ref TBus bus, out VectorRegister mask, out EmulationResult failure)
        where TBus : struct, ILoadStoreBus
    {
        if (isWide)
        {
            bool isWideRead = bus.TryReadWideSystemRegister(register, out mask);
            failure = isWideRead ? default : EmulationResult.Unreadable(register);
            return isWideRead;
        }

        bool isRead = TryReadRegister(register, ref bus, out ulong low, out failure);
        mask = new VectorRegister(low, 0);
        return isRead;
    }

    private static bool TryReadRegister<TBus>(SystemRegister register, ref TBus bus, out ulong value, out EmulationResult failure)
        where TBus : struct, ILoadStoreBus
    {
        bool isRead = bus.TryReadSystemRegister(register, out value);
        failure = isRead ? default : EmulationResult.Unreadable(register);
        return isRead;
    }

    /// <summary>Makes the Effective value for 64-bit descriptors: one bit stands for the address, and validity is never writable.</summary>
    private static VectorRegister Effective64(VectorRegister mask, ulong cleared)
    {
        const int AddressBit = 17;
        const ulong Address = 0x0003_FFFF_FFFC_0000;
        ulong address = ((mask.Low >> AddressBit) & 1) != 0 ? Address : 0;
        return new VectorRegister(((mask.Low & ~Address) | address) & ~(Valid | cleared), 0);
    }

    /// <summary>Makes the Effective value for 128-bit descriptors, where more bits are reserved.</summary>
    private static VectorRegister Effective128(VectorRegister mask, ulong cleared)
    {
        const int AddressBit = 16;
        const ulong Address = 0x00FF_FFFF_FFFE_0000;
        const ulong ReservedLow = 0xFF00_0000_0000_0003;

        // {126:125, 120:119, 107:101, 90:64}.
        const ulong ReservedHigh = 0x6180_0FE0_07FF_FFFF;
        ulong address = ((mask.Low >> AddressBit) & 1) != 0 ? Address : 0;
        return new VectorRegister(((mask.Low & ~Address) | address) & ~ReservedLow, mask.High & ~(ReservedHigh | cleared));
    }

    private static bool ChangesOutside(VectorRegister mask, VectorRegister old, VectorRegister updated) =>
        (((old.Low ^ updated.Low) & ~mask.Low) | ((old.High ^ updated.High) & ~mask.High)) != 0;
}
