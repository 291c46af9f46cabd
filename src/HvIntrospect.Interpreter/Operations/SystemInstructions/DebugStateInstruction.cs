using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.Exceptions;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.SystemInstructions;

/// <summary>HLT, DCPS1 to DCPS3 and DRPS: UNDEFINED, because halting is prohibited and this is not Debug state.</summary>
internal unsafe struct DebugStateInstruction : IOperation
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Operation* Execute(CpuState* cpu, Operation* operation) => ExceptionEntry.Undefined(cpu, operation);
}
