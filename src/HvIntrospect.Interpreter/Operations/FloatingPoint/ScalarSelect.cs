using System.Numerics;
using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.Semantics;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.FloatingPoint;

/// <summary>Vd := the condition holds ? Vn : Vm, scalars: FCSEL.</summary>
/// <typeparam name="TFormat">The format.</typeparam>
/// <typeparam name="TCondition">The condition.</typeparam>
internal readonly unsafe struct ScalarSelect<TFormat, TCondition> : ISimdOperation
    where TFormat : struct, IFpFormat
    where TCondition : struct, ICondition
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute(CpuState* cpu, Operation* operation)
    {
        ulong chosen = FpRegisters.Read<TFormat>(cpu, operation->Rn);
        ulong other = FpRegisters.Read<TFormat>(cpu, operation->Rm);
        FpRegisters.Write(cpu, operation->Rd, TCondition.Holds(cpu) ? chosen : other);
    }
}
