using System.Numerics;
using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.Semantics;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.FloatingPoint;

/// <summary>Flags := the condition holds ? comparison of Vn with Vm : immediate: FCCMP and FCCMPE, where Ra is 1.</summary>
/// <typeparam name="T">float or double.</typeparam>
/// <typeparam name="TFormat">The format of <typeparamref name="T"/>.</typeparam>
/// <typeparam name="TCondition">The condition.</typeparam>
internal readonly unsafe struct ScalarConditionalCompare<T, TFormat, TCondition> : ISimdOperation
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TFormat : struct, IFpFormat
    where TCondition : struct, ICondition
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute(CpuState* cpu, Operation* operation)
    {
        uint flags = (uint)operation->Immediate;
        if (TCondition.Holds(cpu))
        {
            T left = Registers.Read<T>(cpu, operation->Rn);
            T right = Registers.Read<T>(cpu, operation->Rm);
            flags = ScalarComparison.Compare<T, TFormat>(cpu, left, right, operation->Ra != 0);
        }

        ProcessState.WriteFlags(cpu, flags);
    }
}
