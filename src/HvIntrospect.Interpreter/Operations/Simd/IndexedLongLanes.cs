using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.Semantics;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.Simd;

/// <summary>Each lane of Vd := function of it, of the lanes of Vn made twice as wide, and of one lane at offset Rm made twice as wide. The immediate is the offset of the lanes in Vn.</summary>
/// <typeparam name="TNarrow">The type of the narrow lanes.</typeparam>
/// <typeparam name="TWide">The type of the wide lanes.</typeparam>
/// <typeparam name="TFunction">The function.</typeparam>
internal readonly unsafe struct IndexedLongLanes<TNarrow, TWide, TFunction> : ISimdOperation
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
        TNarrow* left = (TNarrow*)(Registers.Address(cpu, operation->Rn) + operation->Immediate);
        TWide right = TWide.CreateTruncating(Registers.Read<TNarrow>(cpu, operation->Rm));
        for (int i = 0; i < operation->Ra / sizeof(TWide); i++)
        {
            ((TWide*)&result)[i] = TFunction.Apply(destination[i], TWide.CreateTruncating(left[i]), right, ref status);
        }

        *(Vector128<byte>*)Registers.Address(cpu, operation->Rd) = result;
        cpu->Fpsr |= status;
    }
}
