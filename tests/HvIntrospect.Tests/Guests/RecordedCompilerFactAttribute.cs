using System;
using System.IO;
using System.Linq;
using HvIntrospect.Tests.Support;
using Xunit;

namespace HvIntrospect.Tests.Guests;

/// <summary>A test that rebuilds a guest: skipped, visibly, unless the compiler and the linker are those that built the checked-in binary.</summary>
internal sealed class RecordedCompilerFactAttribute : FactAttribute
{
    private const string Compiler = "aarch64-linux-gnu-gcc";

    public RecordedCompilerFactAttribute(string note)
    {
        Note = note;
        if (!ExternalTool.IsPresent(Compiler) || !ExternalTool.IsPresent("sh"))
        {
            Skip = Compiler + " is not installed";
            return;
        }

        string recorded = File.ReadAllText(RepositoryFiles.PathOf(note)).Trim();
        string present = FirstLine(ExternalTool.Run(Compiler, "--version")) + "\n" + FirstLine(ExternalTool.Run(Compiler, "-Wl,--version"));
        if (!string.Equals(recorded, present, StringComparison.Ordinal))
        {
            Skip = $"the binary was built by {Line(recorded)}, this machine has {Line(present)}";
        }
    }

    /// <summary>Gets the repository's file that says which compiler and linker built the binary.</summary>
    public string Note { get; }

    private static string FirstLine(string text) => text.Split('\n').First();

    private static string Line(string text) => text.Replace("\n", " with ", StringComparison.Ordinal);
}
