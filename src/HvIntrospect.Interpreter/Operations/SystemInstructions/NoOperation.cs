using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.SystemInstructions;

/// <summary>An instruction without an effect here: most hints, and barriers, because every access is complete when the next instruction starts.</summary>
internal unsafe struct NoOperation : IOperation
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Operation* Execute(CpuState* cpu, Operation* operation) => operation + 1;
}
