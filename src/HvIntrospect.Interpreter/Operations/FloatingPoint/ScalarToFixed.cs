using System.Numerics;
using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.Semantics;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.FloatingPoint;

/// <summary>Rd := Vn as an integer or a fixed-point number: FCVT*. The immediate is the number of fraction bits, Ra the rounding mode, Rm is 1 for signed numbers.</summary>
/// <typeparam name="TFormat">The format.</typeparam>
/// <typeparam name="T">uint or ulong.</typeparam>
internal readonly unsafe struct ScalarToFixed<TFormat, T> : ISimdOperation
    where TFormat : struct, IFpFormat
    where T : unmanaged
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute(CpuState* cpu, Operation* operation)
    {
        var context = new FpContext(cpu->Fpcr);
        ulong value = FpRegisters.Read<TFormat>(cpu, operation->Rn);
        Registers.X(cpu, operation->Rd) = FpConversion<TFormat>.ToFixed(
            value, (int)operation->Immediate, operation->Rm != 0, sizeof(T) * 8, (FpRounding)operation->Ra, ref context);
        cpu->Fpsr |= context.Status;
    }
}
