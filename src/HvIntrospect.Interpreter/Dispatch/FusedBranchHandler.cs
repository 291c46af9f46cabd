using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Dispatch;

/// <summary>The compiled handlers of an instruction with the conditional branch behind it, made when they are bound for the first time.</summary>
/// <typeparam name="T">What the first does, and what decides the branch.</typeparam>
/// <typeparam name="TTarget">How the target is reached.</typeparam>
internal static unsafe class FusedBranchHandler<T, TTarget>
    where T : struct, IBranch
    where TTarget : struct, IBranchTarget
{
    /// <summary>The handlers' number in <see cref="HandlerTable"/>.</summary>
    public static readonly ushort Id = HandlerTable.Add(
        (nint)(delegate*<CpuState*, Operation*, Operation*>)&ThreadedFusedBranch<T, TTarget>.Run, typeof(ThreadedFusedBranch<T, TTarget>),
        (nint)(delegate*<CpuState*, Operation*, Operation*>)&Looped<FusedBranch<T, TTarget>>.Run, typeof(Looped<FusedBranch<T, TTarget>>));
}
