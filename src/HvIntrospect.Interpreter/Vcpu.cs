using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Threading;
using HvIntrospect.Interpreter.Inputs;
using HvIntrospect.Interpreter.Mmu;
using HvIntrospect.Interpreter.State;
using HvIntrospect.Registers;

namespace HvIntrospect.Interpreter;

/// <summary>A vCPU of a <see cref="Machine"/>.</summary>
/// <remarks>Only the thread that handles its exit may use it, except for <see cref="RequestExit"/> and <see cref="SetInterruptLine"/>. The register groups are copies, made when they are asked for and written back when the vCPU runs.</remarks>
public sealed unsafe class Vcpu : IEngineVcpu
{
    private const RegisterGroups AllGroups =
        RegisterGroups.Core | RegisterGroups.Vector | RegisterGroups.Translation | RegisterGroups.Exception | RegisterGroups.Debug;

    private readonly CapabilitySet _capabilities;
    private CoreRegisters _core;
    private VectorRegisters _vector;
    private TranslationRegisters _translation;
    private ExceptionRegisters _exception;
    private DebugRegisters _debug;
    private RegisterGroups _fetched;
    private RegisterGroups _modified;
    private int _exitRequested;

    internal Vcpu(Machine machine, int index, Processor processor, params IEnumerable<object> capabilities)
    {
        Machine = machine;
        Index = index;
        Processor = processor;
        _capabilities = new CapabilitySet(capabilities);
        processor.Vcpu = this;
    }

    /// <summary>Gets the machine.</summary>
    public Machine Machine { get; }

    /// <inheritdoc/>
    public int Index { get; }

    /// <inheritdoc/>
    public RegisterGroups AvailableRegisters => AllGroups;

    /// <summary>Gets how many instructions the vCPU has executed: those that completed and those that took a synchronous exception.</summary>
    /// <remarks>
    /// An instruction that trapped to EL2 counts when EL2 has gone on from it: PC has been changed, or an exception of EL1 has been entered for it. When the vCPU
    /// executes it again, natively or in a step, it counts then. So each instruction counts once, and watching a guest does not change its count.
    /// </remarks>
    public ulong RetiredInstructions => Processor.LiveState->Retired + (HasGoneOn ? 1UL : 0UL);

    /// <summary>
    /// Gets how much guest time has passed for the vCPU, in instructions: those of <see cref="RetiredInstructions"/> and those for which it has waited, for an interrupt, an
    /// event or its turn (<see cref="Machine.Scheduler"/>). Timers and inputs follow it.
    /// </summary>
    public ulong ElapsedInstructions => InputQueue.Elapsed(Processor.LiveState);

    /// <inheritdoc/>
    public ref readonly CoreRegisters Core
    {
        get
        {
            FetchCore();
            return ref _core;
        }
    }

    /// <inheritdoc/>
    public ref readonly VectorRegisters Vector
    {
        get
        {
            FetchVector();
            return ref _vector;
        }
    }

    /// <inheritdoc/>
    public ref readonly TranslationRegisters Translation
    {
        get
        {
            FetchTranslation();
            return ref _translation;
        }
    }

    /// <inheritdoc/>
    public ref readonly ExceptionRegisters Exception
    {
        get
        {
            FetchException();
            return ref _exception;
        }
    }

    /// <inheritdoc/>
    public ref readonly DebugRegisters Debug
    {
        get
        {
            FetchDebug();
            return ref _debug;
        }
    }

    /// <summary>Gets or sets a value indicating whether the vCPU is on, as it is at first. One that is off executes nothing: its run ends with <see cref="VcpuExitKind.Halted"/>. Its registers stay.</summary>
    /// <remarks>What PSCI CPU_ON and CPU_OFF need. Set it while the vCPU does not run; in the handler of an exit of <see cref="Machine.Scheduler"/> that is every one.</remarks>
    public bool IsPoweredOn
    {
        get => Processor.LiveState->System.Waiting != IdleTime.Power;
        set
        {
            if (value != IsPoweredOn)
            {
                Processor.LiveState->System.Waiting = value ? IdleTime.Nothing : IdleTime.Power;
            }
        }
    }

    internal Processor Processor { get; }

    /// <summary>Gets a value indicating whether a request to exit waits to be taken.</summary>
    internal bool IsExitRequested => Volatile.Read(ref _exitRequested) != 0;

