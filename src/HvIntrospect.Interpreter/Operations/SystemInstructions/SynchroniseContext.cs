using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.SystemInstructions;

/// <summary>ISB.</summary>
internal unsafe struct SynchroniseContext : IOperation
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Operation* Execute(CpuState* cpu, Operation* operation)
    {
        Processor.Of(cpu).Pages.Synchronise(cpu);
        return Flow.NextAfterSync(cpu, operation);
    }
}
