using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using HvIntrospect.Tooling.Loading;

namespace HvIntrospect.Benchmarks.Suites;

/// <summary>A benchmark guest: loop count in X0 at entry, PSCI SYSTEM_OFF over HVC at the end, checksum in X2.</summary>
/// <param name="Name">What it computes.</param>
/// <param name="Loops">A loop count that makes a run of a few million instructions.</param>
internal sealed record GuestKernel(string Name, ulong Loops)
{
    public const ulong Ram = 0x4000_0000;
    public const ulong RamSize = 0x40_0000;

    /// <summary>X0 of the call that ends the guest.</summary>
    public const ulong SystemOff = 0x8400_0008;

    /// <summary>Gets all of them.</summary>
    public static IReadOnlyList<GuestKernel> All { get; } =
        [new("sha256", 16), new("qsort", 2), new("memcpy", 2), new("crc32", 64), new("mixed", 2)];

    /// <summary>Gets the path of each guest's ELF.</summary>
    public static IEnumerable<string> Files => All.Select(static kernel => kernel.Path);

    private string Path => System.IO.Path.Combine(AppContext.BaseDirectory, "Guests", Name + ".elf");

    /// <summary>Reads its program.</summary>
    public ElfFile Read() => ElfFile.Read(File.ReadAllBytes(Path));
}
