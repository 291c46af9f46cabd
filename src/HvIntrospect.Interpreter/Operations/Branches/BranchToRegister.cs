using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.Branches;

/// <summary>Goes to the address in Rn: BR and RET.</summary>
internal readonly unsafe struct BranchToRegister : IOperation
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Operation* Execute(CpuState* cpu, Operation* operation) => Flow.Jump(cpu, operation, Registers.X(cpu, operation->Rn));
}
