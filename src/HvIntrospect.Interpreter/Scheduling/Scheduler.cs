using System;
using System.Numerics;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Scheduling;

/// <summary>Runs all vCPUs of a <see cref="Machine"/> on the calling thread, in slices whose order and length are chosen by a seed.</summary>
/// <remarks>
/// <para>The interleaving is a pure function of the state, the inputs and the seed, to the instruction: it does not depend on the host, on where runs are cut
/// into parts, or on where snapshots are taken. A snapshot holds whose turn it is.</para>
/// <para>There is one guest time: while one vCPU executes, it passes for the others too, so that their counters agree. A vCPU that waits (WFI, WFE) gives its slice up; when all
/// wait, time goes on to the next moment that may wake one. An input is taken when its vCPU has its turn or waits.</para>
/// <para>Not thread-safe, but for what <see cref="Machine"/> allows from other threads while a vCPU runs; <see cref="Vcpu.RequestExit"/> of any vCPU ends the run. Do not use it
/// while other threads run vCPUs of the machine.</para>
/// </remarks>
public sealed unsafe class Scheduler
{
    private readonly Machine _machine;
    private int _current;
    private ulong _sliceEnd;
    private ulong _choices;

    internal Scheduler(Machine machine)
    {
        _machine = machine;

        // So that the first vCPU has the first turn, where they take turns.
        _current = machine.Vcpus.Count - 1;
        Reseed(machine.Options.Seed);
    }

    /// <summary>Gets or sets who is told of each slice when it begins; null, as at first, for nobody. It must not change the machine.</summary>
    public Action<ScheduledSlice>? SliceObserver { get; set; }

    /// <summary>Gets how many instructions all vCPUs have executed together.</summary>
    public ulong RetiredInstructions
    {
        get
        {
            ulong sum = 0;
            foreach (Vcpu vcpu in _machine.Vcpus)
            {
                sum += vcpu.RetiredInstructions;
            }

            return sum;
        }
    }

    /// <summary>Gets the guest time, in instructions: the largest <see cref="Vcpu.ElapsedInstructions"/>. A vCPU that is not executing catches up when it has its turn.</summary>
    public ulong ElapsedInstructions
    {
        get
        {
            ulong latest = 0;
            foreach (Vcpu vcpu in _machine.Vcpus)
            {
                latest = Math.Max(latest, vcpu.ElapsedInstructions);
            }

            return latest;
        }
    }

    /// <summary>Goes on with other choices than those of <see cref="MachineOptions.Seed"/>: from one snapshot, another interleaving for each seed. The slice that has begun ends.</summary>
    /// <param name="seed">The seed, or null for slices of equal length by turns.</param>
    public void Reseed(ulong? seed)
    {
        _choices = seed is ulong value ? SeededChoice.Start(value, MachineOptions.MaximumVcpus) : 0;
        _sliceEnd = 0;
    }

    /// <summary>Runs the vCPUs until one of them has an exit.</summary>
    /// <param name="maxInstructions">The number of instructions, of all vCPUs together, after which the run ends with <see cref="VcpuExitKind.Canceled"/>, exactly.</param>
    /// <param name="vcpu">The vCPU whose exit it is; at the limit, the one whose turn it is.</param>
    /// <returns>
    /// The exit. <see cref="VcpuExitKind.Halted"/> when all vCPUs are off or wait for something that only comes from outside, or the one for which the others are paused (<see cref="IPauseAll"/>) does; <see cref="VcpuExitKind.Canceled"/> at the limit, when a
    /// vCPU was asked to exit, and when a physical interrupt is pending that is EL2's.
    /// </returns>
    /// <exception cref="ObjectDisposedException">The machine is disposed.</exception>
    /// <exception cref="InvalidOperationException">The call comes from a handler that was called while a vCPU runs.</exception>
    public VcpuExit Run(ulong maxInstructions, out Vcpu vcpu)
    {
        _machine.ThrowIfDisposed();
        _machine.Gate.ThrowIfRunning();
        ulong retired = 0;
        foreach (Vcpu each in _machine.Vcpus)
        {
            each.Flush();
            retired += StateOf(each)->Retired;
        }

        ulong left = Math.Min(maxInstructions, ulong.MaxValue - retired);
        while (true)
        {
            vcpu = _machine.Vcpus[_current];
            if (left == 0 || TryTakeExitRequest(ref vcpu))
            {
                return VcpuExit.FromCode(VcpuExitKind.Canceled);
            }

            // While EL2 has paused the others, to step this one, its slice does not end, and nobody executes while it waits.
            bool isAlone = _machine.Gate.IsAlone(vcpu);
            CpuState* cpu = StateOf(vcpu);
            if (!isAlone && (cpu->Retired >= _sliceEnd || !MayRun(vcpu, IdleTime.Moment(cpu))))
            {
                if (!TryBeginSlice())
                {
                    return VcpuExit.FromCode(VcpuExitKind.Halted);
                }

                continue;
            }

            ulong before = cpu->Retired;
            ulong length = Math.Min(left, Math.Max(_sliceEnd, before + (isAlone ? 1UL : 0UL)) - before);
            VcpuExit exit = _machine.Execute(vcpu, length, skipsIdle: isAlone);
            ulong executed = cpu->Retired - before;
            left -= Math.Min(left, executed);
            if (exit.Kind is not (VcpuExitKind.Halted or VcpuExitKind.Canceled) || (exit.Kind == VcpuExitKind.Canceled && executed < length) || (exit.Kind == VcpuExitKind.Halted && isAlone))
            {
                return exit;
            }
        }
    }

