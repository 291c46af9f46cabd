namespace HvIntrospect.Registers;

/// <summary>The ISS of a trapped AArch32 MCR or MRC of coprocessor 15 or 14 (EC 0x03, 0x05) or VMRS (EC 0x08).</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), "ISS encoding for an exception from an MCR or MRC access". Immutable and thread-safe.</remarks>
public readonly struct CoprocessorAccessSyndrome
{
    private readonly uint _iss;

    internal CoprocessorAccessSyndrome(uint iss)
    {
        _iss = iss;
    }

    /// <summary>Gets the condition code of the instruction.</summary>
    /// <param name="condition">0 to 15; 14 (always) for A64 instructions.</param>
    /// <returns>False when CV is 0: the condition is not reported, as T32 instructions may.</returns>
    public bool TryGetCondition(out int condition) => IssFields.TryGetCondition(_iss, out condition);

    /// <summary>Gets opc1.</summary>
    public int Opc1 => IssFields.Field(_iss, 14, 3);

    /// <summary>Gets opc2.</summary>
    public int Opc2 => IssFields.Field(_iss, 17, 3);

    /// <summary>Gets CRn.</summary>
    public int CRn => IssFields.Field(_iss, 10, 4);

    /// <summary>Gets CRm.</summary>
    public int CRm => IssFields.Field(_iss, 1, 4);

    /// <summary>Gets the transfer register as the AArch64 view numbers it, 0 to 31.</summary>
    public int Rt => IssFields.Field(_iss, 5, 5);

    /// <summary>Gets a value indicating whether the access reads the coprocessor register: MRC or VMRS.</summary>
    public bool IsRead => IssFields.Bit(_iss, 0);
}
