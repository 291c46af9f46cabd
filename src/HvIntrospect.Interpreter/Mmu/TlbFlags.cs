using System;

namespace HvIntrospect.Interpreter.Mmu;

/// <summary>The tag bits of a <see cref="TlbEntry"/>.</summary>
[Flags]
internal enum TlbFlags : byte
{
    /// <summary>The entry is empty.</summary>
    None = 0,

    /// <summary>The entry holds a translation.</summary>
    Valid = 1,

    /// <summary>The Stage 1 descriptor is global: the ASID does not count.</summary>
    Global = 2,

    /// <summary>Made while Stage 1 was on; it serves only while it is.</summary>
    Stage1 = 4,

    /// <summary>Made while Stage 2 was on. Not part of the tag: HCR_EL2.VM may be cached in a TLB.</summary>
    Stage2 = 8,
}
