using System.Collections.Generic;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.IO;
using HvIntrospect.Registers;
using HvIntrospect.Samples.Decode.Faults;
using HvIntrospect.Samples.Decode.Programs;
using HvIntrospect.Samples.Decode.Words;
using HvIntrospect.Samples.Shared;

namespace HvIntrospect.Samples.Decode;

/// <summary>The commands and options of the program.</summary>
internal sealed class CommandLine
{
    private readonly Argument<string[]> _words = new("WORD")
    {
        HelpName = "WORD",
        Description = "Instruction words: 1 to 8 hexadecimal digits, with or without 0x. Without any they are read from standard input, one a line.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<bool> _json = new("--json")
    {
        Description = "Print one JSON object a line.",
        Recursive = true,
    };

    private readonly Option<A64Features?> _features = new("--feature")
    {
        HelpName = FeatureNames.Syntax,
        Description = "The features that instructions may need, separated by commas; may be given many times. max is everything up to Armv9.4, "
            + "later what is newer. Words that need more are UNDEFINED. [default: max]",
        CustomParser = ParseFeatures,
        Arity = ArgumentArity.OneOrMore,
        Recursive = true,
    };

    private readonly Argument<string> _esr = new("ESR") { HelpName = "ESR", Description = "ESR_EL2. This and the registers that follow: hexadecimal, with or without 0x." };

    private readonly Argument<string> _far = new("FAR") { HelpName = "FAR", Description = "FAR_EL2; - where it is not known, as for those that follow." };

    private readonly Argument<string> _hpfar = new("HPFAR") { HelpName = "HPFAR", Description = "HPFAR_EL2." };

    private readonly Argument<string[]> _suspects = new("WORD")
    {
        HelpName = "WORD",
        Description = "The instruction word at ELR_EL2. Of several that may have stood there each is explained, and what the abort contradicts.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Argument<string> _file = new("FILE") { HelpName = "FILE", Description = "An AArch64 program or shared object in ELF format." };

    private readonly Option<string?> _function = new("--function") { HelpName = "NAME", Description = "Look at this function only." };

    private readonly Command _fault;
    private readonly Command _elf;
    private readonly RootCommand _command;

    public CommandLine()
    {
        _fault = new Command("fault", "Explains an abort that was taken at EL2: what faulted, why there is a syndrome or none, where, and what a hypervisor has to do.")
        {
            _esr, _far, _hpfar, _suspects,
        };
        _elf = new Command(
            "elf",
            "Lists the instructions of a program whose Stage 2 abort would carry no syndrome, by function, with instructions that would carry one. They matter where\n"
            + "they reach a device or a page that the hypervisor guards; stacks are neither. The scratch registers of the replacements stand for free ones.")
        {
            _file, _function,
        };
        _command = new RootCommand(
            "Decodes A64 loads and stores: their text, or with --json every operand (the keys are those of tests/vectors/decoder/README.md, and text).\n\n"
            + "Words outside of the load/store group are named, not printed in full. Of SVE and SME only the group is known.\n\n"
            + "Exit codes: 0 done; 1 the output could not be written; 2 bad input, with one line on standard error that says what and where.")
        {
            _words, _json, _features, _fault, _elf,
        };

        // A command without an action would insist on one of the others.
        _command.SetAction(static _ => { });
        _fault.SetAction(static _ => { });
        _elf.SetAction(static _ => { });
    }

    /// <summary>Reads the command line.</summary>
    /// <param name="arguments">The arguments.</param>
    /// <param name="output">Receives help and version when they are asked for.</param>
    /// <returns>What to do, or null when help or version have been printed.</returns>
    /// <exception cref="BadInputException">The arguments do not fit.</exception>
    public ICommand? Parse(IReadOnlyList<string> arguments, TextWriter output)
    {
        if (SampleProgram.Parse(_command, arguments, output) is not ParseResult result)
        {
            return null;
        }

        string[] words = result.GetValue(_words) ?? [];
        if (words.Length != 0 && result.CommandResult.Command != _command)
        {
            throw new BadInputException($"'{words[0]}' before {result.CommandResult.Command.Name}: words and commands cannot be mixed");
        }

        A64Features features = result.GetValue(_features) ?? A64Features.All;
        bool isJson = result.GetValue(_json);
        return result.CommandResult.Command == _fault
            ? new FaultCommand(result.GetRequiredValue(_esr), result.GetRequiredValue(_far), result.GetRequiredValue(_hpfar), result.GetValue(_suspects) ?? [], features, isJson)
            : result.CommandResult.Command == _elf ? new ElfCommand(result.GetRequiredValue(_file), result.GetValue(_function), features, isJson)
            : new WordsCommand(words, features, isJson);
    }

    private static A64Features? ParseFeatures(ArgumentResult result)
    {
        A64Features all = A64Features.Armv8_0;
        foreach (Token token in result.Tokens)
        {
            if (FeatureNames.Parse(token.Value, out A64Features features) is string unknown)
            {
                result.AddError($"--feature {token.Value}: '{unknown}' is not a feature; it is {FeatureNames.Syntax}.");
                return null;
            }

            all |= features;
        }

        return all;
    }
}