    // A vector may be the trapped instruction itself: then only ELR_EL1 shows that an exception was entered.
    private bool HasGoneOn
    {
        get
        {
            CpuState* cpu = Processor.LiveState;
            return cpu->IsTrapped != 0
                && (((_modified & RegisterGroups.Core) != 0 ? _core.Pc.Value : cpu->Pc) != cpu->TrappedPc
                    || ((_modified & RegisterGroups.Exception) != 0 && _exception.ElrEl1 == cpu->TrappedPc));
        }
    }

    /// <inheritdoc/>
    public ref CoreRegisters ModifyCore()
    {
        FetchCore();
        _modified |= RegisterGroups.Core;
        return ref _core;
    }

    /// <inheritdoc/>
    public ref VectorRegisters ModifyVector()
    {
        FetchVector();
        _modified |= RegisterGroups.Vector;
        return ref _vector;
    }

    /// <inheritdoc/>
    public ref TranslationRegisters ModifyTranslation()
    {
        FetchTranslation();
        _modified |= RegisterGroups.Translation;
        return ref _translation;
    }

    /// <inheritdoc/>
    public ref ExceptionRegisters ModifyException()
    {
        FetchException();
        _modified |= RegisterGroups.Exception;
        return ref _exception;
    }

    /// <inheritdoc/>
    public ref DebugRegisters ModifyDebug()
    {
        FetchDebug();
        _modified |= RegisterGroups.Debug;
        return ref _debug;
    }

    /// <inheritdoc/>
    public void RequestExit()
    {
        Interlocked.Exchange(ref _exitRequested, 1);
        Machine.Gate.Wake();
    }

    /// <summary>Sets the level of an interrupt input, by <see cref="MachineInputs.Post"/>. Safe to call from any thread.</summary>
    /// <param name="line">The input.</param>
    /// <param name="isAsserted">The level; it stays until it is set again.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="line"/> is not one of the named values.</exception>
    public void SetInterruptLine(InterruptLine line, bool isAsserted)
    {
        if (line is < InterruptLine.Irq or > InterruptLine.VirtualFiq)
        {
            throw new ArgumentOutOfRangeException(nameof(line), line, "The line is one of the named values.");
        }

        Machine.Inputs.Post(Index, (int)line, isAsserted ? 1UL : 0UL);
    }

    /// <inheritdoc/>
    public bool TryGetCapability<T>([NotNullWhen(true)] out T? capability)
        where T : class => _capabilities.TryGet(out capability);

    /// <inheritdoc/>
    void IEngineVcpu.Fetch() => _fetched = RegisterGroups.None;

    /// <inheritdoc/>
    void IEngineVcpu.Flush() => Flush();

    /// <summary>Sets the level of an interrupt input for a device of the machine, before the next instruction of the vCPU, or as soon as it looks when it runs. No record needs to know.</summary>
    /// <param name="line">The input.</param>
    /// <param name="isAsserted">The level.</param>
    internal void Drive(InterruptLine line, bool isAsserted) => Processor.Inputs.Drive(line, isAsserted);

    /// <summary>Adds a capability that needs the vCPU itself.</summary>
    /// <param name="capability">The capability.</param>
    internal void Add(object capability) => _capabilities.Add(capability);

    /// <summary>Takes a request to exit, if there is one.</summary>
    /// <returns>True when there was one.</returns>
    internal bool TakeExitRequest() => IsExitRequested && Interlocked.Exchange(ref _exitRequested, 0) != 0;

    /// <summary>Forgets the copies, changed or not, because the state was replaced.</summary>
    internal void Discard()
    {
        _modified = RegisterGroups.None;
        _fetched = RegisterGroups.None;
    }

    /// <summary>Writes the changed groups back and forgets the copies.</summary>
    internal void Flush()
    {
        RegisterGroups modified = _modified;
        CpuState* cpu = Processor.LiveState;
        if (modified != RegisterGroups.None && HasGoneOn)
        {
            cpu->Retired++;
            cpu->IsTrapped = 0;
        }

        Discard();
        if (modified == RegisterGroups.None)
        {
            return;
        }

        if ((modified & RegisterGroups.Core) != 0)
        {
            FlushCore(cpu);
        }

        if ((modified & RegisterGroups.Vector) != 0)
        {
            FlushVector(cpu);
        }

        if ((modified & RegisterGroups.Translation) != 0)
        {
            FlushTranslation(cpu);
        }

        if ((modified & RegisterGroups.Exception) != 0)
        {
            cpu->System.VbarEl1 = _exception.VbarEl1;
            cpu->System.ElrEl1 = _exception.ElrEl1;
            cpu->System.SpsrEl1 = _exception.SpsrEl1.Value;
            cpu->System.EsrEl1 = _exception.EsrEl1.Value;
            cpu->System.FarEl1 = _exception.FarEl1;
        }

        if ((modified & RegisterGroups.Debug) != 0)
        {
            FastTlb.SetMonitorDebug(cpu, _debug.MdscrEl1);
            cpu->System.OsLock = _debug.OsLock ? 1UL : 0UL;
        }
    }

