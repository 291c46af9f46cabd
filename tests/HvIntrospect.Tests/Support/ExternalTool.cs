using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Threading.Tasks;

namespace HvIntrospect.Tests.Support;

/// <summary>Programs of the machine that results are compared with; each may be absent.</summary>
internal static class ExternalTool
{
    /// <summary>Tests whether a program can be found.</summary>
    public static bool IsPresent(string name)
    {
        foreach (string folder in (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator))
        {
            if (folder.Length != 0 && File.Exists(Path.Combine(folder, name)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Runs a program and returns what it prints; a failure throws, with what it says on its error stream.</summary>
    public static string Run(string name, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(name, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["LC_ALL"] = "C" },
        };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? output
            : throw new InvalidOperationException($"{name} ended with {process.ExitCode}: {errors.GetAwaiter().GetResult()}");
    }
}
