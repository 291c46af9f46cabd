using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations;

/// <summary>Goes to an address that needs a translation, or leaves because the budget is spent.</summary>
internal unsafe struct SlowJump : IOperation
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Operation* Execute(CpuState* cpu, Operation* operation)
    {
        cpu->Retired = Flow.RetiredBy(cpu, cpu->Current);
        cpu->Pc = ProcessState.BranchAddress(cpu, cpu->JumpTarget);
        return Flow.Resume(cpu);
    }
}
