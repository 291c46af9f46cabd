using System.Numerics;
using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.DataProcessing;

/// <summary>Rd := operator Rn.</summary>
/// <typeparam name="T">uint for the 32-bit form, ulong for the 64-bit form.</typeparam>
/// <typeparam name="TOperator">The operator.</typeparam>
internal readonly unsafe struct Unary<T, TOperator> : IOperation
    where T : unmanaged, IBinaryInteger<T>
    where TOperator : struct, IUnaryOperator
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Operation* Execute(CpuState* cpu, Operation* operation)
    {
        Registers.Write(cpu, operation->Rd, TOperator.Apply(Registers.Read<T>(cpu, operation->Rn)));
        return operation + 1;
    }
}
