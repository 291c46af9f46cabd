using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Dispatch;

/// <summary>The compiled handlers of a conditional branch, made when it is bound for the first time.</summary>
/// <typeparam name="T">The branch.</typeparam>
/// <typeparam name="TTarget">How the target is reached.</typeparam>
internal static unsafe class BranchHandler<T, TTarget>
    where T : struct, IBranch
    where TTarget : struct, IBranchTarget
{
    /// <summary>The operation's number in <see cref="HandlerTable"/>.</summary>
    public static readonly ushort Id = HandlerTable.Add(
        (nint)(delegate*<CpuState*, Operation*, Operation*>)&ThreadedBranch<T, TTarget>.Run, typeof(ThreadedBranch<T, TTarget>),
        (nint)(delegate*<CpuState*, Operation*, Operation*>)&Looped<ConditionalBranch<T, TTarget>>.Run, typeof(Looped<ConditionalBranch<T, TTarget>>));
}
