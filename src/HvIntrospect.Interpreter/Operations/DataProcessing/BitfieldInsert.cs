using System.Numerics;
using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.DataProcessing;

/// <summary>The bits of Rd that the immediate names := those of Rn rotated right by Rm: BFI and BFXIL.</summary>
/// <typeparam name="T">uint for the 32-bit form, ulong for the 64-bit form.</typeparam>
internal readonly unsafe struct BitfieldInsert<T> : IOperation
    where T : unmanaged, IBinaryInteger<T>
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Operation* Execute(CpuState* cpu, Operation* operation)
    {
        T mask = Integers.Low<T>((ulong)operation->Immediate);
        T inserted = T.RotateRight(Registers.Read<T>(cpu, operation->Rn), operation->Rm) & mask;
        Registers.Write(cpu, operation->Rd, (Registers.Read<T>(cpu, operation->Ra) & ~mask) | inserted);
        return operation + 1;
    }
}
