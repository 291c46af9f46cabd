using HvIntrospect.Registers;

namespace HvIntrospect.Stepping;

/// <summary>The controls of EL2 and of debug that a step takes over from the guest: the guest's own are kept here, and given back bit by bit.</summary>
/// <remarks>
/// Arm Architecture Reference Manual (DDI 0487), "Enabling debug exceptions" and "Routing debug exceptions". Only the step's own bits are given back, so that
/// whatever else is written to these registers meanwhile stays.
/// </remarks>
internal sealed class StepControls
{
    private const ulong LockedBit = 1UL << 1;
    private const ulong PowerDownRequestBit = 1;
    private const ulong SsBit = 1;
    private const ulong KdeBit = 1UL << 13;
    private const ulong MdeBit = 1UL << 15;
    private const ulong StepBits = SsBit | KdeBit | MdeBit;
    private const ulong DebugTraps = (ulong)(MdcrBits.Tde | MdcrBits.Tda | MdcrBits.Tdosa | MdcrBits.Tdra);
    private const ulong WaitTraps = (ulong)(HcrBits.Twi | HcrBits.Twe);
    private readonly IEl2Operations _operations;
    private Mdscr _mdscr;
    private ulong _mdcr;
    private Hcr _hcr;
    private ulong _doubleLock;
    private bool _isOsLocked;
    private bool _isDoubleLocked;

    /// <summary>Makes the controls of a vCPU, which are still the guest's.</summary>
    /// <param name="operations">EL2 of the core that runs it.</param>
    public StepControls(IEl2Operations operations)
    {
        _operations = operations;
    }

    /// <summary>Gets a value indicating whether debug exceptions had been taken to EL2 before the step.</summary>
    public bool IsDebugOfEl2 => (_mdcr & (ulong)MdcrBits.Tde) != 0 || _hcr.Has(HcrBits.Tge);

    /// <summary>Takes the controls over.</summary>
    /// <param name="state">PSTATE of the vCPU.</param>
    public void Take(Spsr state)
    {
        _mdcr = _operations.ReadSystemRegister(SystemRegister.MdcrEl2);
        _hcr = new Hcr(_operations.ReadSystemRegister(SystemRegister.HcrEl2));
        _mdscr = new Mdscr(_operations.ReadSystemRegister(SystemRegister.MdscrEl1));
        _isOsLocked = (_operations.ReadSystemRegister(SystemRegister.OslsrEl1) & LockedBit) != 0;
        _doubleLock = _operations.ReadSystemRegister(SystemRegister.OsdlrEl1);
        _isDoubleLocked = (_doubleLock & 1) != 0 && (_operations.ReadSystemRegister(SystemRegister.DbgprcrEl1) & PowerDownRequestBit) == 0;

        // With KDE set an EL2 whose PSTATE.D is clear would return into the active-pending state, and no step would ever execute anything. The guest's
        // breakpoints stay as they are where they are generated; where it has masked them, the step's routing must not bring them up.
        ulong step = SsBit | (AreGuestExceptionsEnabled(state) ? _mdscr.Value & MdeBit : 0);
        _operations.WriteSystemRegister(SystemRegister.MdcrEl2, _mdcr | DebugTraps);
        _operations.WriteSystemRegister(SystemRegister.HcrEl2, _hcr.Value | WaitTraps);
        _operations.WriteSystemRegister(SystemRegister.MdscrEl1, (_mdscr.Value & ~StepBits) | step);
        _operations.WriteSystemRegister(SystemRegister.OslarEl1, 0);
        _operations.WriteSystemRegister(SystemRegister.OsdlrEl1, 0);
    }

    /// <summary>Gives the controls back.</summary>
    public void GiveBack()
    {
        Restore(SystemRegister.MdcrEl2, DebugTraps, _mdcr);
        Restore(SystemRegister.HcrEl2, WaitTraps, _hcr.Value);
        Restore(SystemRegister.MdscrEl1, StepBits, _mdscr.Value);
        _operations.WriteSystemRegister(SystemRegister.OslarEl1, _isOsLocked ? 1UL : 0UL);
        _operations.WriteSystemRegister(SystemRegister.OsdlrEl1, _doubleLock);
    }

    /// <summary>Tells whether the guest's own software step is enabled in a state, by its own controls.</summary>
    /// <param name="state">PSTATE.</param>
    /// <returns>False when its state machine is inactive.</returns>
    public bool IsGuestStepEnabled(Spsr state) => _mdscr.SoftwareStep && AreGuestExceptionsEnabled(state);

    /// <summary>Tells whether a wait is trapped by nobody but the step.</summary>
    /// <param name="wait">What waits.</param>
    /// <returns>True when the trap is the step's own.</returns>
    public bool IsOwnTrap(WfxInstruction wait) => !_hcr.Has(wait is WfxInstruction.Wfi or WfxInstruction.Wfit ? HcrBits.Twi : HcrBits.Twe);

    /// <summary>Tells whether an access to a register is trapped by nobody but the step.</summary>
    /// <param name="register">The register.</param>
    /// <returns>True when the trap is the step's own; those that were there before belong to whoever set them.</returns>
    public bool IsOwnTrap(SystemRegister register)
    {
        MdcrBits trap = TrapOf(register);
        return trap != MdcrBits.None && (_mdcr & (ulong)(trap | MdcrBits.Tde)) == 0;
    }

    // The registers that the traps of the step cover.
    private static MdcrBits TrapOf(SystemRegister register)
    {
        if (register.Op0 != 2 || register.Op1 is not (0 or 3))
        {
            return MdcrBits.None;
        }

        if (register == SystemRegister.MdrarEl1)
        {
            return MdcrBits.Tdra;
        }

        bool isLock = register == SystemRegister.OslarEl1 || register == SystemRegister.OslsrEl1
            || register == SystemRegister.OsdlrEl1 || register == SystemRegister.DbgprcrEl1;
        return isLock ? MdcrBits.Tdosa : MdcrBits.Tda;
    }

    // For the owner itself debug exceptions need KDE and PSTATE.D clear; from lower Exception levels they are always enabled.
    private bool AreGuestExceptionsEnabled(Spsr state)
    {
        bool isOwner = state.ExceptionLevel == 1 && !IsDebugOfEl2;
        return !_isOsLocked && !_isDoubleLocked && (!isOwner || (_mdscr.KernelDebugEnable && !state.D));
    }

    private void Restore(SystemRegister register, ulong bits, ulong value) =>
        _operations.WriteSystemRegister(register, (_operations.ReadSystemRegister(register) & ~bits) | (value & bits));
}
