using System.Numerics;
using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.Semantics;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.Simd;

/// <summary>Each lane of Vd := the lane of Vn in the narrower format: FCVTN and, where Count is not 0, FCVTXN. Ra: 8 for the upper half of Vd, whose lower half is kept; 0 for the lower half; 1 for one lane.</summary>
/// <typeparam name="TWide">The type of the wide lanes.</typeparam>
/// <typeparam name="TNarrow">The type of the narrow lanes.</typeparam>
/// <typeparam name="TSource">The wide format.</typeparam>
/// <typeparam name="TResult">The narrow format.</typeparam>
internal readonly unsafe struct FpNarrowLanes<TWide, TNarrow, TSource, TResult> : ISimdOperation
    where TWide : unmanaged, IBinaryInteger<TWide>
    where TNarrow : unmanaged, IBinaryInteger<TNarrow>
    where TSource : struct, IFpFormat
    where TResult : struct, IFpFormat
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute(CpuState* cpu, Operation* operation)
    {
        const int Scalar = 1;
        const int Half = sizeof(ulong);
        ulong narrow = 0;
        var context = new FpContext(cpu->Fpcr);
        FpRounding rounding = operation->Count != 0 ? FpRounding.Odd : context.Rounding;
        TWide* left = (TWide*)Registers.Address(cpu, operation->Rn);
        int count = operation->Ra == Scalar ? 1 : Half / sizeof(TNarrow);
        for (int i = 0; i < count; i++)
        {
            ulong bits = FpConversion<TSource>.ToFormat<TResult>(ulong.CreateTruncating(left[i]), rounding, ref context);
            ((TNarrow*)&narrow)[i] = TNarrow.CreateTruncating(bits);
        }

        NarrowResult.Write(cpu, operation->Rd, isUpper: operation->Ra == Half, narrow);
        cpu->Fpsr |= context.Status;
    }
}
