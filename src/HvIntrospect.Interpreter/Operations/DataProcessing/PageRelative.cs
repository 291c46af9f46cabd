using System.Numerics;
using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.DataProcessing;

/// <summary>Rd := address of the page + immediate: ADR and ADRP.</summary>
internal readonly unsafe struct PageRelative : IOperation
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Operation* Execute(CpuState* cpu, Operation* operation)
    {
        Registers.X(cpu, operation->Rd) = cpu->PageVa + (ulong)operation->Immediate;
        return operation + 1;
    }
}
