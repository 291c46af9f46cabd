using System.Numerics;
using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.Semantics;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.FloatingPoint;

/// <summary>Flags := the condition holds ? comparison of Vn with Vm : immediate: FCCMP and FCCMPE, where Ra is 1.</summary>
/// <typeparam name="TFormat">The format.</typeparam>
/// <typeparam name="TCondition">The condition.</typeparam>
internal readonly unsafe struct ScalarConditionalCompare<TFormat, TCondition> : ISimdOperation
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
            var context = new FpContext(cpu->Fpcr);
            ulong left = FpRegisters.Read<TFormat>(cpu, operation->Rn);
            ulong right = FpRegisters.Read<TFormat>(cpu, operation->Rm);
            flags = FpComparison<TFormat>.Compare(left, right, operation->Ra != 0, ref context);
            cpu->Fpsr |= context.Status;
        }

        ProcessState.WriteFlags(cpu, flags);
    }
}
