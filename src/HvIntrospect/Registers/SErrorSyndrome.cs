namespace HvIntrospect.Registers;

/// <summary>The ISS of an SError interrupt (EC 0x2F).</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), "ISS encoding for an SError interrupt". Immutable and thread-safe.</remarks>
public readonly struct SErrorSyndrome
{
    private readonly uint _iss;

    internal SErrorSyndrome(uint iss)
    {
        _iss = iss;
    }

    /// <summary>Gets a value indicating whether the other bits are IMPLEMENTATION DEFINED (IDS).</summary>
    public bool IsImplementationDefined => IssFields.Bit(_iss, 24);

    /// <summary>Gets a value indicating whether an implicit error synchronization event took the error (IESB, FEAT_IESB).</summary>
    public bool IsImplicitSynchronization => IssFields.Bit(_iss, 13);

    /// <summary>Gets AET, the asynchronous error type, 0 to 7; meaningful when <see cref="Status"/> is 0x11 with FEAT_RAS.</summary>
    public int ErrorType => IssFields.Field(_iss, 10, 3);

    /// <summary>Gets EA, the IMPLEMENTATION DEFINED class of the External abort.</summary>
    public bool ExternalAbortType => IssFields.Bit(_iss, 9);

    /// <summary>Gets DFSC: 0 uncategorized, 0x11 asynchronous SError.</summary>
    public int Status => IssFields.Field(_iss, 0, 6);
}
