using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.Json;

namespace HvIntrospect.Tests.A64;

/// <summary>One row of the decoder vectors: the word, the verdict, the decoded fields as text and the texts of the tools.</summary>
internal sealed record DecoderVectorRow(uint Word, string Verdict, IReadOnlyDictionary<string, string> Fields, string? Llvm, string? Gnu)
{
    // What tells how a row was made and what the tools thought of it, not how the word decodes.
    private static readonly HashSet<string> s_aboutTheRow =
        ["w", "v", "why", "near", "from", "conf", "fsrc", "dis", "llvm", "gnu", "soft", "gnote", "op0", "kind", "mem", "dc", "ic", "effect"];

    public bool IsConstrainedUnpredictable => Fields.ContainsKey("cu");

    public static DecoderVectorRow Parse(JsonElement row)
    {
        string verdict = row.GetProperty("v").GetString()!;
        string? llvm = Text(row, "llvm");
        string? gnu = Text(row, "gnu");

        // The operands that a row outside of the group has belong to instructions that are not loads and stores.
        Dictionary<string, string> fields = verdict == "nonls"
            ? []
            : row.EnumerateObject().Where(field => !s_aboutTheRow.Contains(field.Name)).ToDictionary(field => field.Name, field => Value(field.Value));
        return new DecoderVectorRow(
            uint.Parse(row.GetProperty("w").GetString()!, NumberStyles.HexNumber, CultureInfo.InvariantCulture),
            verdict,
            fields,
            llvm,
            gnu == "=" ? llvm : gnu);
    }

    public override string ToString() => $"{Word:x8} {Verdict} {string.Join(' ', Fields.Select(field => field.Key + "=" + field.Value))}";

    private static string? Text(JsonElement row, string name) => row.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;

    private static string Value(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Array => string.Join(' ', value.EnumerateArray().Select(item => item.GetString()).Order(StringComparer.Ordinal)),
        _ => value.GetRawText(),
    };
}
