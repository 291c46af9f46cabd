using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.Semantics;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.Simd;

/// <summary>All lanes of Vd := the value at offset Rn: DUP. Ra is how many bytes take part.</summary>
/// <typeparam name="T">The type of the lanes.</typeparam>
internal readonly unsafe struct Duplicate<T> : ISimdOperation
    where T : unmanaged
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute(CpuState* cpu, Operation* operation)
    {
        Vector128<T> result = Vector128.Create(Registers.Read<T>(cpu, operation->Rn));
        *(Vector128<ulong>*)Registers.Address(cpu, operation->Rd) = operation->Ra > sizeof(ulong)
            ? result.AsUInt64()
            : Vector128.CreateScalar(result.AsUInt64().ToScalar());
    }
}
