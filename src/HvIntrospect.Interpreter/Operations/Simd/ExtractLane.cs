using System.Numerics;
using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.Semantics;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.Simd;

/// <summary>Rd := the lane at offset Rn, extended: UMOV and SMOV. With uint as the result its upper half is zero.</summary>
/// <typeparam name="T">The type of the lane.</typeparam>
/// <typeparam name="TResult">uint or ulong.</typeparam>
internal readonly unsafe struct ExtractLane<T, TResult> : ISimdOperation
    where T : unmanaged, IBinaryInteger<T>
    where TResult : unmanaged, IBinaryInteger<TResult>
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute(CpuState* cpu, Operation* operation)
    {
        Registers.Write(cpu, operation->Rd, TResult.CreateTruncating(Registers.Read<T>(cpu, operation->Rn)));
    }
}
