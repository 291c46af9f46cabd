using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.SystemInstructions;

/// <summary>ESB.</summary>
internal unsafe struct SynchroniseErrors : IOperation
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Operation* Execute(CpuState* cpu, Operation* operation) => Hints.SynchroniseErrors(cpu, operation);
}
