using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations;

/// <summary>A word that was not executed since it was written: decodes it and performs what it has become.</summary>
internal unsafe struct Undecoded : IOperation
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Operation* Execute(CpuState* cpu, Operation* operation)
    {
        Processor.Of(cpu).Pages.Decode(operation, Flow.Index(cpu, operation));
        return operation;
    }
}
