namespace HvIntrospect.Registers;

/// <summary>The ISS of a Guarded Control Stack exception (EC 0x2D, FEAT_GCS).</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), "ISS encoding for a GCS exception". Immutable and thread-safe.</remarks>
public readonly struct GuardedControlStackSyndrome
{
    private readonly uint _iss;

    internal GuardedControlStackSyndrome(uint iss)
    {
        _iss = iss;
    }

    /// <summary>Gets ExType: 0 data check failure, 1 EXLOCK failure, 2 trapped GCSSTR or GCSSTTR.</summary>
    public int Kind => IssFields.Field(_iss, 20, 4);

    /// <summary>Gets Raddr, the address register of a trapped store; meaningful for kind 2.</summary>
    public int AddressRegister => IssFields.Field(_iss, 10, 5);

    /// <summary>Gets Rn of the failed check (kind 0) or the value register of the trapped store (kind 2).</summary>
    public int Register => IssFields.Field(_iss, 5, 5);

    /// <summary>Gets IT, the instruction whose check failed; meaningful for kind 0.</summary>
    public int InstructionType => IssFields.Field(_iss, 0, 5);
}
