namespace HvIntrospect.Introspection;

/// <summary>The kinds of <see cref="Refusal"/>.</summary>
internal enum RefusalKind
{
    /// <summary>Nothing was refused.</summary>
    None,

    /// <summary>A watch handler wants the vCPU to stop.</summary>
    StopByWatch,

    /// <summary>The policy stops at IPAs that nobody owns.</summary>
    StopAtUnowned,

    /// <summary>The guest takes a Data Abort.</summary>
    Abort,

    /// <summary>The exit is the embedder's.</summary>
    Unhandled,

    /// <summary>Stage 2 is being changed right there.</summary>
    InTransition,

    /// <summary>The exit contradicts the instruction.</summary>
    Inconsistent,

    /// <summary>The backend lacks what the access needs.</summary>
    NotPossible,
}
