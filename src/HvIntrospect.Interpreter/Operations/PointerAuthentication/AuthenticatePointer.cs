using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.PointerAuthentication;

/// <summary>AUTIA and its kin. Ra is the number of the key, Rm the modifier.</summary>
internal unsafe struct AuthenticatePointer : IOperation
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Operation* Execute(CpuState* cpu, Operation* operation)
    {
        ulong pointer = Registers.X(cpu, operation->Rn);
        AuthenticationOutcome outcome = PointerCodes.Authenticate(cpu, (PointerKey)operation->Ra, isCombined: false, Registers.X(cpu, operation->Rm), ref pointer);
        if (outcome != AuthenticationOutcome.Done)
        {
            return PointerCodes.Refuse(cpu, operation, outcome, (PointerKey)operation->Ra);
        }

        Registers.X(cpu, operation->Rd) = pointer;
        return operation + 1;
    }
}
