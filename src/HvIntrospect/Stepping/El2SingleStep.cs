using System;
using HvIntrospect.Registers;

namespace HvIntrospect.Stepping;

/// <summary>Steps a vCPU with the architecture's software step, owned by EL2.</summary>
/// <remarks>
/// <para>Arm Architecture Reference Manual (DDI 0487), "Software Step exceptions". While a step is armed, debug exceptions are taken to EL2, the OS Lock and
/// the OS Double Lock are open, WFI and WFE are trapped, and virtual interrupts are held back where the vCPU offers <see cref="IInterruptGate"/>; MDSCR_EL1 and
/// PSTATE.SS of the vCPU are the step's. All of it is put back when the step ends.</para>
/// <para>A step survives exits that it does not end: an abort is handled and the vCPU run again. What the step's own traps bring, an access to a debug
/// register, a WFI or WFE, or a BRK of the guest, is completed here as if there were no trap.</para>
/// <para>KDE must not be set while PSTATE.D is clear at EL2, or no step would make progress. Used on the thread that handles the vCPU's exit.</para>
/// </remarks>
public sealed class El2SingleStep : ISingleStep
{
    private const ulong InstructionSize = 4;
    private const ulong OsLockBit = 1UL << 1;
    private const ulong DebugTraps = (ulong)(MdcrBits.Tde | MdcrBits.Tda | MdcrBits.Tdosa | MdcrBits.Tdra);
    private const ulong WaitTraps = (ulong)(HcrBits.Twi | HcrBits.Twe);
    private readonly IVcpu _vcpu;
    private readonly IEl2Operations _operations;
    private readonly IInterruptGate? _gate;
    private Va _pc;
    private ulong _mdcr;
    private ulong _hcr;
    private ulong _doubleLock;
    private Mdscr _mdscr;
    private bool _isOsLocked;
    private bool _guestStep;
    private bool _holdsGate;

    /// <summary>Makes the single step of a vCPU.</summary>
    /// <param name="vcpu">The vCPU; its core and exception registers must be available.</param>
    /// <param name="operations">EL2 of the core that runs it.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public El2SingleStep(IVcpu vcpu, IEl2Operations operations)
    {
        _vcpu = vcpu ?? throw new ArgumentNullException(nameof(vcpu));
        _operations = operations ?? throw new ArgumentNullException(nameof(operations));
        _gate = vcpu.TryGetCapability(out IInterruptGate? gate) ? gate : null;
    }

    /// <inheritdoc/>
    public bool IsArmed { get; private set; }

    /// <inheritdoc/>
    public void Arm()
    {
        if (IsArmed)
        {
            return;
        }

        if (_gate is { IsClosed: false })
        {
            _gate.Close();
            _holdsGate = true;
        }

        _mdcr = _operations.ReadSystemRegister(SystemRegister.MdcrEl2);
        _hcr = _operations.ReadSystemRegister(SystemRegister.HcrEl2);
        _mdscr = new Mdscr(_operations.ReadSystemRegister(SystemRegister.MdscrEl1));
        _isOsLocked = (_operations.ReadSystemRegister(SystemRegister.OslsrEl1) & OsLockBit) != 0;
        _doubleLock = _operations.ReadSystemRegister(SystemRegister.OsdlrEl1);
        _operations.WriteSystemRegister(SystemRegister.MdcrEl2, _mdcr | DebugTraps);
        _operations.WriteSystemRegister(SystemRegister.HcrEl2, _hcr | WaitTraps);
        _operations.WriteSystemRegister(SystemRegister.MdscrEl1, _mdscr.WithSoftwareStep(true).Value);
        _operations.WriteSystemRegister(SystemRegister.OslarEl1, 0);
        _operations.WriteSystemRegister(SystemRegister.OsdlrEl1, 0);
        _pc = _vcpu.Core.Pc;
        _guestStep = _vcpu.Core.Pstate.SoftwareStep;
        SetStep(true);
        IsArmed = true;
    }

    /// <inheritdoc/>
    public void Disarm()
    {
        if (IsArmed)
        {
            // Nothing was executed: the guest's own step, if it has one, is where it was.
            End(_guestStep);
        }
    }

