using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.Exceptions;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.PointerAuthentication;

/// <summary>ERETAA and ERETAB. Ra is the number of the key; the modifier is SP.</summary>
internal unsafe struct AuthenticatedExceptionReturn : IOperation
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Operation* Execute(CpuState* cpu, Operation* operation)
    {
        if (ProcessState.ExceptionLevel(cpu) == 0)
        {
            return ExceptionEntry.Undefined(cpu, operation);
        }

        ulong target = cpu->System.ElrEl1;
        AuthenticationOutcome outcome = PointerCodes.Authenticate(cpu, (PointerKey)operation->Ra, isCombined: true, cpu->Sp, ref target);
        return outcome == AuthenticationOutcome.Done
            ? ExceptionReturn.Execute(cpu, operation, target)
            : PointerCodes.Refuse(cpu, operation, outcome, (PointerKey)operation->Ra);
    }
}
