using System;

namespace HvIntrospect.Benchmarks.Measuring;

/// <summary>One thing to time.</summary>
/// <param name="Name">What the table calls it.</param>
/// <param name="Batch">Does a fixed amount of work and returns how many units it was; it runs many times.</param>
internal sealed record Contender(string Name, Func<long> Batch);
