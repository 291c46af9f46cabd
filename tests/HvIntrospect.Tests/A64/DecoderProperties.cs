using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using FsCheck;
using FsCheck.Fluent;
using HvIntrospect.A64;
using HvIntrospect.Registers;
using HvIntrospect.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace HvIntrospect.Tests.A64;

/// <summary>The decoder's index and fast path agree with the rows as they are declared.</summary>
public sealed class DecoderProperties
{
    private const A64Features Everything = A64Features.All | A64Features.Later;

    private static readonly A64Decoder s_everything = new(Everything);
    private static readonly IReadOnlyList<EncodingRow> s_rows = EncodingTable.Instance.Rows;

    private readonly ITestOutputHelper _progress;

    public DecoderProperties(ITestOutputHelper progress)
    {
        _progress = progress;
    }

    [Fact]
    public void WordsOfARowDecodeToIt()
    {
        // An earlier row may take the word only where it declares so; the test of the table proves the declarations.
        Prop.ForAll(Words(), fields => s_rows.All(row =>
        {
            uint word = row.Word(fields);
            EncodingRow taker = EncodingRowWords.FirstMatch(word)!;
            return (taker == row || taker.TakesWordsFrom.Contains(row.Id) || taker.TakesWordsFrom.Contains(row.Section.Name))
                && IndexAgrees(s_everything, word);
        })).Check(Config.QuickThrowOnFailure.WithMaxTest(20));
    }

    [Fact]
    public void RandomWordsDecodeAsALinearScanSays()
    {
        Gen<A64Features> features = Gen.OneOf(
            Gen.Elements(Everything, A64Features.All, A64Features.Armv8_0, A64Features.Armv8_4),
            ArbMap.Default.GeneratorFor<ulong>().Select(bits => (A64Features)bits));
        Prop.ForAll(features.ToArbitrary(), Words().Generator.ArrayOf(500).ToArbitrary(), (set, words) =>
        {
            var decoder = new A64Decoder(set);
            return words.All(word => IndexAgrees(decoder, word));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(100));
    }

    [Fact]
    public void TheTwoWaysToDecodeALoadStoreAgree()
    {
        Prop.ForAll(LoadStoreWords().ToArbitrary(), word => LoadStoreAgrees(s_everything, word) && LoadStoreAgrees(A64Decoder.Default, word))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(20_000));
    }

