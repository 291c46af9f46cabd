using System.Numerics;
using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.DataProcessing;

/// <summary>Rd := (Rn and immediate) shifted left by Rm: UBFIZ.</summary>
/// <typeparam name="T">uint for the 32-bit form, ulong for the 64-bit form.</typeparam>
internal readonly unsafe struct MaskedInsert<T> : IOperation
    where T : unmanaged, IBinaryInteger<T>
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Operation* Execute(CpuState* cpu, Operation* operation)
    {
        T value = Registers.Read<T>(cpu, operation->Rn) & Integers.Low<T>((ulong)operation->Immediate);
        Registers.Write(cpu, operation->Rd, value << operation->Rm);
        return operation + 1;
    }
}
