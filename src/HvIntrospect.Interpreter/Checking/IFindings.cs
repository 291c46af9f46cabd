namespace HvIntrospect.Interpreter.Checking;

/// <summary>Takes what is found.</summary>
internal interface IFindings
{
    /// <summary>Gets the level of FEAT_BBM that the cores have, 0 to 2.</summary>
    int BreakBeforeMakeLevel { get; }

    /// <summary>Takes a finding.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="core">The core.</param>
    /// <param name="detail">What was found.</param>
    void Add(ArchitectureRule rule, int core, string detail);
}
