namespace HvIntrospect;

/// <summary>What an exit means for an armed single step.</summary>
public enum SingleStepOutcome
{
    /// <summary>The step has not happened yet; handle the exit and run again.</summary>
    Pending,

    /// <summary>One instruction was executed.</summary>
    Completed,

    /// <summary>An exception to the guest was taken instead: its vector is next and the instruction was not executed.</summary>
    Preempted,
}
