using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.Semantics;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.Simd;

/// <summary>Each lane of Vd := the lane of Vn as an integer or a fixed-point number: FCVT*. The immediate is the number of fraction bits, Count the rounding mode, Rm is 1 for signed numbers, Ra how many bytes take part.</summary>
/// <typeparam name="T">uint or ulong.</typeparam>
/// <typeparam name="TFormat">The format of the lanes.</typeparam>
internal readonly unsafe struct FpToFixedLanes<T, TFormat> : ISimdOperation
    where T : unmanaged, IBinaryInteger<T>
    where TFormat : struct, IFpFormat
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute(CpuState* cpu, Operation* operation)
    {
        Vector128<byte> result = default;
        var context = new FpContext(cpu->Fpcr);
        T* left = (T*)Registers.Address(cpu, operation->Rn);
        for (int i = 0; i < operation->Ra / sizeof(T); i++)
        {
            ulong bits = FpConversion<TFormat>.ToFixed(
                ulong.CreateTruncating(left[i]), (int)operation->Immediate, operation->Rm != 0, sizeof(T) * 8, (FpRounding)operation->Count, ref context);
            ((T*)&result)[i] = T.CreateTruncating(bits);
        }

        *(Vector128<byte>*)Registers.Address(cpu, operation->Rd) = result;
        cpu->Fpsr |= context.Status;
    }
}
