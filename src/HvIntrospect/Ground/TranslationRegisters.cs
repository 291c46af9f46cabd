namespace HvIntrospect;

/// <summary>The registers that control Stage 1 of the EL1&amp;0 translation regime.</summary>
/// <remarks>A mutable block that is passed by reference; not thread-safe. All are 64 bits wide.</remarks>
public struct TranslationRegisters
{
    /// <summary>Gets or sets SCTLR_EL1.</summary>
    public ulong SctlrEl1 { readonly get; set; }

    /// <summary>Gets or sets TCR_EL1.</summary>
    public ulong TcrEl1 { readonly get; set; }

    /// <summary>Gets or sets TTBR0_EL1.</summary>
    public ulong Ttbr0El1 { readonly get; set; }

    /// <summary>Gets or sets TTBR1_EL1.</summary>
    public ulong Ttbr1El1 { readonly get; set; }

    /// <summary>Gets or sets MAIR_EL1.</summary>
    public ulong MairEl1 { readonly get; set; }
}
