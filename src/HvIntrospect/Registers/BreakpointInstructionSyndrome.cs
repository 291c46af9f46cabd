namespace HvIntrospect.Registers;

/// <summary>The ISS of BRK (EC 0x3C) and of BKPT (EC 0x38).</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), "ISS encoding for an exception from execution of a Breakpoint instruction". Immutable and thread-safe.</remarks>
public readonly struct BreakpointInstructionSyndrome
{
    private readonly uint _iss;

    internal BreakpointInstructionSyndrome(uint iss)
    {
        _iss = iss;
    }

    /// <summary>Gets the immediate of the instruction: 16 bits of BRK, 8 bits of the T32 BKPT.</summary>
    public ushort Comment => (ushort)_iss;

    /// <summary>Makes the syndrome of a BRK.</summary>
    /// <param name="comment">Its immediate.</param>
    /// <returns>The whole ESR.</returns>
    public static Esr Create(ushort comment) => Esr.Create(ExceptionClass.Brk64, comment);
}
