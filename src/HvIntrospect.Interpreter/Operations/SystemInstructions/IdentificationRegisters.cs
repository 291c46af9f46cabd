using System.Collections.Generic;
using HvIntrospect.Interpreter.Debug;
using HvIntrospect.Interpreter.State;
using HvIntrospect.Registers;
using HvIntrospect.Translation;

namespace HvIntrospect.Interpreter.Operations.SystemInstructions;

/// <summary>The values of the identification registers of one core, made from its features.</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), "ID register values". An AArch64-only Armv8.0 core plus the features that it was made with.</remarks>
internal sealed unsafe class IdentificationRegisters
{
    /// <summary>What stands for FEAT_IDST and FEAT_EVT, which have no name of their own: both are part of every core that has this feature of Armv8.4.</summary>
    public const A64Features FinerTrapsMarker = A64Features.TTL;

    /// <summary>The size of the block that DC ZVA zeroes, in bytes.</summary>
    public const int ZeroBlockSize = 64;

    /// <summary>The size of a cache line in bytes.</summary>
    public const int CacheLineSize = 64;

    // Implementer 0 is reserved for software; the architecture is in the ID registers.
    private const ulong Midr = 0x000F_4810;
    private const ulong Multiprocessor = 1UL << 31;

    // 64-byte lines everywhere, VIPT instruction cache.
    private const ulong CacheType = 0x8444_8004;

    // Separate caches at level 1, a unified one at level 2.
    private const ulong CacheLevels = 0x0A20_0023;

    // LoUU and LoUIS, which are 0 with FEAT_S2FWB: fetches find data without a clean.
    private const ulong LevelsOfUnification = (7UL << 27) | (7UL << 21);
    private const ulong ZeroBlockWords = 4;
    private const ulong ZeroProhibited = 1UL << 4;

