namespace HvIntrospect.Registers;

/// <summary>The ISS of a trapped SME access (EC 0x1D).</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), "ISS encoding for an exception due to SME functionality". Immutable and thread-safe.</remarks>
public readonly struct SmeSyndrome
{
    private readonly uint _iss;

    internal SmeSyndrome(uint iss)
    {
        _iss = iss;
    }

    /// <summary>Gets SMTC, why it was trapped: 0 disabled by a control, 1 illegal in Streaming SVE mode, 2 not in Streaming SVE mode, 3 ZA is off, 4 ZT0 is not accessible.</summary>
    public int Reason => IssFields.Field(_iss, 0, 3);
}
