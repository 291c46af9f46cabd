using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.PointerAuthentication;

/// <summary>PACGA.</summary>
internal unsafe struct GenericPointerCode : IOperation
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Operation* Execute(CpuState* cpu, Operation* operation)
    {
        AuthenticationOutcome outcome = PointerCodes.MakeGeneric(cpu, Registers.X(cpu, operation->Rn), Registers.X(cpu, operation->Rm), out ulong code);
        if (outcome != AuthenticationOutcome.Done)
        {
            return PointerCodes.Refuse(cpu, operation, outcome, PointerKey.Generic);
        }

        Registers.X(cpu, operation->Rd) = code;
        return operation + 1;
    }
}
