using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.Semantics;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.Simd;

/// <summary>Each lane of Vd := function of two neighbours in Vn, then in Vm. Ra is how many bytes of a vector take part.</summary>
/// <typeparam name="T">The type of the lanes.</typeparam>
/// <typeparam name="TFunction">The function.</typeparam>
internal readonly unsafe struct PairwiseLanes<T, TFunction> : ISimdOperation
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
        T* right = (T*)Registers.Address(cpu, operation->Rm);
        int half = operation->Ra / sizeof(T) / 2;
        for (int i = 0; i < half; i++)
        {
            ((T*)&result)[i] = TFunction.Apply(T.Zero, left[2 * i], left[(2 * i) + 1], ref status);
            ((T*)&result)[half + i] = TFunction.Apply(T.Zero, right[2 * i], right[(2 * i) + 1], ref status);
        }

        *(Vector128<byte>*)Registers.Address(cpu, operation->Rd) = result;
        cpu->Fpsr |= status;
    }
}