    private void FlushCore(CpuState* cpu)
    {
        for (int i = 0; i < CoreRegisters.GeneralCount; i++)
        {
            cpu->X[i] = _core[i];
        }

        ProcessState.Write(cpu, (uint)_core.Pstate.Value);
        ProcessState.WriteSp(cpu, 0, _core.SpEl0);
        ProcessState.WriteSp(cpu, 1, _core.SpEl1);
        cpu->Pc = _core.Pc.Value;
    }

    private void FetchCore()
    {
        if ((_fetched & RegisterGroups.Core) != 0)
        {
            return;
        }

        CpuState* cpu = Processor.LiveState;
        for (int i = 0; i < CoreRegisters.GeneralCount; i++)
        {
            _core[i] = cpu->X[i];
        }

        _core.SpEl0 = ProcessState.ReadSp(cpu, 0);
        _core.SpEl1 = ProcessState.ReadSp(cpu, 1);
        _core.Pc = new Va(cpu->Pc);
        _core.Pstate = new Spsr(ProcessState.Read(cpu));
        _fetched |= RegisterGroups.Core;
    }

    private void FlushVector(CpuState* cpu)
    {
        for (int i = 0; i < VectorRegisters.Count; i++)
        {
            VectorRegister register = _vector[i];
            cpu->V[2 * i] = register.Low;
            cpu->V[(2 * i) + 1] = register.High;
        }

        cpu->Fpcr = _vector.Fpcr;
        cpu->Fpsr = _vector.Fpsr;
    }

    private void FetchVector()
    {
        if ((_fetched & RegisterGroups.Vector) != 0)
        {
            return;
        }

        CpuState* cpu = Processor.LiveState;
        for (int i = 0; i < VectorRegisters.Count; i++)
        {
            _vector[i] = new VectorRegister(cpu->V[2 * i], cpu->V[(2 * i) + 1]);
        }

        _vector.Fpcr = cpu->Fpcr;
        _vector.Fpsr = cpu->Fpsr;
        _fetched |= RegisterGroups.Vector;
    }

    private void FlushTranslation(CpuState* cpu)
    {
        cpu->System.SctlrEl1 = _translation.SctlrEl1;
        cpu->System.TcrEl1 = _translation.TcrEl1;
        cpu->System.Ttbr0El1 = _translation.Ttbr0El1;
        cpu->System.Ttbr1El1 = _translation.Ttbr1El1;
        cpu->System.MairEl1 = _translation.MairEl1;
        DerivedState.Update(cpu);
        FastTlb.Flush(cpu);
    }

    private void FetchTranslation()
    {
        if ((_fetched & RegisterGroups.Translation) != 0)
        {
            return;
        }

        ref SystemState system = ref Processor.LiveState->System;
        _translation.SctlrEl1 = system.SctlrEl1;
        _translation.TcrEl1 = system.TcrEl1;
        _translation.Ttbr0El1 = system.Ttbr0El1;
        _translation.Ttbr1El1 = system.Ttbr1El1;
        _translation.MairEl1 = system.MairEl1;
        _fetched |= RegisterGroups.Translation;
    }

    private void FetchException()
    {
        if ((_fetched & RegisterGroups.Exception) != 0)
        {
            return;
        }

        ref SystemState system = ref Processor.LiveState->System;
        _exception.VbarEl1 = system.VbarEl1;
        _exception.ElrEl1 = system.ElrEl1;
        _exception.SpsrEl1 = new Spsr(system.SpsrEl1);
        _exception.EsrEl1 = new Esr(system.EsrEl1);
        _exception.FarEl1 = system.FarEl1;
        _fetched |= RegisterGroups.Exception;
    }

    private void FetchDebug()
    {
        if ((_fetched & RegisterGroups.Debug) != 0)
        {
            return;
        }

        ref SystemState system = ref Processor.LiveState->System;
        _debug.MdscrEl1 = new Mdscr(system.MdscrEl1);
        _debug.OsLock = system.OsLock != 0;
        _fetched |= RegisterGroups.Debug;
    }
}
