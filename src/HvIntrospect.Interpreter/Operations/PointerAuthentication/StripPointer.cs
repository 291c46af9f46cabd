using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.PointerAuthentication;

/// <summary>XPACI, XPACD and XPACLRI. Ra is the number of a key of the same kind.</summary>
internal unsafe struct StripPointer : IOperation
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Operation* Execute(CpuState* cpu, Operation* operation)
    {
        Registers.X(cpu, operation->Rd) = PointerCodes.Strip(cpu, (PointerKey)operation->Ra == PointerKey.DataA, Registers.X(cpu, operation->Rn));
        return operation + 1;
    }
}
