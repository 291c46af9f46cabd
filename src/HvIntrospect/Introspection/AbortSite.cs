namespace HvIntrospect.Introspection;

/// <summary>Where an abort happened.</summary>
internal readonly struct AbortSite
{
    /// <summary>Collects what belongs to an exit.</summary>
    /// <param name="vcpu">The vCPU.</param>
    /// <param name="state">What is remembered of it.</param>
    /// <param name="exit">The exit.</param>
    public AbortSite(IVcpu vcpu, VcpuState state, in VcpuExit exit)
    {
        Vcpu = vcpu;
        State = state;
        Pc = vcpu.Core.Pc;
        Esr = exit.Esr.Value;
        Far = exit.HasFar ? exit.Far : default;
    }

    private AbortSite(in AbortSite site)
    {
        Vcpu = site.Vcpu;
        State = site.State;
        Pc = site.Vcpu.Core.Pc;
        Esr = site.Esr;
    }

    public IVcpu Vcpu { get; }

    public VcpuState State { get; }

    public Va Pc { get; }

    public ulong Esr { get; }

    /// <summary>Gets FAR, 0 when it is not known.</summary>
    public Va Far { get; }

    /// <summary>Gets the same exit with the vCPU at a later instruction, of which the exit tells nothing.</summary>
    public AbortSite Moved => new(this);
}
