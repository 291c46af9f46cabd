using System.Numerics;
using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.DataProcessing;

/// <summary>Flags := the condition holds ? those of Rn operator second operand : Ra in bits 3:0.</summary>
/// <typeparam name="T">uint for the 32-bit form, ulong for the 64-bit form.</typeparam>
/// <typeparam name="TCondition">The condition.</typeparam>
/// <typeparam name="TOperator">An operator that sets the flags.</typeparam>
/// <typeparam name="TSecond">The source of the second operand.</typeparam>
internal readonly unsafe struct ConditionalCompare<T, TCondition, TOperator, TSecond> : IOperation
    where T : unmanaged, IBinaryInteger<T>
    where TCondition : struct, ICondition
    where TOperator : struct, IOperator
    where TSecond : struct, ISecondOperand
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Operation* Execute(CpuState* cpu, Operation* operation)
    {
        if (TCondition.Holds(cpu))
        {
            TOperator.Apply(cpu, Registers.Read<T>(cpu, operation->Rn), TSecond.Get<T>(cpu, operation));
        }
        else
        {
            ProcessState.WriteFlags(cpu, (uint)operation->Ra << 28);
        }

        return operation + 1;
    }
}
