using System.Numerics;
using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.DataProcessing;

/// <summary>Rd := immediate.</summary>
internal readonly unsafe struct Constant : IOperation
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Operation* Execute(CpuState* cpu, Operation* operation)
    {
        Registers.X(cpu, operation->Rd) = (ulong)operation->Immediate;
        return operation + 1;
    }
}
