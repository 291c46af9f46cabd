using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Dispatch;

/// <summary>An instruction and the conditional branch behind it, for the tail-threaded dispatcher.</summary>
/// <typeparam name="T">What the first does, and what decides the branch.</typeparam>
/// <typeparam name="TTarget">How the target is reached.</typeparam>
internal static unsafe class ThreadedFusedBranch<T, TTarget>
    where T : struct, IBranch
    where TTarget : struct, IBranchTarget
{
    /// <summary>Performs both and goes on with the successor.</summary>
    /// <param name="cpu">The state.</param>
    /// <param name="operation">The first operation.</param>
    /// <returns>Null, when the loop is left.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Operation* Run(CpuState* cpu, Operation* operation)
    {
        if (T.IsTaken(cpu, operation))
        {
            Operation* target = TTarget.Take(cpu, operation + 1);
            return ((delegate*<CpuState*, Operation*, Operation*>)target->Handler)(cpu, target);
        }

        return ((delegate*<CpuState*, Operation*, Operation*>)operation[2].Handler)(cpu, operation + 2);
    }
}
