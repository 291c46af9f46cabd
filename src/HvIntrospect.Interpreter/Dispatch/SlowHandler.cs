using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Dispatch;

/// <summary>The compiled handlers of an operation with a slow path, made when it is bound for the first time.</summary>
/// <typeparam name="T">The operation.</typeparam>
internal static unsafe class SlowHandler<T>
    where T : struct, ISlowOperation
{
    /// <summary>The operation's number in <see cref="HandlerTable"/>.</summary>
    public static readonly ushort Id = Create();

    private static ushort Create()
    {
        ushort id = HandlerTable.Add(
            (nint)(delegate*<CpuState*, Operation*, Operation*>)&ThreadedFastPath<T>.Run, typeof(ThreadedFastPath<T>),
            (nint)(delegate*<CpuState*, Operation*, Operation*>)&Looped<FastPath<T>>.Run, typeof(Looped<FastPath<T>>));
        HandlerTable.SetSlow(id, Handler<SlowPath<T>>.Id);
        return id;
    }
}
