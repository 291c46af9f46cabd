using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.Semantics;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.Simd;

/// <summary>Vd := lanes of Vn and Vm as the permutation says. The immediate is the part, Ra how many bytes of a vector take part.</summary>
/// <typeparam name="T">The type of the lanes.</typeparam>
/// <typeparam name="TPermutation">The permutation.</typeparam>
internal readonly unsafe struct PermutedLanes<T, TPermutation> : ISimdOperation
    where T : unmanaged
    where TPermutation : struct, IPermutation
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute(CpuState* cpu, Operation* operation)
    {
        Vector128<byte> result = default;
        T* left = (T*)Registers.Address(cpu, operation->Rn);
        T* right = (T*)Registers.Address(cpu, operation->Rm);
        int count = operation->Ra / sizeof(T);
        for (int i = 0; i < count; i++)
        {
            int source = TPermutation.Source(i, count, (int)operation->Immediate);
            ((T*)&result)[i] = source < count ? left[source] : right[source - count];
        }

        *(Vector128<byte>*)Registers.Address(cpu, operation->Rd) = result;
    }
}
