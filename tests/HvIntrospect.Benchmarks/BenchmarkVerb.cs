namespace HvIntrospect.Benchmarks;

/// <summary>What the program does.</summary>
internal enum BenchmarkVerb
{
    /// <summary>Print the help.</summary>
    Help,

    /// <summary>Measure all figures quickly.</summary>
    Quick,

    /// <summary>Measure the first decoded word of this process.</summary>
    Cold,

    /// <summary>Hand over to BenchmarkDotNet.</summary>
    Deep,
}
