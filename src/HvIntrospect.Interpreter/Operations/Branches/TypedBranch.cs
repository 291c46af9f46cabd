using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.Exceptions;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.Branches;

/// <summary>BR and BLR on a core with FEAT_BTI, which leave a branch type behind. Ra is not 0 for BLR.</summary>
/// <remarks>The fast loop knows no branch type: it is left, so that the instruction at the target is executed by itself.</remarks>
internal unsafe struct TypedBranch : IOperation
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Operation* Execute(CpuState* cpu, Operation* operation) =>
        Go(cpu, operation, Registers.X(cpu, operation->Rn), isCall: operation->Ra != 0);

    /// <summary>Takes the branch.</summary>
    /// <param name="cpu">The state.</param>
    /// <param name="operation">The branch; bits 9:5 of its word name the register of the target.</param>
    /// <param name="target">The target.</param>
    /// <param name="isCall">True for BLR and its kin, which write X30.</param>
    /// <returns>The next operation.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Operation* Go(CpuState* cpu, Operation* operation, ulong target, bool isCall)
    {
        Flow.Materialise(cpu, operation);
        BranchTargets.SetType(cpu, isCall, (int)WordFields.Rn(operation->Word));
        cpu->X[30] = isCall ? cpu->Pc + 4 : cpu->X[30];
        cpu->Retired++;
        cpu->Pc = ProcessState.BranchAddress(cpu, target);
        cpu->LeaveReason = LeaveReason.Events;
        return Flow.Resume(cpu);
    }
}
