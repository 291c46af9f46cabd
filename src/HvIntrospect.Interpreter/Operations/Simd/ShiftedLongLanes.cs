using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.Semantics;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.Simd;

/// <summary>Each lane of Vd := the lane of Vn made twice as wide and shifted left by Rm: SSHLL, USHLL, SHLL. The immediate is the offset of the lanes in Vn.</summary>
/// <typeparam name="TNarrow">The type of the narrow lanes.</typeparam>
/// <typeparam name="TWide">The type of the wide lanes.</typeparam>
internal readonly unsafe struct ShiftedLongLanes<TNarrow, TWide> : ISimdOperation
    where TNarrow : unmanaged, IBinaryInteger<TNarrow>, IMinMaxValue<TNarrow>
    where TWide : unmanaged, IBinaryInteger<TWide>, IMinMaxValue<TWide>
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute(CpuState* cpu, Operation* operation)
    {
        Vector128<byte> result = default;
        TNarrow* left = (TNarrow*)(Registers.Address(cpu, operation->Rn) + operation->Immediate);
        for (int i = 0; i < sizeof(Vector128<byte>) / sizeof(TWide); i++)
        {
            ((TWide*)&result)[i] = TWide.CreateTruncating(left[i]) << operation->Rm;
        }

        *(Vector128<byte>*)Registers.Address(cpu, operation->Rd) = result;
    }
}
