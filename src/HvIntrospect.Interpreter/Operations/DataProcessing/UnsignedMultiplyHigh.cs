using System;
using System.Numerics;
using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.DataProcessing;

/// <summary>Xd := upper half of Xn * Xm, unsigned.</summary>
internal readonly unsafe struct UnsignedMultiplyHigh : IOperation
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Operation* Execute(CpuState* cpu, Operation* operation)
    {
        Registers.X(cpu, operation->Rd) = Math.BigMul(Registers.X(cpu, operation->Rn), Registers.X(cpu, operation->Rm), out _);
        return operation + 1;
    }
}
