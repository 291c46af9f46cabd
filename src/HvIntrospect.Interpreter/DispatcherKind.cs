namespace HvIntrospect.Interpreter;

/// <summary>How the interpreter goes from one instruction to the next. Both ways give the same results; they differ in speed.</summary>
public enum DispatcherKind
{
    /// <summary>The tail-threaded dispatcher where a probe finds it usable, the loop elsewhere.</summary>
    Automatic,

    /// <summary>Each handler jumps to the next one.</summary>
    Threaded,

    /// <summary>Each handler returns to a loop.</summary>
    Loop,
}
