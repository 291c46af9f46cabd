using System.Numerics;
using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.DataProcessing;

/// <summary>Xd := Xa + Wn * Wm, signed.</summary>
internal readonly unsafe struct SignedMultiplyAddLong : IOperation
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Operation* Execute(CpuState* cpu, Operation* operation)
    {
        Registers.X(cpu, operation->Rd) = Registers.X(cpu, operation->Ra) + (ulong)((long)Registers.Read<int>(cpu, operation->Rn) * Registers.Read<int>(cpu, operation->Rm));
        return operation + 1;
    }
}
