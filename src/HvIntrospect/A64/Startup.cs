using System.Runtime.CompilerServices;

namespace HvIntrospect.A64;

/// <summary>What the code that runs once, over the whole table, asks of the JIT compiler.</summary>
internal static class Startup
{
    /// <summary>
    /// MethodImplOptions.AggressiveOptimization, which .NET Standard 2.0 does not name: a loop over thousands of rows that runs once would otherwise
    /// run unoptimised. Older runtimes ignore it.
    /// </summary>
    public const MethodImplOptions Optimized = (MethodImplOptions)512;
}
