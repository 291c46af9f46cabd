using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.Branches;

/// <summary>Goes to a fixed distance and notes the return address in X30: BL. Rm is the offset of the next instruction from the page.</summary>
/// <typeparam name="TTarget">How the target is reached.</typeparam>
internal readonly unsafe struct BranchWithLink<TTarget> : IOperation
    where TTarget : struct, IBranchTarget
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Operation* Execute(CpuState* cpu, Operation* operation)
    {
        cpu->X[30] = cpu->PageVa + operation->Rm;
        return TTarget.Take(cpu, operation);
    }
}
