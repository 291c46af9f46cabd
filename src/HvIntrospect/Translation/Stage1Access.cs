using HvIntrospect.Registers;

namespace HvIntrospect.Translation;

/// <summary>The kind and the privilege with which Stage 1 checks an access.</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), "Memory access control". Immutable and thread-safe.</remarks>
public readonly struct Stage1Access
{
    private readonly Stage1AccessKind _kind;
    private readonly bool _unprivileged;
    private readonly bool _pan;

    private Stage1Access(Stage1AccessKind kind, bool unprivileged, bool pan)
    {
        _kind = kind;
        _unprivileged = unprivileged;
        _pan = pan;
    }

    /// <summary>Gets a look-up without a permission check; Translation, Access flag and Address size faults are still found.</summary>
    public static Stage1Access LookUp => default;

    /// <summary>Gets what is needed.</summary>
    public Stage1AccessKind Kind => _kind;

    /// <summary>Gets a value indicating whether the permissions of EL0 decide.</summary>
    public bool IsUnprivileged => _unprivileged;

    /// <summary>Gets a value indicating whether memory that EL0 may access is denied (PSTATE.PAN); only for data accesses with the permissions of EL1.</summary>
    public bool IsPrivilegedAccessNever => _pan;

    /// <summary>Makes a data access of an instruction that runs in a process state.</summary>
    /// <param name="pstate">The process state; PAN and UAO are RES0 on cores that lack them.</param>
    /// <param name="kind">Read, write or both.</param>
    /// <param name="unprivilegedForm">True for LDTR, STTR and their kin: at EL1 with UAO = 0 the permissions of EL0 decide and PAN does not apply.</param>
    /// <returns>The access.</returns>
    public static Stage1Access ForData(Spsr pstate, Stage1AccessKind kind, bool unprivilegedForm = false)
    {
        bool unprivileged = pstate.ExceptionLevel == 0 || (unprivilegedForm && !pstate.Uao);
        return new Stage1Access(kind & Stage1AccessKind.ReadWrite, unprivileged, pstate.Pan && !unprivileged);
    }

    /// <summary>Makes an instruction fetch in a process state.</summary>
    /// <param name="pstate">The process state.</param>
    /// <returns>The access.</returns>
    public static Stage1Access ForFetch(Spsr pstate) => new(Stage1AccessKind.Fetch, pstate.ExceptionLevel == 0, pan: false);
}
