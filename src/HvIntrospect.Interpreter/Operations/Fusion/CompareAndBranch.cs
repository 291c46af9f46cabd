using System.Numerics;
using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.Operations.DataProcessing;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.Fusion;

/// <summary>CMP or SUBS, and the B.cond behind it: the condition is decided from the operands while the flags are stored for whoever reads them later.</summary>
/// <typeparam name="T">uint for the 32-bit form, ulong for the 64-bit form.</typeparam>
/// <typeparam name="TSecond">The source of the second operand.</typeparam>
/// <typeparam name="TComparison">The condition.</typeparam>
internal readonly unsafe struct CompareAndBranch<T, TSecond, TComparison> : IBranch
    where T : unmanaged, IBinaryInteger<T>
    where TSecond : struct, ISecondOperand
    where TComparison : struct, IComparison
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsTaken(CpuState* cpu, Operation* operation)
    {
        T left = Registers.Read<T>(cpu, operation->Rn);
        T right = TSecond.Get<T>(cpu, operation);
        Registers.Write(cpu, operation->Rd, Operators.SubtractSettingFlags.Apply(cpu, left, right));
        return TComparison.Holds(left, right);
    }
}
