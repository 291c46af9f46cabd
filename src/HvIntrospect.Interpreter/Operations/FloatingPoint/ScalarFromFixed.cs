using System.Numerics;
using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.Semantics;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.FloatingPoint;

/// <summary>Vd := Rn, an integer or a fixed-point number: SCVTF and UCVTF. The immediate is the number of fraction bits, Ra is 1 for signed numbers.</summary>
/// <typeparam name="TFormat">The format.</typeparam>
/// <typeparam name="T">uint or ulong.</typeparam>
internal readonly unsafe struct ScalarFromFixed<TFormat, T> : ISimdOperation
    where TFormat : struct, IFpFormat
    where T : unmanaged
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute(CpuState* cpu, Operation* operation)
    {
        var context = new FpContext(cpu->Fpcr);
        ulong value = sizeof(T) == sizeof(uint) ? Registers.W(cpu, operation->Rn) : Registers.X(cpu, operation->Rn);
        ulong result = FpConversion<TFormat>.FromFixed(value, (int)operation->Immediate, operation->Ra != 0, sizeof(T) * 8, ref context);
        FpRegisters.Write(cpu, operation->Rd, result);
        cpu->Fpsr |= context.Status;
    }
}
