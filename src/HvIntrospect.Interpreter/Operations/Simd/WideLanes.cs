using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.Semantics;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.Simd;

/// <summary>Each lane of Vd := function of the lanes of Vn and those of Vm made twice as wide. The immediate is the offset of the narrow lanes in their vector.</summary>
/// <typeparam name="TNarrow">The type of the narrow lanes.</typeparam>
/// <typeparam name="TWide">The type of the wide lanes.</typeparam>
/// <typeparam name="TFunction">The function.</typeparam>
internal readonly unsafe struct WideLanes<TNarrow, TWide, TFunction> : ISimdOperation
    where TNarrow : unmanaged, IBinaryInteger<TNarrow>, IMinMaxValue<TNarrow>
    where TWide : unmanaged, IBinaryInteger<TWide>, IMinMaxValue<TWide>
    where TFunction : struct, ILaneFunction
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute(CpuState* cpu, Operation* operation)
    {
        Vector128<byte> result = default;
        uint status = 0;
        TWide* destination = (TWide*)Registers.Address(cpu, operation->Rd);
        TWide* left = (TWide*)Registers.Address(cpu, operation->Rn);
        TNarrow* right = (TNarrow*)(Registers.Address(cpu, operation->Rm) + operation->Immediate);
        for (int i = 0; i < operation->Ra / sizeof(TWide); i++)
        {
            ((TWide*)&result)[i] = TFunction.Apply(destination[i], left[i], TWide.CreateTruncating(right[i]), ref status);
        }

        *(Vector128<byte>*)Registers.Address(cpu, operation->Rd) = result;
        cpu->Fpsr |= status;
    }
}
