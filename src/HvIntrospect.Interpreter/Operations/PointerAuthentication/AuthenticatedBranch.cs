using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.PointerAuthentication;

/// <summary>BRAA and its kin, RETAA and RETAB. Ra is the number of the key, Rm the modifier.</summary>
internal unsafe struct AuthenticatedBranch : IOperation
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Operation* Execute(CpuState* cpu, Operation* operation)
    {
        ulong target = Registers.X(cpu, operation->Rn);
        AuthenticationOutcome outcome = PointerCodes.Authenticate(cpu, (PointerKey)operation->Ra, isCombined: true, Registers.X(cpu, operation->Rm), ref target);
        return outcome == AuthenticationOutcome.Done
            ? Flow.Jump(cpu, operation, target)
            : PointerCodes.Refuse(cpu, operation, outcome, (PointerKey)operation->Ra);
    }
}
