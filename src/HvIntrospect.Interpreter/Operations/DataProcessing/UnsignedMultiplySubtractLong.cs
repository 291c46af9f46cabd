using System.Numerics;
using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.DataProcessing;

/// <summary>Xd := Xa - Wn * Wm, unsigned.</summary>
internal readonly unsafe struct UnsignedMultiplySubtractLong : IOperation
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Operation* Execute(CpuState* cpu, Operation* operation)
    {
        Registers.X(cpu, operation->Rd) = Registers.X(cpu, operation->Ra) - ((ulong)Registers.W(cpu, operation->Rn) * Registers.W(cpu, operation->Rm));
        return operation + 1;
    }
}
