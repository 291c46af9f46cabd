using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.Branches;

/// <summary>Goes to the address in Rn and notes the return address in X30: BLR. Rm is the offset of the next instruction from the page.</summary>
internal readonly unsafe struct BranchToRegisterWithLink : IOperation
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Operation* Execute(CpuState* cpu, Operation* operation)
    {
        ulong target = Registers.X(cpu, operation->Rn);
        cpu->X[30] = cpu->PageVa + operation->Rm;
        return Flow.Jump(cpu, operation, target);
    }
}
