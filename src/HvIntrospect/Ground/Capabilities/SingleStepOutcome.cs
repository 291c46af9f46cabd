namespace HvIntrospect;

/// <summary>What an exit means for an armed single step.</summary>
public enum SingleStepOutcome
{
    /// <summary>The step has not happened yet; handle the exit and run again.</summary>
    Pending,

    /// <summary>One instruction was executed. PC is its successor, or a vector of the guest when it was a call or an interrupt came right after it.</summary>
    Completed,

    /// <summary>An exception of the guest came instead, and the instruction was not completed: PC is its vector, or still the instruction, before which the guest takes an exception of its own when it runs again.</summary>
    Preempted,
}
