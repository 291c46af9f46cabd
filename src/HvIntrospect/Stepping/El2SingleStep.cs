using System;
using HvIntrospect.Registers;

namespace HvIntrospect.Stepping;

/// <summary>Steps a vCPU with the architecture's software step, owned by EL2.</summary>
/// <remarks>
/// <para>Arm Architecture Reference Manual (DDI 0487), "Software Step exceptions". While a step is armed, debug exceptions are taken to EL2, the OS Lock and
/// the OS Double Lock are open, WFI and WFE are trapped, and MDSCR_EL1.SS, KDE and MDE and PSTATE.SS of the vCPU are the step's. All of it is put back when the
/// step ends, also in SPSR_EL1 where an exception has saved it: the guest never reads a state of the step.</para>
/// <para>A step survives exits that it does not end: an abort is handled and the vCPU run again. Software that completes the instruction instead moves PC
/// and clears PSTATE.SS, as hardware does. What the step's own traps bring, an access to a debug register, a WFI or WFE, is completed here as if there were no
/// trap. A BRK, a breakpoint or a watchpoint of the guest ends the step: it takes its own exception when it runs again.</para>
/// <para>Virtual interrupts are held back by <see cref="IInterruptGate"/>. A vCPU that does not offer it steps with PSTATE.A, I and F set, and what the
/// instruction shows the guest of them is corrected; that needs A64 state and an instruction that can be read. An interrupt that is taken before the
/// instruction none the less, a stolen step, is undone and the instruction stepped with these masks; where they cannot be used, the outcome is
/// <see cref="SingleStepOutcome.Preempted"/>. Nothing is held for longer than <see cref="MaximumHeldExits"/> exits; what was held is taken at the
/// next run after the step, in the order of its priority.</para>
/// <para>A guest that steps itself at the same time goes on as if it were alone: one instruction is one for both, and a Software Step exception that is due
/// to the guest comes before the instruction. Allocates nothing per step. Used on the thread that handles the vCPU's exit.</para>
/// </remarks>
public sealed class El2SingleStep : ISingleStep
{
    /// <summary>How many exits that do not end a step may go by with interrupts held back. After them they are let through, and the step goes on.</summary>
    public const int MaximumHeldExits = 64;

    private const ulong InstructionSize = 4;
    private const ulong VectorTable = 0x7FF;
    private const ulong VectorKind = 0x180;
    private const ulong SErrorVector = 0x180;
    private const ulong AllMasks = 0x3C0;
    private readonly IVcpu _vcpu;
    private readonly IEl2Operations _operations;
    private readonly StepControls _controls;
    private readonly InterruptHold _hold;
    private Va _pc;
    private Spsr _state;
    private ulong _elr;
    private Spsr _spsr;
    private Esr _esr;
    private int _exits;
    private bool _isGuestPending;
    private bool _wasLost;

    /// <summary>Makes the single step of a vCPU.</summary>
    /// <param name="vcpu">The vCPU; its core and exception registers must be available.</param>
    /// <param name="operations">EL2 of the core that runs it.</param>
    /// <param name="machine">The machine of the vCPU, whose memory holds the instructions. It is not used before the first step.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public El2SingleStep(IVcpu vcpu, IEl2Operations operations, IVirtualMachine machine)
    {
        _vcpu = vcpu ?? throw new ArgumentNullException(nameof(vcpu));
        _operations = operations ?? throw new ArgumentNullException(nameof(operations));
        _controls = new StepControls(operations);
        _hold = new InterruptHold(vcpu, operations, machine ?? throw new ArgumentNullException(nameof(machine)));
    }

    /// <inheritdoc/>
    public bool IsArmed { get; private set; }

    private bool MayHold => _exits <= MaximumHeldExits;