    /// <inheritdoc/>
    public SingleStepOutcome Classify(in VcpuExit exit)
    {
        if (!IsArmed || exit.Kind != VcpuExitKind.Exception)
        {
            return SingleStepOutcome.Pending;
        }

        switch (exit.Esr.Class)
        {
            case ExceptionClass.SoftwareStepLowerEl:
                return ClassifyStep(exit.Esr);
            case ExceptionClass.Hvc64:
                // The call counts as the step: hardware has cleared PSTATE.SS.
                End(false);
                return SingleStepOutcome.Completed;
            case ExceptionClass.Wfx when (_hcr & WaitTraps & TrapOf(exit.Esr)) == 0:
                return Skip();
            case ExceptionClass.SystemRegister:
                return CompleteDebugAccess(exit.Esr);
            case ExceptionClass.Brk64 when (_mdcr & (ulong)MdcrBits.Tde) == 0:
                // Without the step's routing the guest takes its own breakpoint.
                End(_guestStep);
                return SingleStepOutcome.Preempted;
            default:
                return SingleStepOutcome.Pending;
        }
    }

    private static ulong TrapOf(Esr esr) =>
        (ulong)(esr.TryGetWfx(out WfxSyndrome wait) && wait.Instruction is WfxInstruction.Wfi or WfxInstruction.Wfit ? HcrBits.Twi : HcrBits.Twe);

    // The registers that the traps of the step cover. Those that were trapped before belong to whoever trapped them.
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

    private SingleStepOutcome ClassifyStep(Esr esr)
    {
        esr.TryGetSoftwareStep(out SoftwareStepSyndrome step);
        Va pc = _vcpu.Core.Pc;
        if (step.IsValid || pc == _pc + InstructionSize)
        {
            // Without a valid syndrome it was completed in software, which cleared PSTATE.SS.
            End(false);
            return SingleStepOutcome.Completed;
        }

        if (pc == _pc)
        {
            // PSTATE.SS was lost on the way: nothing was executed yet.
            SetStep(true);
            return SingleStepOutcome.Pending;
        }

        // An exception to EL1. One that the instruction completes by, SVC, returns behind it.
        bool isCompleted = _vcpu.Exception.ElrEl1 == (_pc + InstructionSize).Value;
        if (!isCompleted)
        {
            // The saved state must show the guest's own step, not this one.
            ref ExceptionRegisters exception = ref _vcpu.ModifyException();
            exception.SpsrEl1 = exception.SpsrEl1.WithSoftwareStep(_guestStep);
        }

        End(false);
        return isCompleted ? SingleStepOutcome.Completed : SingleStepOutcome.Preempted;
    }

    private SingleStepOutcome CompleteDebugAccess(Esr esr)
    {
        esr.TryGetSystemRegister(out SystemRegisterSyndrome access);
        MdcrBits trap = TrapOf(access.Register);
        if (trap == MdcrBits.None || (_mdcr & (ulong)(trap | MdcrBits.Tde)) != 0)
        {
            return SingleStepOutcome.Pending;
        }

        // With the guest's own values back in their registers, EL2 does what the guest's instruction does.
        End(false);
        try
        {
            Access(access);
        }
        catch (ArgumentException)
        {
            // The core does not have the register, so that the exit is none of the step's: whoever made it may know what it means.
            SetStep(_guestStep);
            Arm();
            return SingleStepOutcome.Pending;
        }

        return Complete();
    }

    private void Access(SystemRegisterSyndrome access)
    {
        if (!access.IsRead)
        {
            _operations.WriteSystemRegister(access.Register, access.Rt == 31 ? 0 : _vcpu.Core[access.Rt]);
        }
        else if (access.Rt != 31)
        {
            ulong value = _operations.ReadSystemRegister(access.Register);
            _vcpu.ModifyCore()[access.Rt] = value;
        }
    }

    private SingleStepOutcome Skip()
    {
        End(false);
        return Complete();
    }

    private SingleStepOutcome Complete()
    {
        ref CoreRegisters core = ref _vcpu.ModifyCore();
        core.Pc += InstructionSize;
        core.Pstate = core.Pstate.AfterInstruction();
        return SingleStepOutcome.Completed;
    }

    private void SetStep(bool step)
    {
        ref CoreRegisters core = ref _vcpu.ModifyCore();
        core.Pstate = core.Pstate.WithSoftwareStep(step);
    }

    private void End(bool guestStep)
    {
        IsArmed = false;
        SetStep(guestStep);
        _operations.WriteSystemRegister(SystemRegister.MdcrEl2, _mdcr);
        _operations.WriteSystemRegister(SystemRegister.HcrEl2, (_operations.ReadSystemRegister(SystemRegister.HcrEl2) & ~WaitTraps) | (_hcr & WaitTraps));
        _operations.WriteSystemRegister(SystemRegister.MdscrEl1, _mdscr.Value);
        _operations.WriteSystemRegister(SystemRegister.OslarEl1, _isOsLocked ? 1UL : 0UL);
        _operations.WriteSystemRegister(SystemRegister.OsdlrEl1, _doubleLock);
        if (_holdsGate)
        {
            _holdsGate = false;
            _gate!.Open();
        }
    }
}
