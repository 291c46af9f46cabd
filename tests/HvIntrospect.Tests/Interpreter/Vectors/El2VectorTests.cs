using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Text.Json.Nodes;
using HvIntrospect.Samples.El2Replay;
using HvIntrospect.Tests.Support;
using Xunit;

namespace HvIntrospect.Tests.Interpreter.Vectors;

/// <summary>Guest payloads under a monitor at EL2: every exception, register and byte is what another implementation recorded. The sample plays them.</summary>
public sealed class El2VectorTests : IDisposable
{
    private const ulong Limit = 10_000;
    private const int Reported = 20;
    private readonly Replayer _replayer = new(Limit);

    public El2VectorTests()
    {
        foreach (JsonElement world in Lines().Where(Replayer.IsWorld))
        {
            _replayer.Remember(world);
        }
    }

    public void Dispose() => _replayer.Dispose();

    [Theory]
    [InlineData("A.", 4880, 4450)]
    [InlineData("B.", 740, 700)]
    [InlineData("C.", 65, 45)]
    [InlineData("D", 105, 65)]
    public void EveryFieldIsTheRecordedOneOrAnotherThatIsAllowed(string group, int compared, int equal)
    {
        int cases = 0;
        int equalCases = 0;
        var failures = new List<string>();
        foreach (VectorCase line in Cases(group))
        {
            Difference[] differences = [.. Observations.Compare(line.Json, Replay(line))];
            cases++;
            equalCases += differences.Length == 0 ? 1 : 0;
            Difference[] wrong = [.. differences.Where(difference => !VectorChoices.Allow(line, difference))];
            if (wrong.Length != 0)
            {
                failures.Add(line.Id + ": " + string.Join("; ", wrong));
            }
        }

        Assert.True(failures.Count == 0, $"{failures.Count} of {cases} cases differ, {equalCases} are equal.\n{string.Join('\n', failures.Take(Reported))}");
        Assert.True(cases >= compared && equalCases >= equal, $"Only {cases} cases are compared, {equalCases} are equal.");
    }

    [Fact]
    public void ACorruptedCopyOfAnyObservationFails()
    {
        // Each case is corrupted in one field, and the fields take turns, so that each kind of field is corrupted in many cases.
        var corrupted = new Dictionary<string, int>();
        var unnoticed = new List<string>();
        foreach (VectorCase line in Cases("A.").Where(static (_, index) => index % 8 == 0).Concat(Cases("B.")).Concat(Cases("C.")).Concat(Cases("D").Take(30)).Where(static line => line.Newer is null))
        {
            JsonElement observed = Replay(line);
            HashSet<string> ignored = [.. Observations.IgnoredOf(line.Json)];
            string[] fields = [.. Observations.FieldsOf(line.Json).Keys.Where(path => !ignored.Contains(path) && !path.EndsWith("/do", StringComparison.Ordinal) && (line.Class == "D" || !VectorChoices.IsNamed(line, path)))];
            if (fields.Length == 0)
            {
                continue;
            }

            string path = fields.MinBy(field => corrupted.GetValueOrDefault(KindOf(field)))!;
            corrupted[KindOf(path)] = corrupted.GetValueOrDefault(KindOf(path)) + 1;
            var copy = new VectorCase(Corrupt(line.Json, path));
            if (Observations.Compare(copy.Json, observed).All(difference => VectorChoices.Allow(copy, difference)))
            {
                unnoticed.Add(line.Id + ": " + path);
            }
        }

        Assert.Empty(unnoticed);
        string[] kinds =
        [
            "vec", "esr", "ec", "far", "hpfar", "elr", "spsr", "x", "v", "sp_el1", "el1/esr", "el1/far", "el1/elr", "el1/spsr", "obs", "memory", "par", "x3",
        ];
        Assert.All(kinds, kind => Assert.True(corrupted.GetValueOrDefault(kind) >= 3, kind));
    }

