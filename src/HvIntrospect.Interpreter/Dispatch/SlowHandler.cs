namespace HvIntrospect.Interpreter.Dispatch;

/// <summary>Notes the slow path of an operation, once.</summary>
/// <typeparam name="T">The operation.</typeparam>
internal static class SlowHandler<T>
    where T : struct, ISlowOperation
{
    private static readonly bool s_isRegistered = Create();

    /// <summary>Makes sure that it is noted.</summary>
    /// <returns>True.</returns>
    public static bool Register() => s_isRegistered;

    private static bool Create()
    {
        HandlerTable.SetSlow(Handler<T>.Id, Handler<SlowPath<T>>.Id);
        return true;
    }
}
