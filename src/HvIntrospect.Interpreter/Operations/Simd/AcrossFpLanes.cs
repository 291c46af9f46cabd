using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.Operations.FloatingPoint;
using HvIntrospect.Interpreter.Semantics;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.Simd;

/// <summary>Vd := function of the results of the function for the two halves of Vn, which has four lanes.</summary>
/// <typeparam name="T">float or double.</typeparam>
/// <typeparam name="TFormat">The format of <typeparamref name="T"/>.</typeparam>
/// <typeparam name="TFunction">The function.</typeparam>
internal readonly unsafe struct AcrossFpLanes<T, TFormat, TFunction> : ISimdOperation
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
        T lower = FpLane<T, TFormat>.Binary<TFunction>(cpu, left[0], left[1]);
        T upper = FpLane<T, TFormat>.Binary<TFunction>(cpu, left[2], left[3]);
        *(T*)&result = FpLane<T, TFormat>.Binary<TFunction>(cpu, lower, upper);

        *(Vector128<byte>*)Registers.Address(cpu, operation->Rd) = result;
    }
}
