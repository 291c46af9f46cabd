using System;
using System.Numerics;
using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.DataProcessing;

/// <summary>Xd := upper half of Xn * Xm, signed.</summary>
internal readonly unsafe struct SignedMultiplyHigh : IOperation
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Operation* Execute(CpuState* cpu, Operation* operation)
    {
        Registers.X(cpu, operation->Rd) = (ulong)Math.BigMul((long)Registers.X(cpu, operation->Rn), (long)Registers.X(cpu, operation->Rm), out _);
        return operation + 1;
    }
}
