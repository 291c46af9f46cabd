using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json;
using HvIntrospect.A64;
using HvIntrospect.Samples.Decode.Words;
using HvIntrospect.Tests.Support;
using Xunit;

namespace HvIntrospect.Tests.Samples.Decode;

/// <summary>What is printed of the words of the decoder vectors is what the vectors say.</summary>
public sealed class WordVectorTests
{
    private const int ReportedDifferences = 10;

    // How a row was made and what the tools thought of it.
    private static readonly HashSet<string> s_aboutTheRow = ["from", "conf", "fsrc", "dis", "llvm", "gnu", "soft", "gnote", "kind"];

    [Fact]
    public void TheObjectOfEveryWordIsItsRow()
    {
        foreach (string file in VectorFiles.Find("decoder"))
        {
            JsonElement[] rows = [.. VectorFiles.Read(file)];
            DecodeRun run = DecodeRun.OfText(string.Join('\n', rows.Select(row => row.GetProperty("w").GetString())), "--json");
            Assert.Equal((0, string.Empty), (run.ExitCode, run.Error));
            IReadOnlyList<JsonElement> objects = run.Objects;
            Assert.Equal(rows.Length, objects.Count);
            Assert.NotEmpty(rows);
            string[] differences = [.. rows.Zip(objects).Select(pair => Difference(pair.First, pair.Second)).OfType<string>()];
            Assert.True(differences.Length == 0, $"{file}: {differences.Length} of {rows.Length} rows differ.\n{string.Join('\n', differences.Take(ReportedDifferences))}");
        }
    }

    [Fact]
    public void ADifferenceIsNoticed()
    {
        JsonElement row = Parse("""{"w":"f8408422","v":"valid","leaf":"LDR_64_ldst_immpost","imm":8,"llvm":"ldr x2, [x1], #8","conf":3}""");
        Assert.Null(Difference(row, Parse("""{"w":"f8408422","v":"valid","leaf":"LDR_64_ldst_immpost","imm":8,"text":"ldr x2, [x1], #8"}""")));
        Assert.NotNull(Difference(row, Parse("""{"w":"f8408422","v":"valid","leaf":"LDR_64_ldst_immpost","imm":9,"text":"ldr x2, [x1], #8"}""")));
        Assert.NotNull(Difference(row, Parse("""{"w":"f8408422","v":"valid","leaf":"LDR_64_ldst_immpost","text":"ldr x2, [x1], #8"}""")));
        Assert.NotNull(Difference(row, Parse("""{"w":"f8408422","v":"valid","leaf":"LDR_64_ldst_immpost","imm":8,"wb":1,"text":"ldr x2, [x1], #8"}""")));
        Assert.NotNull(Difference(row, Parse("""{"w":"f8408422","v":"valid","leaf":"LDR_64_ldst_immpost","imm":8,"text":"ldr x2, [x1], #9"}""")));
        Assert.NotNull(Difference(row, Parse("""{"w":"f8408422","v":"valid","leaf":"LDR_64_ldst_immpost","imm":8}""")));
    }

    [Fact]
    public void NothingIsAllocatedPerWord()
    {
        uint[] words = [.. VectorFiles.Find("decoder", null).SelectMany(VectorFiles.Read).Select(Word)];
        foreach (bool isJson in (bool[])[false, true])
        {
            using var output = new OutputBuffer(Stream.Null);
            var printer = new WordPrinter(A64Decoder.Default, output, isJson);
            PrintAll();
            Assert.Equal(0, Allocation.Of(PrintAll));

            void PrintAll()
            {
                foreach (uint word in words)
                {
                    printer.Print(word);
                }
            }
        }

        static uint Word(JsonElement row) => uint.Parse(row.GetProperty("w").GetString()!, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
    }

    private static string? Difference(JsonElement row, JsonElement printed)
    {
        Dictionary<string, string> expected = Fields(row);
        Dictionary<string, string> actual = Fields(printed);
        bool hasText = actual.Remove("text", out string? text);

        // Words of SVE and SME are known by their group only, so nothing is said of their accesses.
        if (expected.TryGetValue("mem", out string? memory) && memory.StartsWith("sve_", StringComparison.Ordinal))
        {
            expected.Remove("mem");
        }

        string? llvm = row.TryGetProperty("llvm", out JsonElement value) ? value.GetString() : null;
        string? gnu = row.TryGetProperty("gnu", out value) ? value.GetString() : null;
        string? expectedText = llvm ?? gnu;
        bool isRightText = hasText && (expected["v"] != "valid" || expectedText is null || text == expectedText);
        return isRightText && expected.Count == actual.Count && expected.All(field => actual.GetValueOrDefault(field.Key) == field.Value)
            ? null
            : $"{row}: {printed}";
    }

    private static Dictionary<string, string> Fields(JsonElement row) =>
        row.EnumerateObject().Where(field => !s_aboutTheRow.Contains(field.Name)).ToDictionary(field => field.Name, field => field.Value.ValueKind switch
        {
            JsonValueKind.String => field.Value.GetString()!,
            JsonValueKind.Array => string.Join(' ', field.Value.EnumerateArray().Select(item => item.GetString()).Order(StringComparer.Ordinal)),
            _ => field.Value.GetRawText(),
        });

    private static JsonElement Parse(string text) => JsonDocument.Parse(text).RootElement;
}
