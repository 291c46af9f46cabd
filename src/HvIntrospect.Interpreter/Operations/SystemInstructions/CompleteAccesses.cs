using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.SystemInstructions;

/// <summary>DSB. Accesses are complete when the next instruction starts; maintenance of the instruction cache is complete only now.</summary>
internal unsafe struct CompleteAccesses : IOperation
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Operation* Execute(CpuState* cpu, Operation* operation)
    {
        Processor.Of(cpu).Pages.CompleteMaintenance();
        return operation + 1;
    }
}
