namespace HvIntrospect.A64;

/// <summary>How the index register of a register offset is extended to 64 bits before it is shifted.</summary>
/// <remarks>In the order of the option field's bits 2 and 0; its bit 1 is always one.</remarks>
public enum IndexExtension : byte
{
    /// <summary>There is no index register.</summary>
    None,

    /// <summary>The low 32 bits, zero-extended.</summary>
    Uxtw,

    /// <summary>All 64 bits.</summary>
    Lsl,

    /// <summary>The low 32 bits, sign-extended.</summary>
    Sxtw,

    /// <summary>All 64 bits; the same as <see cref="Lsl"/> in effect.</summary>
    Sxtx,
}
