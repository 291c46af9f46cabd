using System.Numerics;
using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.DataProcessing;

/// <summary>Rd := Rn operator second operand.</summary>
/// <typeparam name="T">uint for the 32-bit form, ulong for the 64-bit form.</typeparam>
/// <typeparam name="TOperator">The operator.</typeparam>
/// <typeparam name="TSecond">The source of the second operand.</typeparam>
internal readonly unsafe struct Binary<T, TOperator, TSecond> : IOperation
    where T : unmanaged, IBinaryInteger<T>
    where TOperator : struct, IOperator
    where TSecond : struct, ISecondOperand
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Operation* Execute(CpuState* cpu, Operation* operation)
    {
        T left = Registers.Read<T>(cpu, operation->Rn);
        Registers.Write(cpu, operation->Rd, TOperator.Apply(cpu, left, TSecond.Get<T>(cpu, operation)));
        return operation + 1;
    }
}
