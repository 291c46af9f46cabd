namespace HvIntrospect.Benchmarks;

/// <summary>What the program does.</summary>
internal enum BenchmarkVerb
{
    /// <summary>Print the help.</summary>
    Help,

    /// <summary>Measure all figures quickly.</summary>
    Quick,

    /// <summary>Hand over to BenchmarkDotNet.</summary>
    Deep,
}