    [Fact]
    public void OnlyPlainGeneralRegisterAccessesReportASyndrome()
    {
        Prop.ForAll(LoadStoreWords().ToArbitrary(), word =>
        {
            _ = s_everything.DecodeLoadStore(word, out LoadStoreAccess access);
            return !access.ReportsSyndrome
                || (access.MayReportSyndrome
                    && access.Kind is LoadStoreKind.Load or LoadStoreKind.Store
                    && access.RegisterCount is 1 or 8
                    && !access.HasWriteback && !access.IsVector && !access.IsExclusive && !access.AccessesTags
                    && access.Operation == LoadStoreOperation.None
                    && access.AddressingMode != AddressingMode.Literal);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(20_000));
    }

    [Fact]
    public void EveryTextFitsAndFillsNoMoreThanItsSpan()
    {
        Prop.ForAll(LoadStoreWords().ToArbitrary(), Words(), (word, length) =>
        {
            if (s_everything.DecodeLoadStore(word, out LoadStoreAccess access) is LoadStoreStatus.Unallocated)
            {
                return true;
            }

            string text = access.ToString();
            char[] destination = new char[length % (A64Formatter.MaximumLength + 1)];
            bool fits = access.TryFormat(destination, out int written);
            return text.Length < A64Formatter.MaximumLength
                && text == s_everything.Decode(word).ToString()
                && fits == (text.Length <= destination.Length)
                && (fits ? new string(destination, 0, written) == text : written == 0);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(20_000));
    }

    /// <summary>All words of the group, not a sample; the counts are in docs/load-stores.md.</summary>
    [LongFact]
    public void EveryLoadStoreWordDecodesAsALinearScanSays()
    {
        const int Parts = 1 << 10;
        long[] counts = new long[Enum.GetValues<LoadStoreStatus>().Length];
        int done = 0;

        // The rows of one top byte and one combination of bits 23:20 are few: a scan over them is a scan over all.
        Parallel.For(0, 1 << 12, high =>
        {
            uint fixedBits = (uint)high << 20;
            if (EncodingGroups.Of(fixedBits) != EncodingGroup.LoadStores)
            {
                return;
            }

            EncodingRow[] rows = [.. s_rows.Where(row => ((row.Value ^ fixedBits) & row.Mask & 0xFFF0_0000) == 0)];
            Span<long> found = stackalloc long[counts.Length];
            for (uint low = 0; low < 1 << 20; low++)
            {
                uint word = fixedBits | low;
                if (!IndexAgrees(s_everything, word, rows) || !LoadStoreAgrees(s_everything, word))
                {
                    throw new InvalidOperationException($"The word {word:x8} differs.");
                }

                found[(int)s_everything.DecodeLoadStore(word, out _)]++;
            }

            for (int i = 0; i < counts.Length; i++)
            {
                Interlocked.Add(ref counts[i], found[i]);
            }

            int now = Interlocked.Increment(ref done);
            if (now % (Parts / 16) == 0)
            {
                _progress.WriteLine($"{now} of {Parts} parts of 2^20 words");
            }
        });
        Assert.Equal((Parts, 0L, 0L), (done, counts[(int)LoadStoreStatus.NotLoadStore], counts[(int)LoadStoreStatus.MissingFeature]));
        Assert.Equal(
            (SweepResult.Valid, SweepResult.ConstrainedUnpredictable, SweepResult.Unallocated),
            (counts[(int)LoadStoreStatus.Valid], counts[(int)LoadStoreStatus.ConstrainedUnpredictable], counts[(int)LoadStoreStatus.Unallocated]));
    }

    private static Arbitrary<uint> Words() => ArbMap.Default.GeneratorFor<ulong>().Select(bits => (uint)(bits ^ (bits >> 32))).ToArbitrary();

    /// <summary>Words of the group: of a row, of a row with one bit changed, or any.</summary>
    private static Gen<uint> LoadStoreWords()
    {
        Gen<uint> any = Words().Generator;
        EncodingRow[] rows = [.. s_rows.Where(row => row.Group == EncodingGroup.LoadStores)];
        Gen<uint> ofRow = from row in Gen.Elements(rows) from fields in any select row.Word(fields);
        Gen<uint> beside = from word in ofRow from bit in Gen.Choose(0, 31) select word ^ (1u << bit);
        return Gen.OneOf(ofRow, ofRow, beside, any).Where(word => EncodingGroups.Of(word) == EncodingGroup.LoadStores);
    }

    private static bool IndexAgrees(A64Decoder decoder, uint word) => IndexAgrees(decoder, word, s_rows);

    /// <summary>The first row that matches and is enabled is the encoding, and a matching row whose rule says UNDEFINED ends the scan.</summary>
    private static bool IndexAgrees(A64Decoder decoder, uint word, IReadOnlyList<EncodingRow> rows)
    {
        int missing = 0;
        A64Instruction decoded = decoder.Decode(word);
        foreach (EncodingRow row in rows)
        {
            if (!row.Matches(word))
            {
                continue;
            }

            if (UndefinedRules.IsUndefined(row.Section.UndefinedRule, word))
            {
                break;
            }

            if ((row.Feature & ~decoder.Features) == 0)
            {
                return decoded.EncodingIndex == row.Index && decoded.Status == (row.Section.IsModelled ? DecodeStatus.Allocated : DecodeStatus.NotModelled);
            }

            missing = missing == 0 ? row.Index : missing;
        }

        return decoded.EncodingIndex == missing && decoded.Status == (missing == 0 ? DecodeStatus.Unallocated : DecodeStatus.MissingFeature);
    }

    private static bool LoadStoreAgrees(A64Decoder decoder, uint word)
    {
        A64Instruction instruction = decoder.Decode(word);
        LoadStoreStatus status = decoder.DecodeLoadStore(word, out LoadStoreAccess access);
        LoadStoreStatus expected = instruction.Status switch
        {
            DecodeStatus.Unallocated => LoadStoreStatus.Unallocated,
            DecodeStatus.MissingFeature => LoadStoreStatus.MissingFeature,
            _ => access.Unpredictable == ConstrainedUnpredictable.None ? LoadStoreStatus.Valid : LoadStoreStatus.ConstrainedUnpredictable,
        };
        bool isDecoded = instruction.Status == DecodeStatus.Allocated;
        return status == expected
            && access.Word == (isDecoded ? word : 0)
            && access.EncodingIndex == (isDecoded ? instruction.EncodingIndex : 0)
            && decoder.TryDecodeLoadStore(word, out _) == (status == LoadStoreStatus.Valid);
    }
}
