using System.Globalization;
using HvIntrospect.Samples.Shared;

namespace HvIntrospect.Samples.Decode.Programs;

/// <summary>For programs: a JSON object for each instruction, and last a summary.</summary>
internal sealed class JsonSilentReport(ConsoleOutput console) : ISilentReport
{
    private readonly JsonLines _lines = new(console);

    /// <inheritdoc/>
    public void OnInstruction(SilentInstruction instruction)
    {
        _lines.Begin("instruction"u8);
        _lines.WriteHex("address"u8, instruction.Address.Value);
        _lines.Json.WriteString("function"u8, instruction.Function);
        _lines.WriteHex("offset"u8, instruction.Offset);
        _lines.Json.WriteString("w"u8, instruction.Word.ToString("x8", CultureInfo.InvariantCulture));
        _lines.Json.WriteString("text"u8, instruction.Text);
        _lines.Json.WriteString("reason"u8, instruction.Reason.Key);
        _lines.Json.WriteStartArray("replacement"u8);
        foreach (string line in instruction.Replacement.Assembly)
        {
            _lines.Json.WriteStringValue(line);
        }

        _lines.Json.WriteEndArray();
        _lines.Json.WriteString("advice"u8, instruction.Replacement.Advice);
        _lines.End();
    }

    /// <inheritdoc/>
    public void OnSummary(int accesses, int silent, int functions)
    {
        _lines.Begin("summary"u8);
        _lines.Json.WriteNumber("accesses"u8, accesses);
        _lines.Json.WriteNumber("silent"u8, silent);
        _lines.Json.WriteNumber("functions"u8, functions);
        _lines.End();
    }

    /// <inheritdoc/>
    public void Dispose() => _lines.Dispose();
}
