namespace HvIntrospect.Interpreter.Dispatch;

/// <summary>Why the fast loop is left.</summary>
internal enum LeaveReason
{
    /// <summary>It is not left.</summary>
    None,

    /// <summary>Something may have changed that is looked at before the next instruction: interrupts, timers, debug, the translation of PC.</summary>
    Events,

    /// <summary>The budget is spent: the rest up to the count is executed one by one.</summary>
    Budget,

    /// <summary>An exception was taken to EL2, which is the caller of the machine.</summary>
    ExceptionToEl2,

    /// <summary>The vCPU waits (WFI, WFE) and nothing woke it.</summary>
    Wait,

    /// <summary>A physical interrupt that is routed to EL2 is pending.</summary>
    PhysicalInterrupt,
}
