using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.Branches;

/// <summary>Goes to a fixed distance when a test of Rn holds: CBZ, CBNZ, TBZ, TBNZ.</summary>
/// <typeparam name="TTest">The test.</typeparam>
/// <typeparam name="TTarget">How the target is reached.</typeparam>
internal readonly unsafe struct BranchIfRegister<TTest, TTarget> : IOperation
    where TTest : struct, IRegisterTest
    where TTarget : struct, IBranchTarget
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Operation* Execute(CpuState* cpu, Operation* operation) =>
        TTest.Holds(cpu, operation) ? TTarget.Take(cpu, operation) : operation + 1;
}
