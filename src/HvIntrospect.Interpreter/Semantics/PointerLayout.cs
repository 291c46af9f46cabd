namespace HvIntrospect.Interpreter.Semantics;

/// <summary>Which bits of a pointer hold its authentication code: those that an address does not need, but for bit 55, which tells the half of the address space.</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), "Pointer authentication".</remarks>
internal readonly struct PointerLayout
{
    private const ulong HalfBit = 1UL << 55;
    private const ulong TopByte = 0xFFUL << 56;

    /// <summary>Initialises a layout.</summary>
    /// <param name="addressBits">The bits of an address in this half, 16 to 52.</param>
    /// <param name="ignoresTopByte">True when the top byte is the program's own.</param>
    public PointerLayout(int addressBits, bool ignoresTopByte)
    {
        Extension = (ulong.MaxValue << addressBits) & (ignoresTopByte ? ~TopByte : ulong.MaxValue);
        IgnoresTopByte = ignoresTopByte;
    }

    /// <summary>Gets a value indicating whether the top byte is the program's own.</summary>
    public bool IgnoresTopByte { get; }

    /// <summary>Gets the bits of the code.</summary>
    public ulong Code => Extension & ~HalfBit;

    private ulong Extension { get; }

    /// <summary>Tells the half of the address space that bit 55 names.</summary>
    /// <param name="pointer">The pointer.</param>
    /// <returns>True for the upper one.</returns>
    public static bool IsUpper(ulong pointer) => (pointer & HalfBit) != 0;

    /// <summary>Tells whether the bits above the address are copies of one bit.</summary>
    /// <param name="pointer">The pointer.</param>
    /// <returns>True when they are.</returns>
    public bool IsCanonical(ulong pointer) => (pointer & Extension) == 0 || (pointer & Extension) == Extension;

    /// <summary>Replaces the code, and bit 55, by the half of the address space.</summary>
    /// <param name="pointer">The pointer.</param>
    /// <param name="isUpper">The half.</param>
    /// <returns>A canonical pointer.</returns>
    public ulong Extend(ulong pointer, bool isUpper) => isUpper ? pointer | Extension : pointer & ~Extension;

    /// <summary>Replaces the code.</summary>
    /// <param name="pointer">The pointer.</param>
    /// <param name="code">The new code at its place; other bits are ignored.</param>
    /// <param name="isUpper">What bit 55 becomes.</param>
    /// <returns>The pointer with the code.</returns>
    public ulong Insert(ulong pointer, ulong code, bool isUpper) => (pointer & ~Extension) | (code & Code) | (isUpper ? HalfBit : 0);
}
