using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.Operations.Branches;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.PointerAuthentication;

/// <summary>BRAA and its kin, RETAA and RETAB. Ra is the number of the key, Rm the modifier; Rd is not 0 when it leaves a branch type.</summary>
internal unsafe struct AuthenticatedBranch : IOperation
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Operation* Execute(CpuState* cpu, Operation* operation)
    {
        ulong target = Registers.X(cpu, operation->Rn);
        AuthenticationOutcome outcome = PointerCodes.Authenticate(cpu, (PointerKey)operation->Ra, isCombined: true, Registers.X(cpu, operation->Rm), ref target);
        return outcome != AuthenticationOutcome.Done ? PointerCodes.Refuse(cpu, operation, outcome, (PointerKey)operation->Ra)
            : operation->Rd != 0 ? TypedBranch.Go(cpu, operation, target, isCall: false)
            : Flow.Jump(cpu, operation, target);
    }
}
