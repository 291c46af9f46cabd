using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Dispatch;

/// <summary>A branch target behind the branch in its page.</summary>
internal unsafe struct LaterInPage : IBranchTarget
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Operation* Take(CpuState* cpu, Operation* operation) => Flow.BranchForward(cpu, operation);
}
