using System.Collections.Generic;
using System.IO;
using HvIntrospect.A64;
using HvIntrospect.Registers;
using HvIntrospect.Samples.Shared;
using HvIntrospect.Tooling.Loading;

namespace HvIntrospect.Samples.Decode.Programs;

/// <summary>Lists the instructions of a program whose Stage 2 abort would carry no syndrome.</summary>
/// <param name="Path">The program.</param>
/// <param name="Function">The only function to look at, or null.</param>
/// <param name="Features">What the decoder knows.</param>
/// <param name="IsJson">True to print JSON objects, one a line.</param>
internal sealed record ElfCommand(string Path, string? Function, A64Features Features, bool IsJson) : ICommand
{
    /// <inheritdoc/>
    public void Run(Stream input, ConsoleOutput console)
    {
        if (!ElfFile.TryRead(InputFile.Read(Path), out ElfFile? elf, out ElfError error))
        {
            throw new BadInputException($"{Path}: {error.Message}");
        }

        var scan = new ProgramScan(elf, new A64Decoder(Features));
        if (Function is not null && !scan.TrySelect(Function))
        {
            throw new BadInputException($"--function {Function}: {Path} has no symbol '{Function}'");
        }

        using ISilentReport report = IsJson ? new JsonSilentReport(console) : new TextSilentReport(console);
        foreach (SilentInstruction instruction in scan.Run())
        {
            report.OnInstruction(instruction);
        }

        report.OnSummary(scan.Accesses, scan.Silent, scan.Functions);
    }
}
