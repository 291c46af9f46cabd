using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.Semantics;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.Simd;

/// <summary>Vd := the lanes of Vn, those of a group in reverse order: REV16, REV32, REV64. The immediate is the lanes of a group less one, Ra how many bytes take part.</summary>
/// <typeparam name="T">The type of the lanes.</typeparam>
internal readonly unsafe struct ReversedLanes<T> : ISimdOperation
    where T : unmanaged
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute(CpuState* cpu, Operation* operation)
    {
        Vector128<byte> result = default;
        T* left = (T*)Registers.Address(cpu, operation->Rn);
        for (int i = 0; i < operation->Ra / sizeof(T); i++)
        {
            ((T*)&result)[i] = left[i ^ (int)operation->Immediate];
        }

        *(Vector128<byte>*)Registers.Address(cpu, operation->Rd) = result;
    }
}
