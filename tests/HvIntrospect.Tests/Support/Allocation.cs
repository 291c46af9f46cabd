using System;

namespace HvIntrospect.Tests.Support;

/// <summary>Counts what code allocates.</summary>
internal static class Allocation
{
    private const int Rounds = 5;

    /// <summary>Gets the bytes that this thread allocates in the best of some rounds: the runtime itself may allocate once, when it compiles the code anew.</summary>
    public static long Of(Action code)
    {
        long least = long.MaxValue;
        for (int i = 0; i < Rounds && least != 0; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            code();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
