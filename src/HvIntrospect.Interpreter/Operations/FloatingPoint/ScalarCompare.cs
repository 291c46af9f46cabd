using System.Numerics;
using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.Semantics;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.FloatingPoint;

/// <summary>Flags := comparison of Vn with Vm, or with zero when the immediate is 1: FCMP and FCMPE, where Ra is 1.</summary>
/// <typeparam name="T">float or double.</typeparam>
/// <typeparam name="TFormat">The format of <typeparamref name="T"/>.</typeparam>
internal readonly unsafe struct ScalarCompare<T, TFormat> : ISimdOperation
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TFormat : struct, IFpFormat
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute(CpuState* cpu, Operation* operation)
    {
        T left = Registers.Read<T>(cpu, operation->Rn);
        T right = operation->Immediate != 0 ? T.Zero : Registers.Read<T>(cpu, operation->Rm);
        ProcessState.WriteFlags(cpu, ScalarComparison.Compare<T, TFormat>(cpu, left, right, operation->Ra != 0));
    }
}
