using System.Numerics;
using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.DataProcessing;

/// <summary>Rd := (Rn shifted right by Rm) and immediate: UBFX.</summary>
/// <typeparam name="T">uint for the 32-bit form, ulong for the 64-bit form.</typeparam>
internal readonly unsafe struct MaskedShift<T> : IOperation
    where T : unmanaged, IBinaryInteger<T>
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Operation* Execute(CpuState* cpu, Operation* operation)
    {
        T value = Registers.Read<T>(cpu, operation->Rn) >>> operation->Rm;
        Registers.Write(cpu, operation->Rd, value & Integers.Low<T>((ulong)operation->Immediate));
        return operation + 1;
    }
}
