namespace HvIntrospect.Interpreter.Dispatch;

/// <summary>Why the fast loop is left.</summary>
internal enum LeaveReason
{
    /// <summary>It is not left.</summary>
    None,

    /// <summary>The budget is spent, or something asked to look at events before the next instruction.</summary>
    Events,

    /// <summary>An exception was taken to EL2, which is the caller of the machine.</summary>
    ExceptionToEl2,

    /// <summary>The vCPU waits (WFI, WFE) and nothing woke it.</summary>
    Wait,
}
