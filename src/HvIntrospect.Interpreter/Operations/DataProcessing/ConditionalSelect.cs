using System.Numerics;
using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.DataProcessing;

/// <summary>Rd := the condition holds ? Rn : operator Rm.</summary>
/// <typeparam name="T">uint for the 32-bit form, ulong for the 64-bit form.</typeparam>
/// <typeparam name="TCondition">The condition.</typeparam>
/// <typeparam name="TElse">What becomes of Rm.</typeparam>
internal readonly unsafe struct ConditionalSelect<T, TCondition, TElse> : IOperation
    where T : unmanaged, IBinaryInteger<T>
    where TCondition : struct, ICondition
    where TElse : struct, IUnaryOperator
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Operation* Execute(CpuState* cpu, Operation* operation)
    {
        T chosen = Registers.Read<T>(cpu, operation->Rn);
        T other = TElse.Apply(Registers.Read<T>(cpu, operation->Rm));
        Registers.Write(cpu, operation->Rd, TCondition.Holds(cpu) ? chosen : other);
        return operation + 1;
    }
}
