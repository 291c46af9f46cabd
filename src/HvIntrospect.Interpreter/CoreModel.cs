using HvIntrospect.Registers;
using HvIntrospect.Translation;

namespace HvIntrospect.Interpreter;

/// <summary>A kind of core that the machine can have: what it implements, from which its identification registers follow.</summary>
/// <remarks>
/// Immutable and thread-safe. Each says in its identification registers what it executes, and executes what it says: of Armv8.1, FEAT_RDM is missing until the machine has
/// those instructions.
/// </remarks>
public sealed class CoreModel
{
    private const A64Features Armv8_2Features =
        (A64Features.Armv8_2 & ~A64Features.RDM) | A64Features.LRCPC | A64Features.SSBS;

    private CoreModel(A64Features features, TranslationFeatures translation, int addressBits, PointerAuthenticationLevel pointerAuthentication = PointerAuthenticationLevel.Basic)
    {
        Features = features;
        TranslationFeatures = translation;
        AddressBits = addressBits;
        PointerAuthentication = pointerAuthentication;
    }

    /// <summary>Gets an Armv8.0 core with FEAT_CRC32 and 40-bit addresses, as Cortex-A53.</summary>
    public static CoreModel Armv8_0 { get; } = new(A64Features.Armv8_0 | A64Features.CRC32, TranslationFeatures.None, 40);

    /// <summary>Gets an Armv8.2 core with FEAT_LRCPC, FEAT_SSBS, FEAT_HAFDBS and 48-bit addresses, as Neoverse N1.</summary>
    public static CoreModel Armv8_2 { get; } = new(Armv8_2Features, TranslationFeatures.HAFDBS, 48);

    /// <summary>Gets a core with everything that the machine executes in full, but FEAT_BBM, whose levels forgive mistakes. It grows with the machine.</summary>
    public static CoreModel Max { get; } = new(
        Armv8_2Features | A64Features.LSE2 | A64Features.LSE128 | A64Features.LRCPC2 | A64Features.LRCPC3 | A64Features.PAuth | A64Features.LS64 | A64Features.LS64_V
            | A64Features.LS64_ACCDATA | A64Features.MOPS | A64Features.RPRFM | A64Features.FlagM | A64Features.FlagM2 | A64Features.BTI | A64Features.SB | A64Features.DIT | A64Features.DPB2
            | A64Features.TTL | A64Features.TLBIOS | A64Features.TLBIRANGE | A64Features.XS,
        TranslationFeatures.HAFDBS | TranslationFeatures.PAN3 | TranslationFeatures.E0PD | TranslationFeatures.LPA2 | TranslationFeatures.LVA | TranslationFeatures.TTST
            | TranslationFeatures.S2FWB,
        52,
        PointerAuthenticationLevel.FaultingCombined);

    /// <summary>Gets the features that add encodings or change what instructions do.</summary>
    public A64Features Features { get; }

    /// <summary>Gets what it implements of address translation, besides what <see cref="Features"/> imply.</summary>
    public TranslationFeatures TranslationFeatures { get; }

    /// <summary>Gets the number of bits of its physical addresses.</summary>
    public int AddressBits { get; }

    /// <summary>Gets its level of FEAT_PAuth.</summary>
    public PointerAuthenticationLevel PointerAuthentication { get; }
}
