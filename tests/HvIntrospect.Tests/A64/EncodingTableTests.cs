using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using HvIntrospect.A64;
using HvIntrospect.Registers;
using Xunit;

namespace HvIntrospect.Tests.A64;

/// <summary>The rows themselves: complete, reachable, and overlapping only where a row declares it.</summary>
public sealed class EncodingTableTests
{
    private static IReadOnlyList<EncodingRow> Rows => EncodingTable.Instance.Rows;

    [Fact]
    public void IndexesFollowTheOrderFromOne()
    {
        Assert.Equal(Enumerable.Range(1, Rows.Count), Rows.Select(row => row.Index));
    }

    [Fact]
    public void IdsAreUnique()
    {
        Assert.Empty(Rows.GroupBy(row => row.Id, StringComparer.Ordinal).Where(group => group.Count() > 1).Select(group => group.Key));
    }

    [Fact]
    public void MaskAndValueFollowFromThePattern()
    {
        foreach (EncodingRow row in Rows)
        {
            Assert.Equal(EncodingRow.PatternLength, row.Pattern.Length);
            Assert.Equal(row.Mask, row.FieldMask('0') | row.FieldMask('1'));
            Assert.Equal(row.Value, row.FieldMask('1'));
        }
    }

    [Fact]
    public void ASplitFieldIsJoinedUpperPartFirst()
    {
        EncodingRow row = Rows.Single(candidate => candidate.Id == "LDRAA_64_ldst_pac");
        Assert.Equal(0b10_0000_0001u, row.Field(row.Value | (1u << 22) | (1u << 12), 'i'));
        Assert.Equal(0u, row.Field(uint.MaxValue, 'q'));
    }

    [Fact]
    public void RowsOverlapOnlyWhereDeclared()
    {
        var undeclared = new List<string>();
        var used = new HashSet<(string Id, string Declared)>();
        foreach ((EncodingRow first, EncodingRow second) in Overlaps())
        {
            string? declaration = first.TakesWordsFrom.FirstOrDefault(name => name == second.Id || name == second.Section.Name);
            if (declaration is null)
            {
                undeclared.Add(first + " / " + second);
            }
            else
            {
                used.Add((first.Id, declaration));
            }
        }

        Assert.Empty(undeclared);
        Assert.DoesNotContain(Rows.SelectMany(row => row.TakesWordsFrom, (row, name) => (row.Id, name)), declared => !used.Contains(declared));
    }

    [Fact]
    public void NoRowIsHiddenByAnEarlierOne()
    {
        Assert.DoesNotContain(Overlaps(), pair => (pair.First.Mask & ~pair.Second.Mask) == 0);
    }

    [Fact]
    public void RowsLieInTheGroupThatTheyName()
    {
        Assert.DoesNotContain(Rows, row => row.Group != EncodingGroups.Of(row.Value) || row.Group != EncodingGroups.Of(row.Value | ~row.Mask));
    }

    [Fact]
    public void TheLoadStoreGroupIsComplete()
    {
        EncodingRow[] loadStores = Rows.Where(row => row.Group == EncodingGroup.LoadStores).ToArray();
        Assert.Equal(812, loadStores.Count(row => (row.Feature & A64Features.Later) == 0));
        Assert.Equal(199, loadStores.Count(row => (row.Feature & A64Features.Later) != 0));
    }

    [Fact]
    public void MalformedRowsAreRefused()
    {
        foreach (string line in (string[])["0101 SHORT", new string('0', 32) + "ID", new string('0', 31) + "  ID", new string('0', 32) + " ID after OTHER"])
        {
            var builder = new EncodingTableBuilder();
            Assert.Throws<FormatException>(() => builder.Add(new EncodingSection(EncodingGroup.LoadStores, "class"), Encoding.ASCII.GetBytes(line)));
        }
    }

    private static IEnumerable<(EncodingRow First, EncodingRow Second)> Overlaps()
    {
        for (int first = 0; first < Rows.Count; first++)
        {
            for (int second = first + 1; second < Rows.Count; second++)
            {
                if (((Rows[first].Value ^ Rows[second].Value) & Rows[first].Mask & Rows[second].Mask) == 0)
                {
                    yield return (Rows[first], Rows[second]);
                }
            }
        }
    }
}
