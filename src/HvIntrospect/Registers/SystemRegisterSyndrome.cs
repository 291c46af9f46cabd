namespace HvIntrospect.Registers;

/// <summary>The ISS of a trapped MSR, MRS or System instruction in AArch64 state (EC 0x18), also in its 128-bit forms (EC 0x14).</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), "ISS encoding for an exception from MSR, MRS, or System instruction execution in AArch64 state". Immutable and thread-safe.</remarks>
public readonly struct SystemRegisterSyndrome
{
    private const int Op0Shift = 20;
    private const int Op2Shift = 17;
    private const int Op1Shift = 14;
    private const int CRnShift = 10;
    private const int RtShift = 5;
    private const int CRmShift = 1;
    private readonly uint _iss;

    internal SystemRegisterSyndrome(uint iss)
    {
        _iss = iss;
    }

    /// <summary>Gets the register; op0 1 is a System instruction (SYS, SYSL) and op0 0 an MSR (immediate).</summary>
    public SystemRegister Register => new(
        IssFields.Field(_iss, Op0Shift, 2), IssFields.Field(_iss, Op1Shift, 3), IssFields.Field(_iss, CRnShift, 4), IssFields.Field(_iss, CRmShift, 4), IssFields.Field(_iss, Op2Shift, 3));

    /// <summary>Gets the transfer register: 0 to 30, or 31 for the zero register; the first, even one of a pair in the 128-bit forms.</summary>
    public int Rt => IssFields.Field(_iss, RtShift, 5);

    /// <summary>Gets a value indicating whether the system register is read: MRS, MRRS or SYSL.</summary>
    public bool IsRead => IssFields.Bit(_iss, 0);

    /// <summary>Makes the syndrome of a trapped 64-bit access.</summary>
    /// <param name="register">The register.</param>
    /// <param name="rt">The transfer register, 0 to 31; 31 is the zero register.</param>
    /// <param name="isRead">True for MRS and SYSL.</param>
    /// <returns>The whole ESR.</returns>
    public static Esr Create(SystemRegister register, int rt, bool isRead) => Esr.Create(
        ExceptionClass.SystemRegister,
        ((uint)register.Op0 << Op0Shift) | ((uint)register.Op2 << Op2Shift) | ((uint)register.Op1 << Op1Shift) | ((uint)register.CRn << CRnShift)
            | ((uint)(rt & 0x1F) << RtShift) | ((uint)register.CRm << CRmShift) | (isRead ? 1U : 0));
}
