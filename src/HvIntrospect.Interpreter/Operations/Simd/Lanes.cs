using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.Semantics;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.Simd;

/// <summary>Each lane of Vd := function of the lanes of Vd, Vn and Vm. Ra is how many bytes of the vectors take part; the others become zero.</summary>
/// <typeparam name="T">The type of the lanes.</typeparam>
/// <typeparam name="TFunction">The function.</typeparam>
internal readonly unsafe struct Lanes<T, TFunction> : ISimdOperation
    where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    where TFunction : struct, ILaneFunction
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute(CpuState* cpu, Operation* operation)
    {
        Vector128<byte> result = default;
        uint status = 0;
        T* destination = (T*)Registers.Address(cpu, operation->Rd);
        T* left = (T*)Registers.Address(cpu, operation->Rn);
        T* right = (T*)Registers.Address(cpu, operation->Rm);
        for (int i = 0; i < operation->Ra / sizeof(T); i++)
        {
            ((T*)&result)[i] = TFunction.Apply(destination[i], left[i], right[i], ref status);
        }

        *(Vector128<byte>*)Registers.Address(cpu, operation->Rd) = result;
        cpu->Fpsr |= status;
    }
}
