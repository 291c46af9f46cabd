using System;
using System.Collections.Generic;
using System.Linq;
using HvIntrospect.A64;
using HvIntrospect.Registers;
using HvIntrospect.Tests.Support;
using Xunit;

namespace HvIntrospect.Tests.A64;

/// <summary>Every word of the decoder vectors decodes as they say.</summary>
public sealed class DecoderVectorTests
{
    private const int ReportedDifferences = 20;

    [Fact]
    public void EveryRowDecodesAsTheVectorsSay()
    {
        foreach (string file in VectorFiles.Find("decoder"))
        {
            int rows = 0;
            var differences = new List<string>();
            foreach (DecoderVectorRow row in VectorFiles.Read(file).Select(DecoderVectorRow.Parse))
            {
                rows++;
                if (DecoderVectorComparison.Difference(row) is string difference)
                {
                    differences.Add(difference);
                }
            }

            Assert.True(rows != 0, file + " has no rows.");
            Assert.True(differences.Count == 0, $"{file}: {differences.Count} of {rows} rows differ.\n{string.Join('\n', differences.Take(ReportedDifferences))}");
        }
    }

    /// <summary>Without one of the features that the vectors name a word is not decoded, and a decoder for Armv8.0 decodes what they call v8.0 and nothing else.</summary>
    [Fact]
    public void EveryRowNeedsItsFeatures()
    {
        const string Base = "v8.0";
        var first = new A64Decoder(A64Features.Armv8_0);
        var seen = new HashSet<string>();
        foreach (DecoderVectorRow row in OwnRows().Where(static row => row.Verdict == "valid"))
        {
            // RPRFM is PRFM without its feature.
            string name = row.Fields["feat"];
            bool isHint = name.Contains('(', StringComparison.Ordinal);
            bool isDecoded = first.DecodeLoadStore(row.Word, out _) is LoadStoreStatus.Valid or LoadStoreStatus.ConstrainedUnpredictable;
            Assert.True(isDecoded == (name == Base || isHint), row.ToString());
            foreach (string feature in name == Base || isHint ? [] : name.Split('&'))
            {
                var without = new A64Decoder(A64Features.All & ~Enum.Parse<A64Features>(feature["FEAT_".Length..]));
                Assert.True(without.DecodeLoadStore(row.Word, out _) == LoadStoreStatus.MissingFeature, row.ToString());
                seen.Add(feature);
            }
        }

        Assert.Equal(16, seen.Count);
    }

    [Fact]
    public void ACorruptedRowIsNoticed()
    {
        var unnoticed = new List<string>();
        DecoderVectorRow[] rows = [.. OwnRows().Where(row => row.Verdict == "valid").Where((_, i) => i % 20 == 0)];
        foreach (DecoderVectorRow row in rows)
        {
            foreach (DecoderVectorRow corrupted in Corruptions(row))
            {
                if (DecoderVectorComparison.Difference(corrupted) is null)
                {
                    unnoticed.Add(corrupted.ToString());
                }
            }
        }

        Assert.True(rows.Length > 500);
        Assert.Empty(unnoticed);
    }

    [Theory]
    [InlineData("undef", "valid", "nonls", "later", "unknown")]
    [InlineData("nonls", "undef", "valid", "sbo", "later")]
    [InlineData("sbo", "nonls", "valid", "undef", "later")]
    public void AWrongVerdictIsNoticed(string verdict, params string[] wrongVerdicts)
    {
        DecoderVectorRow[] rows = [.. OwnRows().Where(row => row.Verdict == verdict).Take(200)];
        Assert.NotEmpty(rows);

        // A row of a should-be-one violation is right in both readings; 'valid' differs in nothing but its strictness.
        Assert.DoesNotContain(
            rows.SelectMany(row => wrongVerdicts.Where(wrong => !(verdict == "sbo" && wrong == "valid")).Select(wrong => row with { Verdict = wrong })),
            wrong => DecoderVectorComparison.Difference(wrong) is null);
    }

    private static IEnumerable<DecoderVectorRow> OwnRows() => VectorFiles.Find("decoder", null).SelectMany(VectorFiles.Read).Select(DecoderVectorRow.Parse);

    /// <summary>Each field changed, each field left out, a field added, the text changed, and other verdicts.</summary>
    private static IEnumerable<DecoderVectorRow> Corruptions(DecoderVectorRow row)
    {
        foreach ((string name, string value) in row.Fields)
        {
            yield return row with { Fields = new Dictionary<string, string>(row.Fields) { [name] = value == "1" ? "0" : "1" } };
            yield return row with { Fields = row.Fields.Where(field => field.Key != name).ToDictionary() };
        }

        foreach (string name in (string[])["rt2", "rs", "rm", "wb", "acq", "excl", "tag", "cu", "a new key"])
        {
            if (!row.Fields.ContainsKey(name))
            {
                yield return row with { Fields = new Dictionary<string, string>(row.Fields) { [name] = "1" } };
            }
        }

        if (row.Llvm is not null)
        {
            yield return row with { Llvm = row.Llvm + " " };
        }

        foreach (string verdict in (string[])["undef", "nonls", "later", "unknown"])
        {
            yield return row with { Verdict = verdict };
        }
    }
}
