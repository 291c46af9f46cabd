using System;
using System.Collections.Generic;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.IO;

namespace HvIntrospect.Samples.Shared;

/// <summary>What the programs do alike: read the command line, and end what goes wrong with one line and an exit code.</summary>
internal static class SampleProgram
{
    /// <summary>The exit code when everything went well.</summary>
    public const int Success = 0;

    /// <summary>The exit code when the output could not be written; a program may have other reasons for it.</summary>
    public const int Failed = 1;

    /// <summary>The exit code for arguments or input that cannot be used.</summary>
    public const int BadInput = 2;

    /// <summary>Runs a program.</summary>
    /// <param name="name">Its name, for what is reported.</param>
    /// <param name="console">Where everything goes.</param>
    /// <param name="work">What it does; returns the exit code.</param>
    /// <returns>The exit code.</returns>
    public static int Run(string name, ConsoleOutput console, Func<int> work)
    {
        try
        {
            int exitCode = work();
            console.Flush();
            return exitCode;
        }
        catch (BadInputException exception)
        {
            console.WriteError(name + ": " + exception.Message);
            return BadInput;
        }
        catch (IOException exception)
        {
            console.WriteOutputError(name, exception);
            return Failed;
        }
    }

    /// <summary>Reads a command line.</summary>
    /// <param name="command">The program's command.</param>
    /// <param name="arguments">The arguments.</param>
    /// <param name="output">Receives help and version when they are asked for.</param>
    /// <returns>What the arguments are, or null when help or version have been printed.</returns>
    /// <exception cref="BadInputException">The arguments do not fit.</exception>
    public static ParseResult? Parse(RootCommand command, IReadOnlyList<string> arguments, TextWriter output)
    {
        // Without response files: an argument that begins with @ is what it is.
        ParseResult result = command.Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (result.Errors.Count != 0)
        {
            throw new BadInputException(result.Errors[0].Message);
        }

        if (result.Action == result.CommandResult.Command.Action)
        {
            return result;
        }

        result.Invoke(new InvocationConfiguration { Output = output, EnableDefaultExceptionHandler = false });
        return null;
    }
}
