namespace HvIntrospect.Registers;

/// <summary>The ISS of a trapped AArch32 LDC or STC (EC 0x06).</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), "ISS encoding for an exception from an LDC or STC instruction". Immutable and thread-safe.</remarks>
public readonly struct CoprocessorTransferSyndrome
{
    private readonly uint _iss;

    internal CoprocessorTransferSyndrome(uint iss)
    {
        _iss = iss;
    }

    /// <summary>Gets the condition code of the instruction.</summary>
    /// <param name="condition">0 to 15; 14 (always) for A64 instructions.</param>
    /// <returns>False when CV is 0: the condition is not reported, as T32 instructions may.</returns>
    public bool TryGetCondition(out int condition) => IssFields.TryGetCondition(_iss, out condition);

    /// <summary>Gets imm8, the offset in words.</summary>
    public int Immediate => IssFields.Field(_iss, 12, 8);

    /// <summary>Gets the base register; valid unless the addressing mode is a literal form.</summary>
    public int Rn => IssFields.Field(_iss, 5, 5);

    /// <summary>Gets a value indicating whether the offset is added to the base, not subtracted.</summary>
    public bool AddsOffset => IssFields.Bit(_iss, 4);

    /// <summary>Gets AM, the addressing mode: 0 immediate unindexed, 1 post-indexed, 2 offset, 3 pre-indexed, 4 and 6 literal.</summary>
    public int AddressingMode => IssFields.Field(_iss, 1, 3);

    /// <summary>Gets a value indicating whether the instruction is STC, which reads the coprocessor register.</summary>
    public bool IsRead => IssFields.Bit(_iss, 0);
}
