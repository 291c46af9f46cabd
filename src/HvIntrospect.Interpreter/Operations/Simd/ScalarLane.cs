using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.Semantics;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.Simd;

/// <summary>Vd := the lane at offset Rn, the rest zero: DUP to a scalar.</summary>
/// <typeparam name="T">The type of the lanes.</typeparam>
internal readonly unsafe struct ScalarLane<T> : ISimdOperation
    where T : unmanaged
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute(CpuState* cpu, Operation* operation)
    {
        *(Vector128<T>*)Registers.Address(cpu, operation->Rd) = Vector128.CreateScalar(Registers.Read<T>(cpu, operation->Rn));
    }
}
