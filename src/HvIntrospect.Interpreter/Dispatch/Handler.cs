using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Dispatch;

/// <summary>The compiled handlers of one operation, made when it is bound for the first time.</summary>
/// <typeparam name="T">The operation.</typeparam>
internal static unsafe class Handler<T>
    where T : struct, IOperation
{
    /// <summary>The operation's number in <see cref="HandlerTable"/>.</summary>
    public static readonly ushort Id = HandlerTable.Add(
        (nint)(delegate*<CpuState*, Operation*, Operation*>)&Threaded<T>.Run, typeof(Threaded<T>),
        (nint)(delegate*<CpuState*, Operation*, Operation*>)&Looped<T>.Run, typeof(Looped<T>));
}
