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

    /// <summary>Gets PSTATE.BTYPE as it was, 1 to 3.</summary>
    public int Btype => IssFields.Field(_iss, 0, 2);
}
