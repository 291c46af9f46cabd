using System;
using System.Runtime.InteropServices;
using HvIntrospect.A64;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.Operations;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter;

/// <summary>Executes a word that need not be in memory, with the handlers of the machine.</summary>
/// <remarks>The word is bound in a page of its own that is put under the vCPU's PC for the time of one instruction. It counts in the place of the one that trapped.</remarks>
internal sealed unsafe class InstructionExecutor : IInstructionExecutor, IDisposable
{
    private readonly Machine _machine;
    private readonly DecodedPages _pages;
    private readonly byte[] _saved = new byte[CpuState.FirstHostField];
    private Operation* _page;

    /// <summary>Initialises an executor.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="pages">Its decoded pages, whose binders and dispatcher are used.</param>
    public InstructionExecutor(Machine machine, DecodedPages pages)
    {
        _machine = machine;
        _pages = pages;
        _page = (Operation*)NativeMemory.AllocZeroed(Flow.PageLength + 1, Operation.Size);
    }

    /// <summary>Frees what a forgotten <see cref="Dispose"/> left.</summary>
    ~InstructionExecutor()
    {
        Free();
    }

    /// <inheritdoc/>
    public InstructionExecution Execute(IVcpu vcpu, uint instruction)
    {
        ArgumentNullException.ThrowIfNull(vcpu);
        Vcpu own = _machine.Vcpus[vcpu.Index];

        // The instruction may reach a handler, so the thread counts as one that executes the vCPU.
        _machine.Gate.EnterForOne(own);
        own.Processor.IsRunning = true;
        try
        {
            return Execute(own, instruction);
        }
        finally
        {
            _machine.Leave(own);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private InstructionExecution Execute(Vcpu own, uint instruction)
    {
        own.Flush();
        CpuState* cpu = own.Processor.LiveState;
        int index = (int)(cpu->Pc >> 2) & (Flow.PageLength - 1);
        Operation* operation = _page + index;
        DecodeStatus status = _pages.Bind(operation, index, instruction);
        if (operation->HandlerId == Handler<Undefined>.Id)
        {
            return status == DecodeStatus.Allocated ? InstructionExecution.Unsupported : InstructionExecution.Exception;
        }

        new ReadOnlySpan<byte>(cpu, _saved.Length).CopyTo(_saved);
        ulong exceptions = cpu->ExceptionsTaken;
        ulong retired = cpu->Retired;
        LeaveReason reason = cpu->LeaveReason;
        cpu->PageOperations = _page;
        cpu->PageVa = cpu->Pc & ~0xFFFUL;
        own.Processor.Perform(operation);
        cpu->LeaveReason = reason;
        if (cpu->ExceptionsTaken != exceptions)
        {
            _saved.CopyTo(new Span<byte>(cpu, _saved.Length));
            DerivedState.Update(cpu);
            return InstructionExecution.Exception;
        }

        // The trap that the word is executed for has not counted it yet.
        cpu->Retired = retired + cpu->IsTrapped;
        cpu->IsTrapped = 0;
        return InstructionExecution.Completed;
    }

    private void Free()
    {
        NativeMemory.Free(_page);
        _page = null;
    }
}
