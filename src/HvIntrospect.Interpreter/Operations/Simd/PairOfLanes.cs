using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.Semantics;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.Simd;

/// <summary>Vd := function of the two lanes of Vn.</summary>
/// <typeparam name="T">The type of the lanes.</typeparam>
/// <typeparam name="TFunction">The function.</typeparam>
internal readonly unsafe struct PairOfLanes<T, TFunction> : ISimdOperation
    where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    where TFunction : struct, ILaneFunction
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute(CpuState* cpu, Operation* operation)
    {
        Vector128<byte> result = default;
        uint status = 0;
        T* left = (T*)Registers.Address(cpu, operation->Rn);
        *(T*)&result = TFunction.Apply(T.Zero, left[0], left[1], ref status);

        *(Vector128<byte>*)Registers.Address(cpu, operation->Rd) = result;
        cpu->Fpsr |= status;
    }
}