    /// <summary>Runs the vCPUs and has their exits decided.</summary>
    /// <param name="handler">Decides each exit, but none of the kinds <see cref="VcpuExitKind.Canceled"/> and <see cref="VcpuExitKind.Halted"/>: those end the run.</param>
    /// <param name="maxInstructions">
    /// The number of instructions, of all vCPUs together, after which the run ends, exactly. A guest that faults in its own exception vectors, each fault an exit whose injection leads to
    /// the next, executes none: <paramref name="handler"/> sees <see cref="RetiredInstructions"/> stay, and may end the run.
    /// </param>
    /// <returns>The exit that ended the run.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="handler"/> is null.</exception>
    /// <exception cref="ObjectDisposedException">The machine is disposed.</exception>
    /// <exception cref="InvalidOperationException">The call comes from a handler that was called while a vCPU runs.</exception>
    public VcpuExit Run(ScheduledExitHandler handler, ulong maxInstructions = ulong.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(handler);
        ulong first = RetiredInstructions;
        while (true)
        {
            VcpuExit exit = Run(maxInstructions - Math.Min(maxInstructions, RetiredInstructions - first), out Vcpu vcpu);
            if (exit.Kind is VcpuExitKind.Canceled or VcpuExitKind.Halted || !handler(vcpu, exit))
            {
                return exit;
            }
        }
    }

    /// <summary>Remembers the state.</summary>
    /// <returns>The state.</returns>
    internal Turn Save() => new(_current, _sliceEnd, _choices);

    /// <summary>Goes back to a state.</summary>
    /// <param name="turn">The state.</param>
    internal void Restore(Turn turn) => (_current, _sliceEnd, _choices) = turn;

    private static CpuState* StateOf(Vcpu vcpu) => vcpu.Processor.State;

    /// <summary>Tells whether a vCPU can execute at a moment. One that waits looks at what it waits for.</summary>
    private static bool MayRun(Vcpu vcpu, ulong moment)
    {
        CpuState* cpu = StateOf(vcpu);
        if (cpu->System.Waiting is IdleTime.Nothing or IdleTime.Power)
        {
            return cpu->System.Waiting == IdleTime.Nothing;
        }

        IdleTime.PassUntil(cpu, moment);
        IdleTime.Look(vcpu.Processor);
        return IdleTime.IsOver(cpu);
    }

    private bool TryTakeExitRequest(ref Vcpu taken)
    {
        foreach (Vcpu vcpu in _machine.Vcpus)
        {
            if (vcpu.TakeExitRequest())
            {
                taken = vcpu;
                return true;
            }
        }

        return false;
    }

    /// <summary>Chooses who executes from now on, and for how long; lets time pass while nobody can.</summary>
    private bool TryBeginSlice()
    {
        ulong now = 0;
        foreach (Vcpu vcpu in _machine.Vcpus)
        {
            now = Math.Max(now, IdleTime.Moment(StateOf(vcpu)));
        }

        ulong able;
        while ((able = WhoMayRun(now)) == 0)
        {
            now = NextMoment(now);
            if (now == ulong.MaxValue)
            {
                return false;
            }
        }

        ulong others = able & ~(1UL << _current);
        _current = others == 0 ? _current : Choose(others);
        ulong length = ChooseLength();
        CpuState* cpu = StateOf(_machine.Vcpus[_current]);
        IdleTime.PassUntil(cpu, now);
        _sliceEnd = cpu->Retired + length;
        SliceObserver?.Invoke(new ScheduledSlice(_current, now, length));
        return true;
    }

    private ulong WhoMayRun(ulong now)
    {
        ulong able = 0;
        foreach (Vcpu vcpu in _machine.Vcpus)
        {
            able |= MayRun(vcpu, now) ? 1UL << vcpu.Index : 0;
        }

        return able;
    }

    private ulong NextMoment(ulong now)
    {
        ulong next = ulong.MaxValue;
        foreach (Vcpu vcpu in _machine.Vcpus)
        {
            if (!vcpu.IsPoweredOn)
            {
                continue;
            }

            // What was taken for one vCPU may have reached another one, through a device.
            if (IdleTime.HasNews(vcpu.Processor))
            {
                return now;
            }

            next = Math.Min(next, IdleTime.NextMoment(vcpu.Processor, IdleTime.Look(vcpu.Processor)));
        }

        return next;
    }

    private int Choose(ulong vcpus)
    {
        if (_choices == 0)
        {
            ulong above = vcpus & (ulong.MaxValue << _current);
            return BitOperations.TrailingZeroCount(above != 0 ? above : vcpus);
        }

        for (int skipped = SeededChoice.Next(ref _choices, BitOperations.PopCount(vcpus)); skipped > 0; skipped--)
        {
            vcpus &= vcpus - 1;
        }

        return BitOperations.TrailingZeroCount(vcpus);
    }

    private ulong ChooseLength()
    {
        ulong maximum = _machine.Options.MaximumSlice;
        if (_choices == 0)
        {
            return maximum;
        }

        int magnitude = SeededChoice.Next(ref _choices, BitOperations.Log2(maximum) + 1);
        return Math.Min(maximum, (1UL << magnitude) + (ulong)SeededChoice.Next(ref _choices, 1 << magnitude));
    }
}