    [Fact]
    public void AMissingAndAnAdditionalObservationFail()
    {
        VectorCase line = Cases("A.int-load/base").First(static line => line.Json.GetProperty("steps").GetArrayLength() > 3);
        JsonElement observed = Replay(line);
        Assert.NotEmpty(Observations.Compare(line.Json, With(observed, static json => json["steps"]!.AsArray().RemoveAt(1))));
        Assert.NotEmpty(Observations.Compare(line.Json, With(observed, static json => json["steps"]!.AsArray().Add(json["steps"]![0]!.DeepClone()))));
        Assert.NotEmpty(Observations.Compare(line.Json, With(observed, static json => json["steps"]![0]!["obs"]!["x"]!["7"] = "0x1")));
        Assert.NotEmpty(Observations.Compare(line.Json, With(observed, static json => json["steps"]![0]!["obs"]!["sp_el0"] = "0x1")));
    }

    private static IEnumerable<JsonElement> Lines() => VectorFiles.Find("el2").SelectMany(VectorFiles.Read);

    private static IEnumerable<VectorCase> Cases(string group)
    {
        JsonElement[] lines =
        [
            .. Lines().Where(line => line.TryGetProperty("cls", out JsonElement cls) && cls.GetString()!.StartsWith(group, StringComparison.Ordinal)),
        ];
        ILookup<string, VectorCase> newer = lines.Where(static line => !IsOld(line)).Select(static line => new VectorCase(line)).ToLookup(static line => line.Id);
        return lines.Select(line => new VectorCase(line, IsOld(line) ? newer[line.GetProperty("id").GetString()!].FirstOrDefault() : null))
            .Where(static line => VectorChoices.SkipReason(line) is null);
    }

    private static bool IsOld(JsonElement line) => line.TryGetProperty("alt", out _);

    // What a field is about: its name below its step, with all general registers, SIMD registers and words of memory as one.
    private static string KindOf(string path)
    {
        string field = string.Join('/', path.Split('/').Skip(2));
        return field.StartsWith("x/", StringComparison.Ordinal) ? "x" : field.StartsWith("v/", StringComparison.Ordinal) ? "v"
            : field.StartsWith("0x", StringComparison.Ordinal) ? "memory" : field;
    }

    private static JsonElement Corrupt(JsonElement line, string path) => With(line, json =>
    {
        string[] parts = path.Split('/');
        int index = int.Parse(parts[1], CultureInfo.InvariantCulture);
        string[] observing = ["run", "at", "sysr", "memdiff"];
        JsonNode? item = parts[0] == "steps"
            ? json["steps"]!.AsArray().Where(step => observing.Contains((string?)step!["do"])).ElementAt(index)
            : json[parts[0]]![index];
        (JsonNode owner, object key) = parts switch
        {
            ["steps", _, "obs" or "par"] => (item!, parts[2]),
            ["steps", ..] => Descend(item!["obs"]!, parts[2..]),
            ["at", ..] => (item!, 2),
            _ => Descend(item![2]!, parts[2..]),
        };
        string old = (string)(key is int place ? owner[place] : owner[(string)key])!;
        string wrong = old == "unwritten" ? "0x1" : old[..^1] + (old[^1] == '0' ? '1' : '0');
        if (key is int at)
        {
            owner[at] = wrong;
        }
        else
        {
            owner[(string)key] = wrong;
        }
    });

    private static (JsonNode Owner, object Key) Descend(JsonNode node, string[] names) =>
        (names.SkipLast(1).Aggregate(node, static (at, name) => at[name]!), names[^1]);

    private static JsonElement With(JsonElement json, Action<JsonNode> change)
    {
        JsonNode node = JsonNode.Parse(json.GetRawText())!;
        change(node);
        return JsonSerializer.SerializeToElement(node);
    }

    private JsonElement Replay(VectorCase line)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            _replayer.Play(line.Json, json);
            json.WriteEndObject();
        }

        using JsonDocument document = JsonDocument.Parse(stream.ToArray());
        return document.RootElement.Clone();
    }
}
