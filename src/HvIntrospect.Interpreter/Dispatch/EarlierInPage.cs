using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Dispatch;

/// <summary>A branch target before the branch in its page, or the branch itself.</summary>
internal unsafe struct EarlierInPage : IBranchTarget
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Operation* Take(CpuState* cpu, Operation* operation) => Flow.Branch(cpu, operation);
}
