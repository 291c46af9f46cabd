using System;
using System.Collections.Generic;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.IO;
using System.Linq;
using HvIntrospect.Samples.Shared;

namespace HvIntrospect.Samples.WatchIpa;

/// <summary>The options of the program.</summary>
internal sealed class CommandLine
{
    private readonly Option<string?> _guest = new("--guest")
    {
        HelpName = "FILE.elf",
        Description = "A bare-metal AArch64 program to run instead of the one inside; it needs at least one --watch.",
    };

    private readonly Option<WatchRequest[]> _watches = new("--watch")
    {
        HelpName = WatchRequest.Syntax,
        Description = "Bytes to watch; may be given many times. An address is physical to the guest (0x… or decimal), a symbol stands for where it is loaded. "
            + "LEN is in bytes (K, M and G as for --memory): by default the symbol's size, or 8. By default reads and writes (rw); x is for executed instructions.",
        CustomParser = ParseWatches,
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<ulong?> _memory = new("--memory")
    {
        HelpName = "SIZE",
        Description = "Bytes of guest memory, from 0x40000000 on; K, M and G are powers of 1024. [default: 64M]",
        CustomParser = ParseMemory,
    };

    private readonly Option<ulong?> _limit = new("--limit")
    {
        HelpName = "N",
        Description = "Stop when the guest has retired this many instructions.",
        CustomParser = ParseLimit,
    };

    private readonly Option<bool> _json = new("--json")
    {
        Description = "Print one JSON object a line: the accesses and last a summary. The guest's own output goes to standard error.",
    };

    private readonly Option<bool> _noInline = new("--no-inline")
    {
        Description = "See accesses by Stage 2 exits only, as on hardware, and not by the machine's faster inline filter.",
    };

    private readonly RootCommand _command;

    public CommandLine()
    {
        _command = new RootCommand(
            "Runs a bare-metal AArch64 program at EL1 behind Stage 2 and prints every access that it makes to watched physical addresses.\n\n"
            + "The guest starts at EL1h with the MMU off, interrupts masked, FP and SIMD usable and registers 0. It has RAM at 0x40000000, a PL011 UART at 0x09000000,\n"
            + "and ends by PSCI SYSTEM_OFF: HVC #0 with W0 = 0x84000008 and its exit status in W1. An access to any other address is an external abort.\n\n"
            + "The summary's end: off (SYSTEM_OFF, status 0), failed (another status), reset (SYSTEM_RESET), halted (waits for an interrupt that can never\n"
            + "come), stuck (faults in its own exception vectors), limit, interrupted, stopped (did what cannot be performed).\n\n"
            + "Exit codes: 0 off; 1 every other end, or the output cannot be written; 2 bad input.")
        {
            _guest, _watches, _memory, _limit, _json, _noInline,
        };
    }

    /// <summary>Reads the command line.</summary>
    /// <param name="arguments">The arguments.</param>
    /// <param name="output">Receives help and version when they are asked for.</param>
    /// <returns>The options, or null when help or version have been printed.</returns>
    /// <exception cref="BadInputException">The arguments do not fit.</exception>
    public Options? Parse(IReadOnlyList<string> arguments, TextWriter output)
    {
        if (SampleProgram.Parse(_command, arguments, output) is not ParseResult result)
        {
            return null;
        }

        WatchRequest[] watches = result.GetValue(_watches) ?? [];
        string? guest = result.GetValue(_guest);
        if (guest is not null && watches.Length == 0)
        {
            throw new BadInputException($"--guest needs at least one --watch {WatchRequest.Syntax}: what to watch in {guest} is not known.");
        }

        return new Options(guest, watches, result.GetValue(_memory) ?? Platform.DefaultMemorySize, result.GetValue(_limit), result.GetValue(_json), !result.GetValue(_noInline));
    }

    private static WatchRequest[] ParseWatches(ArgumentResult result)
    {
        var watches = new List<WatchRequest>();
        foreach (string text in result.Tokens.Select(token => token.Value))
        {
            if (WatchRequest.Parse(text, out WatchRequest? request) is string wrong)
            {
                result.AddError($"--watch {text}: {wrong}; it is {WatchRequest.Syntax}.");
                return [];
            }

            watches.Add(request!);
        }

        return [.. watches];
    }

    private static ulong? ParseMemory(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        if (!NumberText.TryParseSize(text, out ulong size))
        {
            result.AddError($"--memory {text}: not a size, such as 64M or 0x4000000.");
        }
        else if (size is 0 or > Platform.MaximumMemorySize || size % Platform.PageSize != 0)
        {
            result.AddError($"--memory {text}: not a multiple of 4K up to 1G.");
        }

        return size;
    }

    private static ulong? ParseLimit(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        if (!NumberText.TryParse(text, out ulong limit) || limit == 0)
        {
            result.AddError($"--limit {text}: not a number of instructions of at least 1.");
        }

        return limit;
    }
}
