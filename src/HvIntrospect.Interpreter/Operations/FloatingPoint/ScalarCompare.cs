using System.Numerics;
using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.Semantics;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.FloatingPoint;

/// <summary>Flags := comparison of Vn with Vm, or with zero when the immediate is 1: FCMP and FCMPE, where Ra is 1.</summary>
/// <typeparam name="TFormat">The format.</typeparam>
internal readonly unsafe struct ScalarCompare<TFormat> : ISimdOperation
    where TFormat : struct, IFpFormat
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute(CpuState* cpu, Operation* operation)
    {
        var context = new FpContext(cpu->Fpcr);
        ulong right = operation->Immediate != 0 ? 0 : FpRegisters.Read<TFormat>(cpu, operation->Rm);
        ulong left = FpRegisters.Read<TFormat>(cpu, operation->Rn);
        ProcessState.WriteFlags(cpu, FpComparison<TFormat>.Compare(left, right, operation->Ra != 0, ref context));
        cpu->Fpsr |= context.Status;
    }
}
