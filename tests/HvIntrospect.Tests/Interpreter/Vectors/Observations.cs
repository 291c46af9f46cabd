using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.Json;

namespace HvIntrospect.Tests.Interpreter.Vectors;

/// <summary>The observations of a line, recorded or replayed, as fields by their path.</summary>
internal static class Observations
{
    private static readonly string[] s_observing = ["run", "at", "sysr", "memdiff"];

    /// <summary>Compares a recorded line with what was observed of it. What a step ignores is not compared.</summary>
    public static IEnumerable<Difference> Compare(JsonElement recorded, JsonElement observed)
    {
        Dictionary<string, string> wanted = FieldsOf(recorded);
        Dictionary<string, string> got = FieldsOf(observed);
        HashSet<string> ignored = [.. IgnoredOf(recorded)];
        return wanted.Keys.Union(got.Keys).Except(ignored)
            .Select(path => new Difference(path, wanted.GetValueOrDefault(path), got.GetValueOrDefault(path)))
            .Where(static difference => !AreEqual(difference.Recorded, difference.Observed));
    }

    /// <summary>Tells whether two values of a field are the same; numbers are, whatever zeros they begin with.</summary>
    public static bool AreEqual(string? recorded, string? observed) => Normal(recorded) == Normal(observed);

    /// <summary>Gets the fields of a line.</summary>
    public static Dictionary<string, string> FieldsOf(JsonElement line)
    {
        var fields = new Dictionary<string, string>();
        if (line.TryGetProperty("steps", out JsonElement steps))
        {
            int index = 0;
            foreach (JsonElement step in Observing(steps))
            {
                string path = string.Create(CultureInfo.InvariantCulture, $"steps/{index++}");
                string kind = step.GetProperty("do").GetString()!;
                fields.Add(path + "/do", kind);
                Add(fields, kind == "at" ? path + "/par" : kind == "sysr" ? path + "/obs" : path, step.GetProperty(kind == "at" ? "par" : "obs"));
            }
        }

        foreach (string queries in new[] { "at", "acc" })
        {
            if (line.TryGetProperty(queries, out JsonElement list))
            {
                int index = 0;
                foreach (JsonElement query in list.EnumerateArray())
                {
                    string path = string.Create(CultureInfo.InvariantCulture, $"{queries}/{index++}");
                    Add(fields, path + "/do", query[0]);
                    Add(fields, queries == "at" ? path + "/par" : path, query[2]);
                }
            }
        }

        if (line.TryGetProperty("mem_after_at", out JsonElement changed))
        {
            foreach (JsonElement word in changed.EnumerateArray())
            {
                Add(fields, "mem_after_at/" + word[0].GetString(), word[1]);
            }
        }

        return fields;
    }

    /// <summary>Gets the paths that the steps of a line ignore.</summary>
    public static IEnumerable<string> IgnoredOf(JsonElement line) => !line.TryGetProperty("steps", out JsonElement steps) ? [] : Observing(steps)
        .SelectMany(static (step, index) => !step.TryGetProperty("ignore", out JsonElement ignore) ? [] : ignore.EnumerateArray()
            .Select(name => string.Create(CultureInfo.InvariantCulture, $"steps/{index}/{name.GetString()}")));

    public static IEnumerable<JsonElement> Observing(JsonElement steps) => steps.EnumerateArray()
        .Where(static step => s_observing.Contains(step.GetProperty("do").GetString()));

    private static void Add(Dictionary<string, string> fields, string path, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty member in value.EnumerateObject())
            {
                Add(fields, path + "/" + member.Name, member.Value);
            }
        }
        else
        {
            fields.Add(path, value.GetString()!);
        }
    }

    private static string? Normal(string? text) =>
        text is not null && text.StartsWith("0x", StringComparison.Ordinal) ? text[2..].TrimStart('0') : text;
}
