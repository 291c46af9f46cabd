using System.Collections.Generic;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.IO;
using HvIntrospect.Samples.Shared;

namespace HvIntrospect.Samples.El2Replay;

/// <summary>The arguments and options of the program.</summary>
internal sealed class CommandLine
{
    private const ulong DefaultLimit = 100_000;

    private readonly Argument<string[]> _files = new("FILE")
    {
        HelpName = "FILE",
        Description = "Files of vectors, as text or compressed by gzip; - or nothing for standard input. Worlds are known by name; those of a file "
            + "envs.jsonl or envs.jsonl.gz beside FILE, and those among the lines, replace the known ones.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<ulong?> _limit = new("--limit")
    {
        HelpName = "N",
        Description = $"End a run of a guest after N instructions without an exception to EL2. [default: {DefaultLimit}]",
        CustomParser = ParseLimit,
    };

    private readonly RootCommand _command;

    public CommandLine()
    {
        _command = new RootCommand(
            "Replays recorded cases of an AArch64 guest under EL2 on the in-box machine, and prints what EL2 observes: one JSON object a line, with the id of the\n"
            + "case and the observations of its steps run, at, sysr and memdiff, or the answers to its queries at and acc. The schema is that of\n"
            + "tests/vectors/el2/README.md. Nothing is compared. A run that ends without an exception has 'end' in its observation: wait or limit.\n\n"
            + "Exit codes: 0 done; 1 the output could not be written; 2 bad input, with a line on standard error that says what and where. A case that cannot be\n"
            + "replayed has 'error' in its object, and the others are replayed all the same; a line that is no case ends the program.")
        {
            _files, _limit,
        };

        _command.SetAction(static _ => { });
    }

    /// <summary>Reads the command line.</summary>
    /// <param name="arguments">The arguments.</param>
    /// <param name="output">Receives help and version when they are asked for.</param>
    /// <returns>What to do, or null when help or version have been printed.</returns>
    /// <exception cref="BadInputException">The arguments do not fit.</exception>
    public Options? Parse(IReadOnlyList<string> arguments, TextWriter output)
    {
        if (SampleProgram.Parse(_command, arguments, output) is not ParseResult result)
        {
            return null;
        }

        return new Options(result.GetValue(_files) ?? [], result.GetValue(_limit) ?? DefaultLimit);
    }

    private static ulong? ParseLimit(ArgumentResult result)
    {
        if (NumberText.TryParse(result.Tokens[^1].Value, out ulong limit) && limit != 0)
        {
            return limit;
        }

        result.AddError($"--limit {result.Tokens[^1].Value}: is not a number of instructions above 0.");
        return null;
    }
}
