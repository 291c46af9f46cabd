namespace HvIntrospect.Registers;

/// <summary>The ISS of a Branch Target exception (EC 0x0D, FEAT_BTI).</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), "ISS encoding for an exception from Branch Target Identification instruction". Immutable and thread-safe.</remarks>
public readonly struct BranchTargetSyndrome
{
    private readonly uint _iss;

    internal BranchTargetSyndrome(uint iss)
    {
        _iss = iss;
    }

    /// <summary>Makes the syndrome.</summary>
    /// <param name="btype">PSTATE.BTYPE, 1 to 3; other bits are ignored.</param>
    /// <returns>The value of ESR_ELx.</returns>
    public static Esr Create(int btype) => Esr.Create(ExceptionClass.BranchTarget, (uint)btype & 3);

    /// <summary>Gets PSTATE.BTYPE as it was, 1 to 3.</summary>
    public int Btype => IssFields.Field(_iss, 0, 2);
}