    // The first field is what every core has; further ones overwrite or raise it.
    private static readonly FieldRule[] s_fields =
    [
        new(SystemRegister.IdAa64Pfr0El1, 0, 0x1111, A64Features.Armv8_0),
        new(SystemRegister.IdAa64Pfr0El1, 16, 0x11, A64Features.FP16),
        new(SystemRegister.IdAa64Pfr0El1, 28, 1, A64Features.RAS),
        new(SystemRegister.IdAa64Pfr0El1, 48, 1, A64Features.DIT),
        new(SystemRegister.IdAa64Pfr1El1, 0, 1, A64Features.BTI),
        new(SystemRegister.IdAa64Pfr1El1, 4, 2, A64Features.SSBS),
        new(SystemRegister.IdAa64Pfr1El1, 8, 1, A64Features.MTE),
        new(SystemRegister.IdAa64Pfr1El1, 8, 2, A64Features.MTE2),
        new(SystemRegister.IdAa64Pfr1El1, 48, 1, A64Features.THE),
        new(SystemRegister.IdAa64Dfr0El1, 0, 6, A64Features.Armv8_0),
        new(SystemRegister.IdAa64Dfr0El1, 8, 1, A64Features.Armv8_0),
        new(SystemRegister.IdAa64Dfr0El1, 12, BreakpointRegisters.Count - 1, A64Features.Armv8_0),
        new(SystemRegister.IdAa64Dfr0El1, 20, WatchpointRegisters.Count - 1, A64Features.Armv8_0),
        new(SystemRegister.IdAa64Dfr0El1, 28, BreakpointRegisters.Count - BreakpointRegisters.FirstOfContexts - 1, A64Features.Armv8_0),
        new(SystemRegister.IdAa64Isar0El1, 4, 1, A64Features.AES),
        new(SystemRegister.IdAa64Isar0El1, 4, 2, A64Features.PMULL),
        new(SystemRegister.IdAa64Isar0El1, 8, 1, A64Features.SHA1),
        new(SystemRegister.IdAa64Isar0El1, 12, 1, A64Features.SHA256),
        new(SystemRegister.IdAa64Isar0El1, 12, 2, A64Features.SHA512),
        new(SystemRegister.IdAa64Isar0El1, 16, 1, A64Features.CRC32),
        new(SystemRegister.IdAa64Isar0El1, 20, 2, A64Features.LSE),
        new(SystemRegister.IdAa64Isar0El1, 20, 3, A64Features.LSE128),
        new(SystemRegister.IdAa64Isar0El1, 28, 1, A64Features.RDM),
        new(SystemRegister.IdAa64Isar0El1, 32, 1, A64Features.SHA3),
        new(SystemRegister.IdAa64Isar0El1, 36, 1, A64Features.SM3),
        new(SystemRegister.IdAa64Isar0El1, 40, 1, A64Features.SM4),
        new(SystemRegister.IdAa64Isar0El1, 44, 1, A64Features.DotProd),
        new(SystemRegister.IdAa64Isar0El1, 48, 1, A64Features.FHM),
        new(SystemRegister.IdAa64Isar0El1, 52, 1, A64Features.FlagM),
        new(SystemRegister.IdAa64Isar0El1, 52, 2, A64Features.FlagM2),
        new(SystemRegister.IdAa64Isar0El1, 56, 1, A64Features.TLBIOS),
        new(SystemRegister.IdAa64Isar0El1, 56, 2, A64Features.TLBIRANGE),
        new(SystemRegister.IdAa64Isar0El1, 60, 1, A64Features.RNG),
        new(SystemRegister.IdAa64Isar1El1, 0, 1, A64Features.DPB),
        new(SystemRegister.IdAa64Isar1El1, 0, 2, A64Features.DPB2),
        new(SystemRegister.IdAa64Isar1El1, 12, 1, A64Features.JSCVT),
        new(SystemRegister.IdAa64Isar1El1, 16, 1, A64Features.FCMA),
        new(SystemRegister.IdAa64Isar1El1, 20, 1, A64Features.LRCPC),
        new(SystemRegister.IdAa64Isar1El1, 20, 2, A64Features.LRCPC2),
        new(SystemRegister.IdAa64Isar1El1, 20, 3, A64Features.LRCPC3),
        new(SystemRegister.IdAa64Isar1El1, 24, 1, A64Features.PAuth),
        new(SystemRegister.IdAa64Isar1El1, 32, 1, A64Features.FRINTTS),
        new(SystemRegister.IdAa64Isar1El1, 36, 1, A64Features.SB),
        new(SystemRegister.IdAa64Isar1El1, 40, 1, A64Features.SPECRES),
        new(SystemRegister.IdAa64Isar1El1, 44, 1, A64Features.BF16),
        new(SystemRegister.IdAa64Isar1El1, 52, 1, A64Features.I8MM),
        new(SystemRegister.IdAa64Isar1El1, 56, 1, A64Features.XS),
        new(SystemRegister.IdAa64Isar1El1, 60, 1, A64Features.LS64),
        new(SystemRegister.IdAa64Isar1El1, 60, 2, A64Features.LS64_V),
        new(SystemRegister.IdAa64Isar1El1, 60, 3, A64Features.LS64_ACCDATA),
        new(SystemRegister.IdAa64Isar2El1, 0, 2, A64Features.WFxT),
        new(SystemRegister.IdAa64Isar2El1, 16, 1, A64Features.MOPS),
        new(SystemRegister.IdAa64Isar2El1, 20, 1, A64Features.HBC),
        new(SystemRegister.IdAa64Isar2El1, 48, 1, A64Features.RPRFM),
        new(SystemRegister.IdAa64Isar2El1, 52, 1, A64Features.CSSC),

        // 16-bit ASIDs and every granule.
        new(SystemRegister.IdAa64Mmfr0El1, 4, 2, A64Features.Armv8_0),
        new(SystemRegister.IdAa64Mmfr0El1, 8, 1, A64Features.Armv8_0),
        new(SystemRegister.IdAa64Mmfr0El1, 20, 1, A64Features.Armv8_0),
        new(SystemRegister.IdAa64Mmfr1El1, 16, 1, A64Features.LOR),
        new(SystemRegister.IdAa64Mmfr1El1, 20, 1, A64Features.PAN),
        new(SystemRegister.IdAa64Mmfr1El1, 20, 2, A64Features.PAN | A64Features.UAO),
        new(SystemRegister.IdAa64Mmfr1El1, 40, 1, A64Features.THE),
        new(SystemRegister.IdAa64Mmfr1El1, 8, 1, A64Features.VHE),
        new(SystemRegister.IdAa64Mmfr2El1, 4, 1, A64Features.UAO),
        new(SystemRegister.IdAa64Mmfr2El1, 32, 1, A64Features.LSE2),
        new(SystemRegister.IdAa64Mmfr2El1, 48, 1, A64Features.TTL),
        new(SystemRegister.IdAa64Mmfr2El1, 36, 1, FinerTrapsMarker),
        new(SystemRegister.IdAa64Mmfr2El1, 56, 2, FinerTrapsMarker),
        new(SystemRegister.IdAa64Mmfr3El1, 0, 1, A64Features.THE),
    ];

    // APA: the architected algorithm.
    private const int PointerAuthenticationField = 4;

