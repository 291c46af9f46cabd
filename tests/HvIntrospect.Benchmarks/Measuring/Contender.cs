using System;

namespace HvIntrospect.Benchmarks.Measuring;

/// <summary>One thing to time.</summary>
/// <param name="Name">What the table calls it.</param>
/// <param name="Batch">Does a fixed amount of work and returns how many units it was; it runs many times.</param>
/// <param name="Prepare">Makes the state that a batch starts from, outside of the time taken; null where batches need none.</param>
internal sealed record Contender(string Name, Func<long> Batch, Action? Prepare = null);