    /// <inheritdoc/>
    public void Arm()
    {
        if (IsArmed)
        {
            return;
        }

        _pc = _vcpu.Core.Pc;
        _state = _vcpu.Core.Pstate;
        _elr = _vcpu.Exception.ElrEl1;
        _spsr = _vcpu.Exception.SpsrEl1;
        _esr = _vcpu.Exception.EsrEl1;
        _exits = 0;
        _wasLost = false;
        _controls.Take(_state);
        IsArmed = true;

        // A step exception that the guest is due comes before the instruction: the state stays active-pending.
        _isGuestPending = _controls.IsGuestStepEnabled(_state) && !_state.SoftwareStep;
        if (!_isGuestPending)
        {
            SetStep(true);
            _hold.Begin();
        }
    }

    /// <inheritdoc/>
    public void Disarm()
    {
        if (IsArmed)
        {
            EndBefore();
        }
    }

    /// <inheritdoc/>
    public SingleStepOutcome Classify(in VcpuExit exit)
    {
        if (!IsArmed)
        {
            return SingleStepOutcome.Pending;
        }

        switch (exit.Kind == VcpuExitKind.Exception ? exit.Esr.Class : ExceptionClass.Unknown)
        {
            case ExceptionClass.SoftwareStepLowerEl:
                return ClassifyStep(exit.Esr);
            case ExceptionClass.Hvc64:
                // The call counts as the step: hardware has cleared PSTATE.SS.
                return EndAfter();
            case ExceptionClass.Wfx when exit.Esr.TryGetWfx(out WfxSyndrome wait) && _controls.IsOwnTrap(wait.Instruction):
                EndAfter();
                return Advance();
            case ExceptionClass.SystemRegister when exit.Esr.TryGetSystemRegister(out SystemRegisterSyndrome access) && _controls.IsOwnTrap(access.Register):
                return CompleteDebugAccess(access);
            case ExceptionClass.Brk64 or ExceptionClass.Bkpt32 or ExceptionClass.VectorCatch32 or ExceptionClass.BreakpointLowerEl or ExceptionClass.WatchpointLowerEl
                when !_controls.IsDebugOfEl2:
                // Without the step's routing the guest takes its own exception.
                return EndBefore();
            default:
                return Wait();
        }
    }

    private SingleStepOutcome ClassifyStep(Esr esr)
    {
        if (_isGuestPending)
        {
            return EndBefore();
        }

        // Whether the syndrome is valid after an exception, an ERET or an ISB is up to the core, so that nothing is decided by it there.
        if (IsAtVectorBefore())
        {
            return (_vcpu.Core.Pc.Value & VectorKind) != 0 && TryUndo() ? Wait() : EndBefore();
        }

        esr.TryGetSoftwareStep(out SoftwareStepSyndrome step);
        if (step.IsValid || _vcpu.Core.Pc != _pc)
        {
            return EndAfter();
        }

        if (_wasLost)
        {
            // An ERET to itself, or a backend that loses PSTATE.SS every time. Either way nothing has changed.
            return EndBefore();
        }

        // PSTATE.SS was lost on the way: nothing was executed yet.
        _wasLost = true;
        SetStep(true);
        return Wait();
    }

    // The vCPU is at a vector of EL1 by an exception in whose saved state PSTATE.SS is still set: the instruction has not completed.
    private bool IsAtVectorBefore()
    {
        ref readonly CoreRegisters core = ref _vcpu.Core;
        ref readonly ExceptionRegisters exception = ref _vcpu.Exception;
        Spsr source = exception.SpsrEl1;
        ulong group = source.IsAArch32 ? 0x600UL
            : source.ExceptionLevel == 0 ? 0x400UL
            : source.UsesOwnStackPointer ? 0x200UL
            : 0;
        ulong offset = core.Pc.Value - (exception.VbarEl1 & ~VectorTable);
        return source.SoftwareStep && exception.ElrEl1 == _pc.Value && (offset & ~VectorKind) == group
            && core.Pstate.SelectsSpEl1 && (core.Pstate.Value & AllMasks) == AllMasks;
    }

