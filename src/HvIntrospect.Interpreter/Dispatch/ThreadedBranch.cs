using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Dispatch;

/// <summary>A conditional branch, for the tail-threaded dispatcher.</summary>
/// <remarks>Two jumps instead of a common one: each is predicted by itself, and the compiler sets up a stack frame for methods of more than three blocks.</remarks>
/// <typeparam name="T">The branch.</typeparam>
/// <typeparam name="TTarget">How the target is reached.</typeparam>
internal static unsafe class ThreadedBranch<T, TTarget>
    where T : struct, IBranch
    where TTarget : struct, IBranchTarget
{
    /// <summary>Performs the branch and goes on with its successor.</summary>
    /// <param name="cpu">The state.</param>
    /// <param name="operation">The operation.</param>
    /// <returns>Null, when the loop is left.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Operation* Run(CpuState* cpu, Operation* operation)
    {
        if (T.IsTaken(cpu, operation))
        {
            Operation* target = TTarget.Take(cpu, operation);
            return ((delegate*<CpuState*, Operation*, Operation*>)target->Handler)(cpu, target);
        }

        return ((delegate*<CpuState*, Operation*, Operation*>)operation[1].Handler)(cpu, operation + 1);
    }
}
