using System.Numerics;
using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.Semantics;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.FloatingPoint;

/// <summary>Rd := Vn as an integer or a fixed-point number: FCVT*. The immediate is the number of fraction bits, Ra the rounding mode, Rm is 1 for signed numbers.</summary>
/// <typeparam name="T">float or double.</typeparam>
/// <typeparam name="TFormat">The format of <typeparamref name="T"/>.</typeparam>
/// <typeparam name="TInteger">uint or ulong.</typeparam>
internal readonly unsafe struct ScalarToFixed<T, TFormat, TInteger> : ISimdOperation
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TFormat : struct, IFpFormat
    where TInteger : unmanaged
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute(CpuState* cpu, Operation* operation)
    {
        bool isSigned = operation->Rm != 0;
        long smallest = !isSigned ? 0 : sizeof(TInteger) == sizeof(uint) ? int.MinValue : long.MinValue;
        long largest = sizeof(TInteger) == sizeof(ulong) ? long.MaxValue : isSigned ? int.MaxValue : uint.MaxValue;
        if (operation->Immediate == 0 && FpFast<T>.TryToInteger(
            Registers.Read<T>(cpu, operation->Rn), (FpRounding)operation->Ra, cpu->Fpcr, ref cpu->Fpsr, smallest, largest, out long fast))
        {
            Registers.X(cpu, operation->Rd) = sizeof(TInteger) == sizeof(uint) ? (uint)fast : (ulong)fast;
            return;
        }

        var context = new FpContext(cpu->Fpcr);
        ulong value = FpRegisters.Read<TFormat>(cpu, operation->Rn);
        Registers.X(cpu, operation->Rd) = FpConversion<TFormat>.ToFixed(
            value, (int)operation->Immediate, isSigned, sizeof(TInteger) * 8, (FpRounding)operation->Ra, ref context);
        cpu->Fpsr |= context.Status;
    }
}
