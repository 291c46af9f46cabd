using System;
using System.Collections.Generic;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.IO;
using System.Linq;
using HvIntrospect.Registers;
using HvIntrospect.Samples.Shared;
using HvIntrospect.Translation;
using HvIntrospect.Translation.Stage2;

namespace HvIntrospect.Samples.Stage2Dump;

/// <summary>The arguments and options of the program.</summary>
internal sealed class CommandLine
{
    private const int DefaultAddressBits = 48;

    private readonly Argument<string?> _description = new("DESCRIPTION")
    {
        HelpName = "DESCRIPTION",
        Description = "A file that describes the tables to be built.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string?> _image = new("--image")
    {
        HelpName = "FILE",
        Description = "A part of physical memory that holds tables, instead of a description; it needs --vttbr and --vtcr.",
    };

    private readonly Option<ulong?> _base = NumberOption("--base", "PA", "The physical address of the first byte of the image. [default: 0]");

    private readonly Option<ulong?> _vttbr = NumberOption("--vttbr", "VALUE", "VTTBR_EL2: where the first table is.");

    private readonly Option<ulong?> _vtcr = NumberOption("--vtcr", "VALUE", "VTCR_EL2: what the tables look like.");

    private readonly Option<ulong?> _parange = NumberOption(
        "--parange", "BITS", $"The physical address size of the cores: 32, 36, 40, 42, 44, 48 or 52. [default: {DefaultAddressBits}]");

    private readonly Option<bool> _fwb = new("--fwb") { Description = "HCR_EL2.FWB is 1 (FEAT_S2FWB)." };

    private readonly Option<TranslationFeatures?> _features = new("--features")
    {
        HelpName = "NAMES",
        Description = "What the cores implement that changes how an image is read: " + FeatureText.Syntax + ".",
        CustomParser = ParseFeatures,
    };

    private readonly Option<bool> _geometry = new("--geometry") { Description = "Print the facts of the geometry." };

    private readonly Option<ulong[]> _translate = NumbersOption("--translate", "IPA", "Walk to an address and print the descriptors on the way; may be given many times.");

    private readonly Option<ulong[]> _reverse = NumbersOption("--reverse", "PA", "Print every IPA that leads to a physical address; may be given many times.");

    private readonly Option<ulong?> _budget = NumberOption(
        "--budget", "N", $"End an answer after N walks: hostile tables may map 2^40 pages. [default: {Stage2TableReader.DefaultBudget}]");

    private readonly Option<string?> _save = new("--save") { HelpName = "FILE", Description = "Write the tables to a file that --image reads." };

    private readonly Option<bool> _json = new("--json") { Description = "Print one JSON object a line." };

    private readonly RootCommand _command;

    public CommandLine()
    {
        _command = new RootCommand(
            "Prints what Stage 2 tables map, as ranges: first and last IPA, PA, size, blocks and pages, access, memory type, shareability. With a question\n"
            + "(--geometry, --translate, --reverse) only its answer.\n\n"
            + "A description has one statement a line; # begins a comment. Numbers are decimal, or hexadecimal after 0x; sizes may end in K, M and G.\n"
            + "  geometry ipa=BITS pa=BITS [granule=4K|16K|64K] [start=LEVEL] [features=NAME,...] [vmid=N]\n"
            + "  tables   PA SIZE                             where table pages come from [0 16M]\n"
            + "  map      IPA SIZE PA ACCESS TYPE [SHARE]     rw-, r-x, rwx(EL0), ...; wb wt nc stage1 nGnRnE nGnRE nGRE GRE; none inner outer\n"
            + "  protect  IPA SIZE ACCESS\n"
            + "  unmap    IPA SIZE\n\n"
            + "Exit codes: 0 done; 1 the budget ended before the tables did, or the output could not be written; 2 bad input, with one line on standard error\n"
            + "that says what and where: in a description with line and column.")
        {
            _description, _image, _base, _vttbr, _vtcr, _parange, _features, _fwb, _geometry, _translate, _reverse, _budget, _save, _json,
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

        ulong budget = result.GetValue(_budget) ?? Stage2TableReader.DefaultBudget;
        if (budget is 0 or > long.MaxValue)
        {
            throw new BadInputException($"--budget {budget}: not a number of walks of at least 1");
        }

        return new Options(
            Source(result),
            result.GetValue(_save),
            result.GetValue(_geometry),
            [.. (result.GetValue(_translate) ?? []).Select(address => new Ipa(address))],
            [.. (result.GetValue(_reverse) ?? []).Select(address => new Pa(address))],
            (long)budget,
            result.GetValue(_json));
    }

    private static Option<ulong?> NumberOption(string name, string helpName, string description) => new(name)
    {
        HelpName = helpName,
        Description = description,
        CustomParser = result => ParseNumber(result.Tokens[^1].Value, name, result),
    };

    private static Option<ulong[]> NumbersOption(string name, string helpName, string description) => new(name)
    {
        HelpName = helpName,
        Description = description,
        CustomParser = result => [.. result.Tokens.Select(token => ParseNumber(token.Value, name, result) ?? 0)],
        Arity = ArgumentArity.OneOrMore,
    };

    private static ulong? ParseNumber(string text, string name, ArgumentResult result)
    {
        if (NumberText.TryParse(text, out ulong value))
        {
            return value;
        }

        result.AddError($"{name} {text}: not a decimal number, nor a hexadecimal one after 0x.");
        return null;
    }

    private static TranslationFeatures? ParseFeatures(ArgumentResult result)
    {
        string text = result.Tokens[^1].Value;
        if (FeatureText.TryParse(text, out TranslationFeatures features))
        {
            return features;
        }

        result.AddError($"--features {text}: not {FeatureText.Syntax}.");
        return null;
    }

    private ISource Source(ParseResult result)
    {
        string? description = result.GetValue(_description);
        string? image = result.GetValue(_image);
        if (description is null == image is null)
        {
            throw new BadInputException(image is null ? "neither a DESCRIPTION nor --image is given" : "both a DESCRIPTION and --image are given");
        }

        if (image is null)
        {
            // What describes an image would silently mean nothing.
            Option[] ofImages = [_base, _vttbr, _vtcr, _parange, _features, _fwb];
            return ofImages.FirstOrDefault(option => result.GetResult(option) is { Implicit: false }) is Option stray
                ? throw new BadInputException($"{stray.Name} is for --image: a description has its own geometry")
                : new DescriptionSource(description!);
        }

        if (result.GetValue(_vttbr) is not ulong vttbr || result.GetValue(_vtcr) is not ulong vtcr)
        {
            throw new BadInputException("--image needs --vttbr and --vtcr");
        }

        ulong bits = result.GetValue(_parange) ?? DefaultAddressBits;
        if (bits is not (32 or 36 or 40 or 42 or 44 or 48 or 52))
        {
            throw new BadInputException(string.Create(CultureInfo.InvariantCulture, $"--parange {bits}: not 32, 36, 40, 42, 44, 48 or 52"));
        }

        bool fwb = result.GetValue(_fwb);
        TranslationFeatures features = (result.GetValue(_features) ?? TranslationFeatures.None) | (fwb ? TranslationFeatures.S2FWB : TranslationFeatures.None);
        return new ImageSource(image, new Pa(result.GetValue(_base) ?? 0), new Vttbr(vttbr), new Vtcr(vtcr), (int)bits, features, fwb);
    }
}