    // An interrupt was taken before the instruction, and nothing executed since: all that it has changed is put back, and this time it is masked.
    private bool TryUndo()
    {
        var hcr = new Hcr(_operations.ReadSystemRegister(SystemRegister.HcrEl2));
        bool isError = (_vcpu.Core.Pc.Value & VectorKind) == SErrorVector;
        if (!MayHold || (isError && !hcr.Has(HcrBits.Amo)))
        {
            // A physical SError that the guest has taken cannot be made pending again.
            return false;
        }

        ref CoreRegisters core = ref _vcpu.ModifyCore();
        (Va vector, Spsr stateAtVector) = (core.Pc, core.Pstate);
        core.Pc = _pc;
        core.Pstate = _vcpu.Exception.SpsrEl1;
        if (!_hold.TryMask())
        {
            core.Pc = vector;
            core.Pstate = stateAtVector;
            return false;
        }

        ref ExceptionRegisters exception = ref _vcpu.ModifyException();
        exception.ElrEl1 = _elr;
        exception.SpsrEl1 = _spsr;
        exception.EsrEl1 = _esr;
        if (isError)
        {
            // Taking a virtual SError has cleared it.
            _operations.WriteSystemRegister(SystemRegister.HcrEl2, hcr.With(HcrBits.Vse).Value);
        }

        return true;
    }

    private SingleStepOutcome Wait()
    {
        _exits++;
        if (!MayHold)
        {
            Unmask();
            _hold.Open();
        }

        return SingleStepOutcome.Pending;
    }

    private SingleStepOutcome CompleteDebugAccess(SystemRegisterSyndrome access)
    {
        // With the guest's own values back in their registers, EL2 does what the guest's instruction does.
        EndAfter();
        try
        {
            Access(access);
        }
        catch (ArgumentException)
        {
            // The core does not have the register, so that the exit is none of the step's: whoever made it may know what it means.
            int exits = _exits;
            SetStep(_state.SoftwareStep);
            Arm();
            _exits = exits;
            return Wait();
        }

        return Advance();
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

    private SingleStepOutcome Advance()
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

    private void Unmask()
    {
        if (!_hold.IsMasking)
        {
            return;
        }

        if (IsAtVectorBefore())
        {
            ref ExceptionRegisters exception = ref _vcpu.ModifyException();
            exception.SpsrEl1 = _hold.Unmask(exception.SpsrEl1);
        }
        else
        {
            ref CoreRegisters core = ref _vcpu.ModifyCore();
            core.Pstate = _hold.Unmask(core.Pstate);
        }
    }

    // The instruction has not completed: the guest's own step is where it was, in PSTATE or in what an exception has saved of it.
    private SingleStepOutcome EndBefore()
    {
        Unmask();
        if (IsAtVectorBefore())
        {
            ref ExceptionRegisters exception = ref _vcpu.ModifyException();
            exception.SpsrEl1 = exception.SpsrEl1.WithSoftwareStep(_state.SoftwareStep);
            SetStep(false);
        }
        else
        {
            SetStep(_state.SoftwareStep);
        }

        End();
        return SingleStepOutcome.Preempted;
    }

    private SingleStepOutcome EndAfter()
    {
        _hold.UnmaskAfter();
        SetStep(BeginsGuestStep());
        End();
        return SingleStepOutcome.Completed;
    }

    // An ERET of a guest that steps what it returns to. While EL2 steps, hardware clears PSTATE.SS there, as debug exceptions are enabled from EL1, too.
    private bool BeginsGuestStep()
    {
        ref readonly CoreRegisters core = ref _vcpu.Core;
        return _state.ExceptionLevel == 1 && !_controls.IsGuestStepEnabled(_state) && _controls.IsGuestStepEnabled(core.Pstate)
            && _vcpu.Exception.SpsrEl1.SoftwareStep && (core.Pstate.ExceptionLevel == 0 || core.Pc.Value == _vcpu.Exception.ElrEl1);
    }

    private void End()
    {
        IsArmed = false;
        _controls.GiveBack();
        _hold.Open();
    }
}
