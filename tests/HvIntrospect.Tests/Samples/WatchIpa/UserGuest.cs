using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using HvIntrospect.Tests.Support;

namespace HvIntrospect.Tests.Samples.WatchIpa;

/// <summary>Guests as users bring them: compiled from a few lines and linked without a script.</summary>
internal static class UserGuest
{
    public const string Compiler = "aarch64-linux-gnu-gcc";

    // off STATUS ends the guest; vectors HANDLER installs a handler for exceptions taken at EL1h.
    private const string Macros = """
        .macro off status
            mov     w1, \status
            movz    w0, #0x8400, lsl #16
            movk    w0, #0x0008
            hvc     #0
            b       .
        .endm
        .macro vectors handler
            adr     x0, vector_table
            msr     vbar_el1, x0
            isb
            b       1f
            .balign 2048
        vector_table:
            .skip   0x200
            b       \handler
            .balign 2048
        1:
        .endm
            .global _start
            .type   _start, %function
        _start:

        """;

    /// <summary>Assembles a guest and runs it with --json.</summary>
    public static SampleRun RunAssembly(string source, params IEnumerable<string> arguments) => Run("a.S", Macros + source + "\n", [], arguments);

    /// <summary>Compiles a guest and runs it with --json.</summary>
    public static SampleRun RunC(string source, params IEnumerable<string> arguments) => Run("a.c", source, ["-O2", "-ffreestanding", "-fno-pie", "-mstrict-align"], arguments);

    /// <summary>Links a guest somewhere else.</summary>
    public static SampleRun RunAssemblyAt(ulong address, string source, params IEnumerable<string> arguments) =>
        Run("a.S", Macros + source + "\n", [$"-Wl,-Ttext=0x{address:x}"], arguments);

    private static SampleRun Run(string name, string source, IEnumerable<string> options, IEnumerable<string> arguments)
    {
        using var folder = new TemporaryFolder();
        string path = folder.PathOf("guest.elf");
        File.WriteAllText(folder.PathOf(name), source);
        ExternalTool.Run(Compiler, ["-nostdlib", "-static", "-Wl,-Ttext=0x40000000", .. options, "-o", path, folder.PathOf(name)]);
        string[] watches = arguments.Contains("--watch") ? [] : ["--watch", "0x40000000:4:w"];
        SampleRun run = SampleRun.Of(["--guest", path, "--json", .. watches, .. arguments]);
        return run with { Error = run.Error.Replace(path, "guest.elf", StringComparison.Ordinal) };
    }
}
