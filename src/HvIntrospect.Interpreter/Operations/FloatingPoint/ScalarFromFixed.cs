using System.Numerics;
using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.Semantics;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.FloatingPoint;

/// <summary>Vd := Rn, an integer or a fixed-point number: SCVTF and UCVTF. The immediate is the number of fraction bits, Ra is 1 for signed numbers.</summary>
/// <typeparam name="T">float or double.</typeparam>
/// <typeparam name="TFormat">The format of <typeparamref name="T"/>.</typeparam>
/// <typeparam name="TInteger">uint or ulong.</typeparam>
internal readonly unsafe struct ScalarFromFixed<T, TFormat, TInteger> : ISimdOperation
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TFormat : struct, IFpFormat
    where TInteger : unmanaged
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute(CpuState* cpu, Operation* operation)
    {
        ulong value = sizeof(TInteger) == sizeof(uint) ? Registers.W(cpu, operation->Rn) : Registers.X(cpu, operation->Rn);
        long signed = sizeof(TInteger) == sizeof(uint) && operation->Ra != 0 ? (int)value : (long)value;
        if (operation->Immediate == 0 && (operation->Ra != 0 || signed >= 0) && FpFast<T>.TryFromInteger(signed, out T fast))
        {
            FpRegisters.Write(cpu, operation->Rd, fast);
            return;
        }

        var context = new FpContext(cpu->Fpcr);
        ulong result = FpConversion<TFormat>.FromFixed(value, (int)operation->Immediate, operation->Ra != 0, sizeof(TInteger) * 8, ref context);
        FpRegisters.Write(cpu, operation->Rd, result);
        cpu->Fpsr |= context.Status;
    }
}