    private static readonly (SystemRegister Register, int Low, ulong Value, TranslationFeatures Feature)[] s_translation =
    [
        (SystemRegister.IdAa64Mmfr0El1, 20, 2, TranslationFeatures.LPA2),
        (SystemRegister.IdAa64Mmfr0El1, 28, 1, TranslationFeatures.LPA2),
        (SystemRegister.IdAa64Mmfr1El1, 0, 2, TranslationFeatures.HAFDBS),
        (SystemRegister.IdAa64Mmfr1El1, 4, 2, TranslationFeatures.VMID16),
        (SystemRegister.IdAa64Mmfr1El1, 12, 1, TranslationFeatures.HPDS),
        (SystemRegister.IdAa64Mmfr1El1, 20, 3, TranslationFeatures.PAN3),
        (SystemRegister.IdAa64Mmfr1El1, 28, 1, TranslationFeatures.XNX),
        (SystemRegister.IdAa64Mmfr2El1, 16, 1, TranslationFeatures.LVA),
        (SystemRegister.IdAa64Mmfr2El1, 28, 1, TranslationFeatures.TTST),
        (SystemRegister.IdAa64Mmfr2El1, 40, 1, TranslationFeatures.S2FWB),
        (SystemRegister.IdAa64Mmfr2El1, 52, 1, TranslationFeatures.BBML1),
        (SystemRegister.IdAa64Mmfr2El1, 52, 2, TranslationFeatures.BBML2),
        (SystemRegister.IdAa64Mmfr2El1, 60, 1, TranslationFeatures.E0PD),
    ];

    private readonly Dictionary<ushort, ulong> _values = [];

    /// <summary>Makes the values of a core.</summary>
    /// <param name="features">What it implements.</param>
    /// <param name="translation">What it implements of translation.</param>
    /// <param name="addressBits">Its physical address size.</param>
    /// <param name="affinity">Its number in the machine: Aff0.</param>
    /// <param name="pointerAuthentication">Its level of FEAT_PAuth, if it has that.</param>
    public IdentificationRegisters(A64Features features, TranslationFeatures translation, int addressBits, int affinity, PointerAuthenticationLevel pointerAuthentication)
    {
        _values[SystemRegister.MidrEl1.Encoding] = Midr;
        _values[SystemRegister.MpidrEl1.Encoding] = Multiprocessor | (uint)affinity;
        _values[SystemRegister.CtrEl0.Encoding] = CacheType;
        _values[SystemRegister.ClidrEl1.Encoding] = (translation & TranslationFeatures.S2FWB) != 0 ? CacheLevels & ~LevelsOfUnification : CacheLevels;
        _values[SystemRegister.IdAa64Mmfr0El1.Encoding] = (ulong)PhysicalAddressSize.Encode(addressBits);
        if ((features & A64Features.PAuth) != 0)
        {
            _values[SystemRegister.IdAa64Isar1El1.Encoding] = (ulong)pointerAuthentication << PointerAuthenticationField;
        }

        foreach (FieldRule field in s_fields)
        {
            if ((features & field.Feature) == field.Feature)
            {
                Set(field.Register, field.Low, field.Value);
            }
        }

        foreach ((SystemRegister register, int low, ulong value, TranslationFeatures feature) in s_translation)
        {
            if ((translation & feature) != 0)
            {
                Set(register, low, value);
            }
        }
    }

    /// <summary>Tells whether EL0's reads of identification registers are traps: FEAT_IDST.</summary>
    /// <param name="features">What the core implements.</param>
    /// <returns>False where they are UNDEFINED.</returns>
    public static bool HasTrappedReads(A64Features features) => (features & FinerTrapsMarker) != 0;

    /// <summary>Gets a value.</summary>
    /// <param name="register">The register.</param>
    /// <returns>Its value; 0 for reserved ones.</returns>
    public ulong Read(SystemRegister register) => _values.TryGetValue(register.Encoding, out ulong value) ? value : 0;

    /// <summary>Gets CCSIDR_EL1.</summary>
    /// <param name="selection">CSSELR_EL1.</param>
    /// <returns>The geometry of the selected cache; 0 for one that does not exist.</returns>
    public static ulong CacheSize(ulong selection) => selection switch
    {
        0 => 0x700F_E01A,
        1 => 0x201F_E00A,
        2 => 0x703F_E07A,
        _ => 0,
    };

    /// <summary>Gets DCZID_EL0.</summary>
    /// <param name="cpu">The vCPU.</param>
    /// <param name="el">The Exception level that reads.</param>
    /// <returns>The size of the block, and whether DC ZVA is prohibited at this level.</returns>
    public static ulong CacheZero(CpuState* cpu, int el)
    {
        bool trapped = el != 2 && (cpu->System.HcrEl2 & (ulong)HcrBits.Tdz) != 0;
        bool closed = el == 0 && !RegimeControls.Sctlr(cpu).Has(SctlrBits.Dze);
        return ZeroBlockWords | (trapped || closed ? ZeroProhibited : 0);
    }

    private void Set(SystemRegister register, int low, ulong value)
    {
        ulong mask = value > 0xF ? 0 : 0xFUL << low;
        _values[register.Encoding] = (Read(register) & ~mask) | (value << low);
    }

    private readonly record struct FieldRule(SystemRegister Register, int Low, ulong Value, A64Features Feature);
}
