using HvIntrospect.Interception;

namespace HvIntrospect.Introspection;

/// <summary>The access that one vCPU is making: what everybody who has a part in it must know.</summary>
/// <remarks>One for each vCPU, used again for its next access, so that none is allocated. Touched only by the thread that handles the vCPU.</remarks>
internal sealed class CurrentAccess
{
    private const int LastLevel = 3;

    private readonly bool[] _isMemory = new bool[2];
    private readonly int[] _level = new int[2];
    private readonly bool[] _isTagged = new bool[2];

    /// <summary>Makes the access of a vCPU.</summary>
    /// <param name="services">What is shared.</param>
    /// <param name="state">What is remembered of the vCPU.</param>
    /// <param name="vcpu">The vCPU.</param>
    public CurrentAccess(Services services, VcpuState state, IVcpu vcpu)
    {
        Services = services;
        State = state;
        Vcpu = vcpu;
    }

    /// <summary>Gets what is shared.</summary>
    public Services Services { get; }

    /// <summary>Gets what is remembered of the vCPU.</summary>
    public VcpuState State { get; }

    /// <summary>Gets the vCPU; its registers are those before the instruction.</summary>
    public IVcpu Vcpu { get; private set; }

    /// <summary>Gets the view in which the access is made.</summary>
    public GuestView View => State.View;

    /// <summary>Gets the instruction's address.</summary>
    public Va Pc { get; private set; }

    /// <summary>Gets the instruction word; 0 when it is not known.</summary>
    public uint Opcode { get; private set; }

    /// <summary>Gets why the access was refused.</summary>
    public Refusal Refusal { get; private set; }

    /// <summary>Gets what has been done for it.</summary>
    public AccessRecord Record => State.Records.Current;

    /// <summary>Begins an access, or goes on with the unfinished one if it is the same.</summary>
    /// <param name="vcpu">The vCPU.</param>
    /// <param name="opcode">The instruction word; 0 when it is not known.</param>
    public void Begin(IVcpu vcpu, uint opcode)
    {
        Vcpu = vcpu;
        Pc = vcpu.Core.Pc;
        Opcode = opcode;
        Refusal = default;
        State.Records.Begin(vcpu.Core, opcode);
    }

    /// <summary>Ends the handling of the access: what was done is kept when it is unfinished.</summary>
    public void End() => State.Records.End(Vcpu.Core);

    /// <summary>Forgets what was done, because the access is finished or will not be made.</summary>
    public void Finish() => Record.Clear();

    /// <summary>Notes why the access is refused.</summary>
    /// <param name="reason">The reason.</param>
    /// <returns>False, for whoever tells so that there is no access.</returns>
    public bool Refuse(in Refusal reason)
    {
        Refusal = reason;
        return false;
    }

    /// <summary>Notes where a page of the access lies.</summary>
    /// <param name="page">0 or 1.</param>
    /// <param name="isMemory">False when it is a device's or nobody's.</param>
    /// <param name="level">The level of its translation; 0 while Stage 1 is off, where there is none to report and an injected Permission fault says 3.</param>
    /// <param name="isTagged">True for memory with Allocation Tags.</param>
    public void Place(int page, bool isMemory, int level = 0, bool isTagged = false)
    {
        _isTagged[page] = isTagged;
        _isMemory[page] = isMemory;
        _level[page] = level == 0 ? LastLevel : level;
    }

    /// <summary>Tells whether a page is memory.</summary>
    /// <param name="page">0 or 1.</param>
    /// <returns>False when it is a device's or nobody's.</returns>
    public bool IsMemory(int page) => _isMemory[page];

    /// <summary>Tells whether a page is memory with Allocation Tags.</summary>
    /// <param name="page">0 or 1.</param>
    /// <returns>True for Tagged Normal memory.</returns>
    public bool IsTagged(int page) => _isTagged[page];

    /// <summary>Gets the level that a Permission fault of a page reports.</summary>
    /// <param name="page">0 or 1.</param>
    /// <returns>0 to 3.</returns>
    public int LevelOf(int page) => _level[page];

    /// <summary>Reports something about the access.</summary>
    /// <param name="kind">What.</param>
    /// <param name="address">Where.</param>
    /// <param name="detail">More of it.</param>
    public void Report(IntrospectionReportKind kind, Ipa address, string detail) =>
        Services.Reporter.Report(kind, State.Index, Pc, address, Opcode, detail);

    /// <summary>Tells that an event was not true, if there was one.</summary>
    /// <param name="address">Where.</param>
    /// <param name="detail">What happened instead.</param>
    public void ReportRace(Ipa address, string detail)
    {
        if (Record.IsBegun)
        {
            Report(IntrospectionReportKind.RacedStore, address, detail);
        }
    }
}
