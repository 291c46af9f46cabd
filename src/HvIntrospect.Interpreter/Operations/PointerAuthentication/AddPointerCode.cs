using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.PointerAuthentication;

/// <summary>PACIA and its kin. Ra is the number of the key, Rm the modifier.</summary>
internal unsafe struct AddPointerCode : IOperation
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Operation* Execute(CpuState* cpu, Operation* operation)
    {
        ulong pointer = Registers.X(cpu, operation->Rn);
        AuthenticationOutcome outcome = PointerCodes.Add(cpu, (PointerKey)operation->Ra, Registers.X(cpu, operation->Rm), ref pointer);
        if (outcome != AuthenticationOutcome.Done)
        {
            return PointerCodes.Refuse(cpu, operation, outcome, (PointerKey)operation->Ra);
        }

        Registers.X(cpu, operation->Rd) = pointer;
        return operation + 1;
    }
}
