using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.Branches;

/// <summary>Goes to a fixed distance when a test of Rn holds: CBZ, CBNZ, TBZ, TBNZ.</summary>
/// <typeparam name="TTest">The test.</typeparam>
internal readonly unsafe struct BranchIfRegister<TTest> : IBranch
    where TTest : struct, IRegisterTest
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsTaken(CpuState* cpu, Operation* operation) => TTest.Holds(cpu, operation);
}
