using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace HvIntrospect.Benchmarks.Suites;

/// <summary>The benchmark guests: loop count in X0 at entry, PSCI SYSTEM_OFF over HVC at the end, checksum in X2.</summary>
internal static class GuestKernel
{
    private static readonly string[] s_names = ["sha256", "qsort", "memcpy", "crc32", "mixed"];

    /// <summary>Gets the path of each guest's ELF.</summary>
    public static IReadOnlyList<string> Files { get; } =
        [.. s_names.Select(static name => Path.Combine(AppContext.BaseDirectory, "Guests", name + ".elf"))];
}
