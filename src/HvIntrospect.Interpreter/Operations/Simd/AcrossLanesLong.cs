using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.Semantics;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.Simd;

/// <summary>Vd := the sum of all lanes of Vn, twice as wide: SADDLV and UADDLV. Ra is how many bytes take part.</summary>
/// <typeparam name="TNarrow">The type of the narrow lanes.</typeparam>
/// <typeparam name="TWide">The type of the wide lanes.</typeparam>
internal readonly unsafe struct AcrossLanesLong<TNarrow, TWide> : ISimdOperation
    where TNarrow : unmanaged, IBinaryInteger<TNarrow>, IMinMaxValue<TNarrow>
    where TWide : unmanaged, IBinaryInteger<TWide>, IMinMaxValue<TWide>
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute(CpuState* cpu, Operation* operation)
    {
        Vector128<byte> result = default;
        TNarrow* left = (TNarrow*)Registers.Address(cpu, operation->Rn);
        TWide total = TWide.Zero;
        for (int i = 0; i < operation->Ra / sizeof(TNarrow); i++)
        {
            total += TWide.CreateTruncating(left[i]);
        }

        *(TWide*)&result = total;
        *(Vector128<byte>*)Registers.Address(cpu, operation->Rd) = result;
    }
}
