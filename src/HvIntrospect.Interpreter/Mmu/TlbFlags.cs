using System;

namespace HvIntrospect.Interpreter.Mmu;

/// <summary>The tag bits of a <see cref="TlbEntry"/>, and what of its descriptors the walker manages.</summary>
[Flags]
internal enum TlbFlags : ushort
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

    /// <summary>Of EL2&amp;0 or of EL2, which have no VMID; otherwise of EL1&amp;0.</summary>
    Host = 16,

    /// <summary>A descriptor of either stage is writable-clean: the first write walks again, so that the walker makes it dirty.</summary>
    Clean = 32,

    /// <summary>A descriptor of either stage lacks the Access flag that the walker would have set, or is a block that may become a table at any moment (nT): the translation is not kept.</summary>
    Unkept = 64,

    /// <summary>The Stage 1 leaf has GP: the page is guarded (FEAT_BTI).</summary>
    Guarded = 128,

    /// <summary>What must be equal for an entry to serve.</summary>
    Tag = Valid | Stage1 | Host,
}
