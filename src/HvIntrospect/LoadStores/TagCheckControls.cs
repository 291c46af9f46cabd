using HvIntrospect.Registers;

namespace HvIntrospect.LoadStores;

/// <summary>Which accesses of a vCPU are checked against Allocation Tags (FEAT_MTE2), and what a failed check leads to.</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), "Tag Checked and Unchecked accesses". The default value checks nothing. Immutable and thread-safe.</remarks>
public readonly struct TagCheckControls
{
    private const int HalfBit = 55;
    private const ulong TagAndHalf = 31;
    private readonly Tcr _tcr;
    private readonly TagCheckFaults _el0;
    private readonly TagCheckFaults _current;
    private readonly TagCheckFaults _unprivileged;

    /// <summary>Makes the controls of a vCPU.</summary>
    /// <param name="pstate">The process state; AArch64, EL0 or EL1.</param>
    /// <param name="sctlr">SCTLR_EL1, without ATA and ATA0 where EL2 keeps the tags from the guest.</param>
    /// <param name="tcr">TCR_EL1.</param>
    public TagCheckControls(Spsr pstate, Sctlr sctlr, Tcr tcr)
    {
        _tcr = tcr;
        bool isOff = pstate.Tco || !tcr.Has(TcrBits.Tbi0 | TcrBits.Tbi1);
        _el0 = isOff || !sctlr.Has(SctlrBits.Ata0) ? TagCheckFaults.None : sctlr.TagCheckFaultsEl0;
        TagCheckFaults el1 = isOff || !sctlr.Has(SctlrBits.Ata) ? TagCheckFaults.None : sctlr.TagCheckFaults;
        bool isUser = pstate.ExceptionLevel == 0;
        _current = isUser ? _el0 : el1;
        _unprivileged = isUser || !pstate.Uao ? _el0 : el1;
        IsUser = isUser;
        IsUnprivilegedUser = isUser || !pstate.Uao;
    }

    /// <summary>Gets a value indicating whether any access is checked.</summary>
    public bool AreAnyChecked => _current != TagCheckFaults.None || _unprivileged != TagCheckFaults.None;

    private bool IsUser { get; }

    private bool IsUnprivilegedUser { get; }

    /// <summary>Tells whether an access counts as one of EL0.</summary>
    /// <param name="isUnprivileged">True for LDTR and its kin.</param>
    /// <returns>False for EL1.</returns>
    internal bool IsOfUser(bool isUnprivileged) => isUnprivileged ? IsUnprivilegedUser : IsUser;

    /// <summary>Gets what a failed check of an access leads to.</summary>
    /// <param name="isUnprivileged">True for LDTR and its kin.</param>
    /// <param name="isRead">True when the access reads, whatever else it does.</param>
    /// <returns>Never <see cref="TagCheckFaults.Asymmetric"/>.</returns>
    internal TagCheckFaults FaultsOf(bool isUnprivileged, bool isRead)
    {
        TagCheckFaults faults = isUnprivileged ? _unprivileged : _current;
        return faults != TagCheckFaults.Asymmetric ? faults : isRead ? TagCheckFaults.Synchronous : TagCheckFaults.Asynchronous;
    }

    /// <summary>Tells whether the tag of an address counts.</summary>
    /// <param name="address">The address.</param>
    /// <returns>False where the top byte is no tag, or where this tag matches everything.</returns>
    internal bool IsChecked(Va address)
    {
        bool isUpper = ((address.Value >> HalfBit) & 1) != 0;
        ulong field = (address.Value >> HalfBit) & TagAndHalf;
        bool isMatchAll = field is 0 or TagAndHalf && _tcr.Has(isUpper ? TcrBits.Tcma1 : TcrBits.Tcma0);
        return _tcr.Has(isUpper ? TcrBits.Tbi1 : TcrBits.Tbi0) && !isMatchAll;
    }
}
