using System.Numerics;
using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.Operations.DataProcessing;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.Fusion;

/// <summary>TST or ANDS, and the B.cond behind it.</summary>
/// <typeparam name="T">uint for the 32-bit form, ulong for the 64-bit form.</typeparam>
/// <typeparam name="TSecond">The source of the second operand.</typeparam>
/// <typeparam name="TComparison">The condition, of the result and 0.</typeparam>
internal readonly unsafe struct TestAndBranch<T, TSecond, TComparison> : IBranch
    where T : unmanaged, IBinaryInteger<T>
    where TSecond : struct, ISecondOperand
    where TComparison : struct, IComparison
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsTaken(CpuState* cpu, Operation* operation)
    {
        T result = Operators.AndSettingFlags.Apply(cpu, Registers.Read<T>(cpu, operation->Rn), TSecond.Get<T>(cpu, operation));
        Registers.Write(cpu, operation->Rd, result);
        return TComparison.Holds(result, T.Zero);
    }
}
