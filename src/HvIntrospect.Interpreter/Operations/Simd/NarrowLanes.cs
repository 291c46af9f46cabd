using System.Numerics;
using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.Semantics;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.Simd;

/// <summary>Each lane of Vd := function of the lanes of Vn and Vm, half as wide. Immediate: the amount of a shift. Ra: 8 for the upper half of Vd, whose lower half is kept; 0 for the lower half; 1 for one lane.</summary>
/// <typeparam name="TWide">The type of the wide lanes.</typeparam>
/// <typeparam name="TNarrow">The type of the narrow lanes.</typeparam>
/// <typeparam name="TFunction">The function.</typeparam>
internal readonly unsafe struct NarrowLanes<TWide, TNarrow, TFunction> : ISimdOperation
    where TWide : unmanaged, IBinaryInteger<TWide>
    where TNarrow : unmanaged, IBinaryInteger<TNarrow>, IMinMaxValue<TNarrow>
    where TFunction : struct, INarrowFunction
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute(CpuState* cpu, Operation* operation)
    {
        const int Scalar = 1;
        const int Half = sizeof(ulong);
        ulong narrow = 0;
        uint status = 0;
        TWide* left = (TWide*)Registers.Address(cpu, operation->Rn);
        TWide* right = (TWide*)Registers.Address(cpu, operation->Rm);
        int count = operation->Ra == Scalar ? 1 : Half / sizeof(TNarrow);
        for (int i = 0; i < count; i++)
        {
            ((TNarrow*)&narrow)[i] = TFunction.Apply<TWide, TNarrow>(left[i], right[i], (int)operation->Immediate, ref status);
        }

        NarrowResult.Write(cpu, operation->Rd, isUpper: operation->Ra == Half, narrow);
        cpu->Fpsr |= status;
    }
}
