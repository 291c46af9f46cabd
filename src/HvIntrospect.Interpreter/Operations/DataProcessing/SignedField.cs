using System.Numerics;
using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.DataProcessing;

/// <summary>Rd := Rn shifted left by Rm, then right by Ra with copies of the sign: SBFX and SBFIZ.</summary>
/// <typeparam name="T">uint for the 32-bit form, ulong for the 64-bit form.</typeparam>
internal readonly unsafe struct SignedField<T> : IOperation
    where T : unmanaged, IBinaryInteger<T>
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Operation* Execute(CpuState* cpu, Operation* operation)
    {
        T value = Registers.Read<T>(cpu, operation->Rn) << operation->Rm;
        Registers.Write(cpu, operation->Rd, Integers.ShiftRightArithmetic(value, operation->Ra));
        return operation + 1;
    }
}
