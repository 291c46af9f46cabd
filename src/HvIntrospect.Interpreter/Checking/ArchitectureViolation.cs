namespace HvIntrospect.Interpreter.Checking;

/// <summary>One finding of an <see cref="ArchitectureChecker"/>. Immutable.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Core">The core on which it was found, from 0.</param>
/// <param name="Detail">What was found, in words, with addresses and values.</param>
public readonly record struct ArchitectureViolation(ArchitectureRule Rule, int Core, string Detail)
{
    /// <summary>Formats the finding.</summary>
    /// <returns>For example <c>core 0: MissingInvalidationOfCombined: ...</c>.</returns>
    public override string ToString() => $"core {Core}: {Rule}: {Detail}";
}
