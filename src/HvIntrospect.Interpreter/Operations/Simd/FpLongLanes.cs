using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.Semantics;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.Simd;

/// <summary>Each lane of Vd := the lane of Vn in the wider format: FCVTL. The immediate is the offset of the lanes in Vn.</summary>
/// <typeparam name="TNarrow">The type of the narrow lanes.</typeparam>
/// <typeparam name="TWide">The type of the wide lanes.</typeparam>
/// <typeparam name="TSource">The narrow format.</typeparam>
/// <typeparam name="TResult">The wide format.</typeparam>
internal readonly unsafe struct FpLongLanes<TNarrow, TWide, TSource, TResult> : ISimdOperation
    where TNarrow : unmanaged, IBinaryInteger<TNarrow>
    where TWide : unmanaged, IBinaryInteger<TWide>
    where TSource : struct, IFpFormat
    where TResult : struct, IFpFormat
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute(CpuState* cpu, Operation* operation)
    {
        Vector128<byte> result = default;
        var context = new FpContext(cpu->Fpcr);
        TNarrow* left = (TNarrow*)(Registers.Address(cpu, operation->Rn) + operation->Immediate);
        for (int i = 0; i < sizeof(Vector128<byte>) / sizeof(TWide); i++)
        {
            ulong bits = FpConversion<TSource>.ToFormat<TResult>(ulong.CreateTruncating(left[i]), context.Rounding, ref context);
            ((TWide*)&result)[i] = TWide.CreateTruncating(bits);
        }

        *(Vector128<byte>*)Registers.Address(cpu, operation->Rd) = result;
        cpu->Fpsr |= context.Status;
    }
}
