using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.Operations.FloatingPoint;
using HvIntrospect.Interpreter.Semantics;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.Simd;

/// <summary>Each lane of Vd := function of two neighbours in Vn, then in Vm. Ra is how many bytes of a vector take part.</summary>
/// <typeparam name="T">float or double.</typeparam>
/// <typeparam name="TFormat">The format of <typeparamref name="T"/>.</typeparam>
/// <typeparam name="TFunction">The function.</typeparam>
internal readonly unsafe struct PairwiseFpLanes<T, TFormat, TFunction> : ISimdOperation
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TFormat : struct, IFpFormat
    where TFunction : struct, IFpBinary
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute(CpuState* cpu, Operation* operation)
    {
        Vector128<byte> result = default;
        T* left = (T*)Registers.Address(cpu, operation->Rn);
        T* right = (T*)Registers.Address(cpu, operation->Rm);
        int half = operation->Ra / sizeof(T) / 2;
        for (int i = 0; i < half; i++)
        {
            ((T*)&result)[i] = FpLane<T, TFormat>.Binary<TFunction>(cpu, left[2 * i], left[(2 * i) + 1]);
            ((T*)&result)[half + i] = FpLane<T, TFormat>.Binary<TFunction>(cpu, right[2 * i], right[(2 * i) + 1]);
        }

        *(Vector128<byte>*)Registers.Address(cpu, operation->Rd) = result;
    }
}
