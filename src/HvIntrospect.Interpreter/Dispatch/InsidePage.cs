using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Dispatch;

/// <summary>A branch target in the page of the branch.</summary>
internal unsafe struct InsidePage : IBranchTarget
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Operation* Take(CpuState* cpu, Operation* operation) => Flow.Branch(cpu, operation);
}
