using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.Semantics;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.Simd;

/// <summary>The lane at offset Rd := the value at offset Rn; the other lanes are kept: INS.</summary>
/// <typeparam name="T">The type of the lanes.</typeparam>
internal readonly unsafe struct Insert<T> : ISimdOperation
    where T : unmanaged
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute(CpuState* cpu, Operation* operation)
    {
        *(T*)Registers.Address(cpu, operation->Rd) = Registers.Read<T>(cpu, operation->Rn);
    }
}
