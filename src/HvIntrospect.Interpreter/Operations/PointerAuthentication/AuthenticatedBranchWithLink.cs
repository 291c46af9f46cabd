using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.Operations.Branches;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.PointerAuthentication;

/// <summary>BLRAA and its kin. Ra is the number of the key, Rm the modifier; the immediate is the offset of the next instruction from the page; Rd is not 0 when it leaves a branch type.</summary>
internal unsafe struct AuthenticatedBranchWithLink : IOperation
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Operation* Execute(CpuState* cpu, Operation* operation)
    {
        ulong target = Registers.X(cpu, operation->Rn);
        AuthenticationOutcome outcome = PointerCodes.Authenticate(cpu, (PointerKey)operation->Ra, isCombined: true, Registers.X(cpu, operation->Rm), ref target);
        if (outcome != AuthenticationOutcome.Done)
        {
            return PointerCodes.Refuse(cpu, operation, outcome, (PointerKey)operation->Ra);
        }

        if (operation->Rd != 0)
        {
            return TypedBranch.Go(cpu, operation, target, isCall: true);
        }

        cpu->X[30] = cpu->PageVa + (ulong)operation->Immediate;
        return Flow.Jump(cpu, operation, target);
    }
}
