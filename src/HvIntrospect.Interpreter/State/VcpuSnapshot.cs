using System;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.Mmu;

namespace HvIntrospect.Interpreter.State;

/// <summary>The state of one vCPU at one moment: everything of <see cref="CpuState"/> that is not of the host, how it was left, and its TLBs.</summary>
internal sealed unsafe class VcpuSnapshot
{
    private readonly byte[] _registers;
    private readonly LeaveReason _leaveReason;
    private readonly PendingExit _exit;
    private readonly ulong _exceptionsTaken;
    private readonly ArchitecturalTranslator.Entries _entries;

    /// <summary>Copies the state of a stopped vCPU.</summary>
    /// <param name="cpu">The state.</param>
    /// <param name="translator">The MMU.</param>
    public VcpuSnapshot(CpuState* cpu, ArchitecturalTranslator translator)
    {
        _registers = new ReadOnlySpan<byte>(cpu, CpuState.FirstHostField).ToArray();
        _leaveReason = cpu->LeaveReason;
        _exit = cpu->Exit;
        _exceptionsTaken = cpu->ExceptionsTaken;
        _entries = translator.Save();
    }

    /// <summary>Makes it the state of the stopped vCPU again.</summary>
    /// <param name="cpu">The state.</param>
    /// <param name="translator">The MMU.</param>
    /// <param name="withTlbs">False to leave the TLBs empty.</param>
    public void Restore(CpuState* cpu, ArchitecturalTranslator translator, bool withTlbs)
    {
        // The host's pointers among the architectural state stay.
        var to = new Span<byte>(cpu, CpuState.FirstHostField);
        _registers.AsSpan(0, CpuState.HotHostFields).CopyTo(to);
        _registers.AsSpan(CpuState.VectorOffset).CopyTo(to[CpuState.VectorOffset..]);
        cpu->LeaveReason = _leaveReason;
        cpu->Exit = _exit;
        cpu->ExceptionsTaken = _exceptionsTaken;
        translator.Restore(withTlbs ? _entries : null);
        DerivedState.Update(cpu);
        FastTlb.Flush(cpu);
    }
}
