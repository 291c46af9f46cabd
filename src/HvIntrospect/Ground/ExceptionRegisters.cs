using HvIntrospect.Registers;

namespace HvIntrospect;

/// <summary>The EL1 registers that an exception to EL1 reads and writes.</summary>
/// <remarks>A mutable block that is passed by reference; not thread-safe. All are 64 bits wide.</remarks>
public struct ExceptionRegisters
{
    /// <summary>Gets or sets VBAR_EL1.</summary>
    public ulong VbarEl1 { readonly get; set; }

    /// <summary>Gets or sets ELR_EL1.</summary>
    public ulong ElrEl1 { readonly get; set; }

    /// <summary>Gets or sets SPSR_EL1.</summary>
    public Spsr SpsrEl1 { readonly get; set; }

    /// <summary>Gets or sets ESR_EL1.</summary>
    public Esr EsrEl1 { readonly get; set; }

    /// <summary>Gets or sets FAR_EL1.</summary>
    public ulong FarEl1 { readonly get; set; }
}
