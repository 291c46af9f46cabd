namespace HvIntrospect.A64;

/// <summary>How a load/store forms its address.</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), "Load/store addressing modes".</remarks>
public enum AddressingMode : byte
{
    /// <summary>No single address: CPY* and SET* have their addresses in several registers.</summary>
    None,

    /// <summary>The base register alone.</summary>
    Base,

    /// <summary>Base plus a scaled immediate.</summary>
    Offset,

    /// <summary>Base plus an unscaled 9-bit immediate (LDUR, LDTR, LDAPUR and their stores).</summary>
    Unscaled,

    /// <summary>Base plus an immediate, and the base register is set to that address.</summary>
    PreIndexed,

    /// <summary>The base register alone, and an immediate is added to it afterwards.</summary>
    PostIndexed,

    /// <summary>Base plus an extended and shifted register.</summary>
    RegisterOffset,

    /// <summary>The instruction's own address plus an immediate.</summary>
    Literal,

    /// <summary>The base register alone, and Rm is added to it afterwards (SIMD structures).</summary>
    PostIndexedByRegister,
}
