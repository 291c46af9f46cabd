namespace HvIntrospect.Tooling.Tracing;

/// <summary>How a call came to its end.</summary>
public enum CallEnd
{
    /// <summary>It has not: the function is running.</summary>
    Open,

    /// <summary>The function returned.</summary>
    Returned,

    /// <summary>The function left by a branch to another one, which returns in its place and is the next call at the same depth.</summary>
    TailCall,

    /// <summary>Nobody saw it: what the thread did later, on the stack that the function had, says that it is over. The return was missed, or longjmp or an end of the thread skipped it.</summary>
    Unseen,

    /// <summary>The function was running when the trace ended, or when its thread had to give way to others.</summary>
    Unfinished,
}
