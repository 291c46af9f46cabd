using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Dispatch;

/// <summary>A branch target in another page than the branch.</summary>
internal unsafe struct OutsidePage : IBranchTarget
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Operation* Take(CpuState* cpu, Operation* operation) =>
        Flow.Jump(cpu, operation, cpu->PageVa + (ulong)operation->Immediate);
}
