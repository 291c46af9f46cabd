using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations;

/// <summary>Leaves the fast loop before the operation that comes next, because the budget is spent.</summary>
internal unsafe struct SpentBudget : IOperation
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Operation* Execute(CpuState* cpu, Operation* operation)
    {
        Flow.Materialise(cpu, cpu->Current);
        cpu->LeaveReason = LeaveReason.Budget;
        return &cpu->LeaveOperation;
    }
}
