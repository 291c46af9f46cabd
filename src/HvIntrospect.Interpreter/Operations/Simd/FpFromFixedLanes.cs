using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.Semantics;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.Simd;

/// <summary>Each lane of Vd := the lane of Vn, an integer or a fixed-point number: SCVTF and UCVTF. The immediate is the number of fraction bits, Rm is 1 for signed numbers, Ra how many bytes take part.</summary>
/// <typeparam name="T">uint or ulong.</typeparam>
/// <typeparam name="TFormat">The format of the lanes.</typeparam>
internal readonly unsafe struct FpFromFixedLanes<T, TFormat> : ISimdOperation
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
            ulong bits = FpConversion<TFormat>.FromFixed(
                ulong.CreateTruncating(left[i]), (int)operation->Immediate, operation->Rm != 0, sizeof(T) * 8, ref context);
            ((T*)&result)[i] = T.CreateTruncating(bits);
        }

        *(Vector128<byte>*)Registers.Address(cpu, operation->Rd) = result;
        cpu->Fpsr |= context.Status;
    }
}
