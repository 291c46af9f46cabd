using System;

namespace HvIntrospect.Benchmarks.Measuring;

/// <summary>Counts the managed bytes that work allocates.</summary>
internal static class Allocation
{
    /// <summary>Gets the bytes allocated for each unit in the steady state.</summary>
    public static double PerUnit(Contender contender)
    {
        _ = contender.Batch();
        long before = GC.GetAllocatedBytesForCurrentThread();
        long units = contender.Batch();
        return (double)(GC.GetAllocatedBytesForCurrentThread() - before) / units;
    }
}
