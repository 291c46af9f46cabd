namespace HvIntrospect.Introspection;

/// <summary>The access that a vCPU is making, and the one before that could not be finished.</summary>
/// <remarks>
/// <para>An unfinished access is kept for exactly the state in which the vCPU stopped: the same instruction with the same registers is the same access. It
/// is forgotten as soon as the vCPU comes back in another state, unless it has only taken an exception there, as an interrupt that waited for it to
/// resume.</para>
/// <para>Touched only by the thread that handles the vCPU.</para>
/// </remarks>
internal sealed class AccessRecords
{
    private AccessRecord _kept = new();

    /// <summary>Gets the record of the access that is being made.</summary>
    public AccessRecord Current { get; private set; } = new();

    /// <summary>Gets a value indicating whether some access is unfinished.</summary>
    public bool HasKept { get; private set; }

    /// <summary>Begins an access, or goes on with the unfinished one if it is the same.</summary>
    /// <param name="core">The vCPU's registers.</param>
    /// <param name="opcode">The instruction word.</param>
    public void Begin(in CoreRegisters core, uint opcode)
    {
        if (HasKept && _kept.IsOf(core, opcode))
        {
            Swap();
            HasKept = false;
        }
        else
        {
            Current.Start(opcode);
        }
    }

    /// <summary>Ends the handling of an access: keeps it when it is unfinished.</summary>
    /// <param name="core">The vCPU's registers, as it will come back.</param>
    public void End(in CoreRegisters core)
    {
        if (Current.IsBegun)
        {
            Current.KeepFor(core);
            Swap();
            HasKept = true;
        }
    }

    /// <summary>Lets the unfinished access of a vCPU in one state be that of the vCPU in another one.</summary>
    /// <param name="from">The registers for which it was kept; for others nothing happens.</param>
    /// <param name="to">The registers for which it is to be kept.</param>
    public void Move(in CoreRegisters from, in CoreRegisters to)
    {
        if (HasKept && _kept.IsAt(from))
        {
            _kept.KeepFor(to);
        }
    }

    /// <summary>Forgets the unfinished access if the vCPU is no longer on its way to finish it.</summary>
    /// <param name="vcpu">The vCPU, stopped.</param>
    public void Expire(IVcpu vcpu)
    {
        if (HasKept && !_kept.IsAt(vcpu.Core) && !_kept.IsInterrupted(vcpu))
        {
            HasKept = false;
        }
    }

    /// <summary>Tells whether a stop is pending where a vCPU is.</summary>
    /// <param name="core">Its registers.</param>
    /// <returns>True once; the stop is no longer pending then.</returns>
    public bool TakeStop(in CoreRegisters core)
    {
        if (!HasKept || !_kept.IsStopPending || !_kept.IsAt(core))
        {
            return false;
        }

        _kept.IsStopPending = false;
        return true;
    }

    /// <summary>Tells whether a vCPU is to stop before it makes the access that it stands at.</summary>
    /// <param name="core">Its registers.</param>
    /// <returns>True while the stop is pending.</returns>
    public bool IsStopPendingAt(in CoreRegisters core) => HasKept && _kept.IsStopPending && _kept.IsAt(core);

    /// <summary>Forgets everything, because the guest has executed the instruction itself.</summary>
    public void Clear() => HasKept = false;

    private void Swap() => (Current, _kept) = (_kept, Current);
}
