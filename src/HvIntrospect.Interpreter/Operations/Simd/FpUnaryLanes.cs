using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.Operations.FloatingPoint;
using HvIntrospect.Interpreter.Semantics;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.Simd;

/// <summary>Each lane of Vd := function of the lane of Vn. Ra is how many bytes take part.</summary>
/// <typeparam name="T">float or double.</typeparam>
/// <typeparam name="TFormat">The format of <typeparamref name="T"/>.</typeparam>
/// <typeparam name="TFunction">The function.</typeparam>
internal readonly unsafe struct FpUnaryLanes<T, TFormat, TFunction> : ISimdOperation
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TFormat : struct, IFpFormat
    where TFunction : struct, IFpUnary
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute(CpuState* cpu, Operation* operation)
    {
        Vector128<byte> result = default;
        T* left = (T*)Registers.Address(cpu, operation->Rn);
        for (int i = 0; i < operation->Ra / sizeof(T); i++)
        {
            ((T*)&result)[i] = FpLane<T, TFormat>.Unary<TFunction>(cpu, left[i]);
        }

        *(Vector128<byte>*)Registers.Address(cpu, operation->Rd) = result;
    }
}
