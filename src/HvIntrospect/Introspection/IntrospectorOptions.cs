using System;
using HvIntrospect.LoadStores;
using HvIntrospect.Mmio;
using HvIntrospect.Translation;
using Microsoft.Extensions.Logging;

namespace HvIntrospect.Introspection;

/// <summary>The policies of an <see cref="Introspector"/>.</summary>
/// <remarks>Read once, when the introspector is made; later changes have no effect.</remarks>
public sealed class IntrospectorOptions
{
    /// <summary>Gets or sets the physical address size that the guest sees (ID_AA64MMFR0_EL1.PARange), 32 to 52 bits.</summary>
    public int PhysicalAddressBits { get; set; } = 48;

    /// <summary>Gets or sets what emulated loads and stores do where the architecture leaves a choice. It should be what the guest's processor does.</summary>
    public LoadStoreChoices LoadStoreChoices { get; set; } = LoadStoreChoices.Default;

    /// <summary>Gets or sets what the guest's cores implement of address translation beyond Armv8.0.</summary>
    public TranslationFeatures TranslationFeatures { get; set; }

    /// <summary>Gets or sets whether HCR_EL2.DC is set: Stage 1 is off and all memory is Normal.</summary>
    public bool DefaultCacheable { get; set; }

    /// <summary>
    /// Gets or sets the size in bytes of the block that DC ZVA zeroes (DCZID_EL0.BS): a power of two from 4 to 2048; 0 to ask each vCPU's
    /// <see cref="IEl2Operations"/>. Where nobody tells, a DC ZVA on a watched page is an access that the library cannot perform.
    /// </summary>
    public int ZeroBlockSize { get; set; }

    /// <summary>Gets or sets what happens to a load or store that neither memory nor a device owns.</summary>
    public UnownedAccessPolicy UnownedAccess { get; set; }

    /// <summary>Gets or sets the handler of <see cref="UnownedAccessPolicy.Handler"/>.</summary>
    public UnownedAccessHandler? UnownedAccessHandler { get; set; }

    /// <summary>Gets or sets what happens to an access of a watched page that the library cannot perform.</summary>
    public UnsupportedAccessPolicy UnsupportedAccess { get; set; }

    /// <summary>Gets or sets what happens when an exit and the instruction at its PC contradict each other.</summary>
    public InconsistencyPolicy Inconsistency { get; set; }

    /// <summary>Gets or sets whether accesses are decided without an exit where the backend offers it (<see cref="IInlineAccessFilter"/>). The effects are the same.</summary>
    public bool UseInlineFilter { get; set; } = true;

    /// <summary>
    /// Gets or sets whether the dirty log (<see cref="Introspector.DirtyLog"/>) splits all blocks when it starts. Otherwise each block is split at the first write to it: less memory
    /// and a faster start, but a write may then find no table page, and all of its block counts as written.
    /// </summary>
    public bool SplitsForDirtyLog { get; set; }

    /// <summary>Gets or sets what receives reports; called on a vCPU's thread without a lock held.</summary>
    public Action<IntrospectionReport>? ReportHandler { get; set; }

    /// <summary>Gets or sets a logger for reports and changes; the hot path does not log.</summary>
    public ILogger? Logger { get; set; }

    /// <summary>Copies the options, so that later changes have no effect.</summary>
    internal IntrospectorOptions Copy() => (IntrospectorOptions)MemberwiseClone();

    internal void Validate()
    {
        if (PhysicalAddressBits is < 32 or > 52)
        {
            throw new ArgumentOutOfRangeException(nameof(PhysicalAddressBits), PhysicalAddressBits, "The physical address size is 32 to 52 bits.");
        }

        if (ZeroBlockSize != 0 && (ZeroBlockSize is < 4 or > 2048 || (ZeroBlockSize & (ZeroBlockSize - 1)) != 0))
        {
            throw new ArgumentOutOfRangeException(nameof(ZeroBlockSize), ZeroBlockSize, "The block of DC ZVA is a power of two from 4 to 2048 bytes, or 0.");
        }

        if (UnownedAccess is < UnownedAccessPolicy.InjectExternalAbort or > UnownedAccessPolicy.Handler)
        {
            throw new ArgumentOutOfRangeException(nameof(UnownedAccess), UnownedAccess, "There is no such policy.");
        }

        if (UnsupportedAccess is < UnsupportedAccessPolicy.Automatic or > UnsupportedAccessPolicy.InjectExternalAbort)
        {
            throw new ArgumentOutOfRangeException(nameof(UnsupportedAccess), UnsupportedAccess, "There is no such policy.");
        }

        if (Inconsistency is < InconsistencyPolicy.Stop or > InconsistencyPolicy.TrustOpcode)
        {
            throw new ArgumentOutOfRangeException(nameof(Inconsistency), Inconsistency, "There is no such policy.");
        }

        if (LoadStoreChoices is null)
        {
            throw new ArgumentNullException(nameof(LoadStoreChoices));
        }

        if ((UnownedAccess == UnownedAccessPolicy.Handler) != (UnownedAccessHandler is not null))
        {
            throw new ArgumentException("The policy Handler and a handler go together.", nameof(UnownedAccessHandler));
        }
    }
}
