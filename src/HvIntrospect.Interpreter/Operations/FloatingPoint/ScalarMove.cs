using System.Numerics;
using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.Semantics;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.FloatingPoint;

/// <summary>Vd := Vn, scalars: FMOV.</summary>
/// <typeparam name="TFormat">The format.</typeparam>
internal readonly unsafe struct ScalarMove<TFormat> : ISimdOperation
    where TFormat : struct, IFpFormat
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute(CpuState* cpu, Operation* operation)
    {
        FpRegisters.Write(cpu, operation->Rd, FpRegisters.Read<TFormat>(cpu, operation->Rn));
    }
}
