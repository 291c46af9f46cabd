using HvIntrospect.Registers;

namespace HvIntrospect;

/// <summary>The guest's debug control registers.</summary>
/// <remarks>A mutable block that is passed by reference; not thread-safe.</remarks>
public struct DebugRegisters
{
    /// <summary>Gets or sets MDSCR_EL1.</summary>
    public Mdscr MdscrEl1 { readonly get; set; }

    /// <summary>Gets or sets whether the OS Lock is locked (OSLSR_EL1.OSLK).</summary>
    public bool OsLock { readonly get; set; }
}
