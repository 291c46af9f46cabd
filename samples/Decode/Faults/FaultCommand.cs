using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using HvIntrospect.A64;
using HvIntrospect.Registers;
using HvIntrospect.Samples.Decode.Words;
using HvIntrospect.Samples.Shared;

namespace HvIntrospect.Samples.Decode.Faults;

/// <summary>Explains an abort.</summary>
/// <param name="Esr">ESR_EL2 as it was typed.</param>
/// <param name="Far">FAR_EL2, or - where it is not known.</param>
/// <param name="Hpfar">HPFAR_EL2, or - where it is not known.</param>
/// <param name="Words">The words that may have stood at ELR_EL2, - for one that is not known; none is like that.</param>
/// <param name="Features">What the decoder knows.</param>
/// <param name="IsJson">True to print a JSON object.</param>
internal sealed record FaultCommand(string Esr, string Far, string Hpfar, IReadOnlyList<string> Words, A64Features Features, bool IsJson) : ICommand
{
    private const string NotKnown = "-";

    /// <inheritdoc/>
    public void Run(Stream input, ConsoleOutput console)
    {
        ulong esr = Register("ESR", Esr) ?? throw new BadInputException("ESR must be known");
        ulong? far = Register("FAR", Far);
        ulong? hpfar = Register("HPFAR", Hpfar);
        uint?[] words = [.. Words.DefaultIfEmpty(NotKnown).Select(static word => word == NotKnown ? (uint?)null : WordReader.Parse(word))];
        var decoder = new A64Decoder(Features);
        bool isFirst = true;
        foreach (uint? word in words)
        {
            var report = new FaultReport(new Esr(esr), far is ulong address ? new Va(address) : null, hpfar is ulong page ? new Hpfar(page) : null, word, decoder);
            if (IsJson)
            {
                WriteJson(report.Lines, console);
            }
            else
            {
                WriteText(report.Lines, isFirst, console);
            }

            isFirst = false;
        }
    }

    private static void WriteText(IReadOnlyList<(string Name, string Text)> lines, bool isFirst, ConsoleOutput console)
    {
        if (!isFirst)
        {
            console.WriteLine(string.Empty);
        }

        int width = lines.Max(line => line.Name.Length);
        string last = string.Empty;
        foreach ((string name, string text) in lines)
        {
            console.WriteLine((name == last ? string.Empty : name).PadRight(width) + "  " + text);
            last = name;
        }
    }

    private static void WriteJson(IReadOnlyList<(string Name, string Text)> lines, ConsoleOutput console)
    {
        using var json = new JsonLines(console);
        json.Begin("fault"u8);
        foreach (IGrouping<string, string> subject in lines.GroupBy(line => line.Name, line => line.Text))
        {
            json.Json.WritePropertyName(subject.Key.Replace(' ', '_'));
            if (subject.Key == "to do")
            {
                json.Json.WriteStartArray();
                foreach (string step in subject)
                {
                    json.Json.WriteStringValue(step);
                }

                json.Json.WriteEndArray();
            }
            else
            {
                json.Json.WriteStringValue(subject.First());
            }
        }

        json.End();
    }

    private static ulong? Register(string name, string text)
    {
        if (text == NotKnown)
        {
            return null;
        }

        string digits = text.StartsWith("0x", System.StringComparison.OrdinalIgnoreCase) ? text[2..] : text;
        return ulong.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong value)
            ? value
            : throw new BadInputException($"{name} {text}: not a register value of 1 to 16 hexadecimal digits, or -");
    }
}
