using System.Collections.Generic;
using System.Linq;
using HvIntrospect.A64;
using HvIntrospect.Registers;
using Xunit;

namespace HvIntrospect.Tests.A64;

/// <summary>The index leads a word to every row that may take it, and to few others.</summary>
public sealed class DecodeIndexTests
{
    [Fact]
    public void ARowThatAFeatureSetMayTakeAwayHidesNoOther()
    {
        var builder = new EncodingTableBuilder();
        builder.Add(new EncodingSection(EncodingGroup.BranchesSystem, "later", A64Features.CSSC), "11010101000xxxxxxxxxxxxxxxxxxxxx LATER before OLD"u8);
        builder.Add(new EncodingSection(EncodingGroup.BranchesSystem, "old"), "11010101000xxxxxxxxxxxxxxxxxxxxx OLD"u8);
        builder.Add(new EncodingSection(EncodingGroup.BranchesSystem, "hidden"), "11010101000xxxxxxxxxxxxxxxxxx111 HIDDEN"u8);
        var index = new DecodeIndex(builder.Rows);
        Assert.Equal([1, 2], Candidates(index, 0xd500_0007));
        Assert.Empty(Candidates(index, 0xd520_0007));
    }

    [Fact]
    public void AWindowTellsRowsApart()
    {
        var builder = new EncodingTableBuilder();
        builder.Add(
            new EncodingSection(EncodingGroup.BranchesSystem, "three"),
            """
            11010101000xxxxxxxxxxxxxxxxx0x00 ZERO
            11010101000xxxxxxxxxxxxxxxxx0x01 ONE
            11010101000xxxxxxxxxxxxxxxxx1xxx TWO
            """u8);
        var index = new DecodeIndex(builder.Rows);
        Assert.Equal([1], Candidates(index, 0xd500_0000));
        Assert.Equal([2], Candidates(index, 0xd500_0005));
        Assert.Equal([3], Candidates(index, 0xd500_000b));
        Assert.Empty(Candidates(index, 0xd500_0002));
    }

    [Fact]
    public void OnlyOverlappingLoadStoresHaveSeveralCandidates()
    {
        // The fast path verifies the first candidate only.
        EncodingRow[] rows = [.. EncodingTable.Instance.Rows.Where(row => row.Group == EncodingGroup.LoadStores)];
        HashSet<string> overlapping = [.. rows.SelectMany(row => row.TakesWordsFrom), .. rows.Where(row => row.TakesWordsFrom.Count != 0).Select(row => row.Id)];
        Assert.DoesNotContain(rows, row => !overlapping.Contains(row.Id) && Candidates(DecodeIndex.Instance, row.AllocatedWord()).Count != 1);
    }

    private static List<int> Candidates(DecodeIndex index, uint word)
    {
        uint bucket = index.Buckets[word >> DecodeIndex.BucketShift];
        uint way = (bucket & 0xFFFF) + ((word >> (int)((bucket >> 16) & 31)) & (bucket >> 24));
        List<int> candidates = [];
        if (index.Ways[way] != 0)
        {
            candidates.Add(index.Ways[way]);
        }

        for (int next = index.More[way]; next != 0 && index.Chains[next] != 0; next++)
        {
            candidates.Add(index.Chains[next]);
        }

        return candidates;
    }
}
