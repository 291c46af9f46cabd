using System.Numerics;
using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.DataProcessing;

/// <summary>One halfword of Rd := immediate: MOVK. The immediate is in place, Rm is the lowest bit of the halfword.</summary>
/// <typeparam name="T">uint for the 32-bit form, ulong for the 64-bit form.</typeparam>
internal readonly unsafe struct MoveKeep<T> : IOperation
    where T : unmanaged, IBinaryInteger<T>
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Operation* Execute(CpuState* cpu, Operation* operation)
    {
        ulong kept = Integers.Wide(Registers.Read<T>(cpu, operation->Rd)) & ~(0xFFFFUL << operation->Rm);
        Registers.X(cpu, operation->Rd) = kept | (ulong)operation->Immediate;
        return operation + 1;
    }
}
