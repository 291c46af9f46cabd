namespace HvIntrospect.Registers;

/// <summary>The ISS of a Watchpoint exception (EC 0x34, 0x35).</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), "ISS encoding for an exception from a Watchpoint exception". Immutable and thread-safe.</remarks>
public readonly struct WatchpointSyndrome
{
    private const uint WnrBit = 1U << 6;
    private const uint CmBit = 1U << 8;

    private readonly uint _iss;

    internal WatchpointSyndrome(uint iss)
    {
        _iss = iss;
    }

    /// <summary>Gets the number of the watchpoint (WPT, FEAT_Debugv8p2 and later).</summary>
    /// <param name="number">0 to 63.</param>
    /// <returns>False when WPTV is 0: it is not reported.</returns>
    public bool TryGetNumber(out int number)
    {
        bool valid = IssFields.Bit(_iss, 17);
        number = valid ? IssFields.Field(_iss, 18, 6) : 0;
        return valid;
    }

    /// <summary>Gets a value indicating whether the watchpoint may not have matched exactly (WPF).</summary>
    public bool MayBeFalse => IssFields.Bit(_iss, 16);

    /// <summary>Gets a value indicating whether FAR is only near the accessed address (FnP).</summary>
    public bool IsFarImprecise => IssFields.Bit(_iss, 15);

    /// <summary>Gets a value indicating whether the access was made through VNCR_EL2 (VNCR, FEAT_NV2).</summary>
    public bool IsVncr => IssFields.Bit(_iss, 13);

    /// <summary>Gets a value indicating whether FAR is valid (FnV is 0).</summary>
    public bool IsFarValid => !IssFields.Bit(_iss, 10);

    /// <summary>Gets a value indicating whether a cache maintenance instruction matched (CM).</summary>
    public bool IsCacheMaintenance => IssFields.Bit(_iss, 8);

    /// <summary>Gets a value indicating whether a write matched (WnR).</summary>
    public bool IsWrite => IssFields.Bit(_iss, 6);

    /// <summary>Gets DFSC, which is Debug.</summary>
    public FaultStatus Status => new((int)_iss);

    /// <summary>Makes a syndrome without the number of the watchpoint.</summary>
    /// <param name="sameEl">True when the exception is taken to the Exception level that it comes from.</param>
    /// <param name="isWrite">WnR.</param>
    /// <param name="isCacheMaintenance">CM.</param>
    /// <returns>The whole ESR.</returns>
    public static Esr Create(bool sameEl, bool isWrite, bool isCacheMaintenance) => Esr.Create(
        sameEl ? ExceptionClass.WatchpointSameEl : ExceptionClass.WatchpointLowerEl,
        FaultStatus.Create(FaultKind.Debug).Code | (isWrite ? WnrBit : 0) | (isCacheMaintenance ? CmBit : 0));
}
