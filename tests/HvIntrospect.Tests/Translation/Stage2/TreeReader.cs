using System.Collections.Generic;
using HvIntrospect.Registers;
using HvIntrospect.Translation.Stage2;
using Xunit;

namespace HvIntrospect.Tests.Translation.Stage2;

/// <summary>Reads one tree of a VM with views, without the library's walker: what each page is, and which tables are whose.</summary>
internal sealed class TreeReader
{
    private const ulong SharedMark = 1UL << 57;

    private readonly TestPhysicalMemory _memory;
    private readonly Stage2Geometry _geometry;

    public TreeReader(TestPhysicalMemory memory, Stage2Geometry geometry, Vttbr vttbr)
    {
        _memory = memory;
        _geometry = geometry;
        Root = geometry.RootOf(vttbr).Value;
        Visit(Root, geometry.StartLevel, 0, geometry.Granule.DescriptorsPerTable * geometry.RootTables, isOwn: true);
    }

    public ulong Root { get; }

    /// <summary>Gets the frame and the attributes of each mapped page by its IPA.</summary>
    public Dictionary<ulong, (ulong Frame, Stage2Attributes Attributes)> Pages { get; } = [];

    /// <summary>Gets the tree's own tables below the root, and what they translate.</summary>
    public Dictionary<ulong, (ulong Ipa, ulong Size)> Own { get; } = [];

    /// <summary>Gets the tables that belong to another tree.</summary>
    public HashSet<ulong> Shared { get; } = [];

    /// <summary>Gets all descriptors, also of shared tables.</summary>
    public Dictionary<ulong, ulong> Words { get; } = [];

    private void Visit(ulong table, int level, ulong tableIpa, int count, bool isOwn)
    {
        int shift = _geometry.Granule.BlockSizeLog2(level);
        for (int i = 0; i < count; i++)
        {
            ulong address = table + ((ulong)i << 3);
            ulong descriptor = _memory[address];
            ulong ipa = tableIpa + ((ulong)i << shift);
            Words.Add(address, descriptor);
            if ((descriptor & 1) == 0)
            {
                Assert.Equal(0UL, descriptor);
            }
            else if (level < 3 && (descriptor & 2) != 0)
            {
                ulong child = _geometry.Format.TableIn(descriptor);
                bool isShared = (descriptor & SharedMark) != 0;
                Assert.True(isOwn || !isShared, "Only a view has marked tables.");
                if (isOwn && isShared)
                {
                    Assert.True(Shared.Add(child));
                }
                else if (isOwn)
                {
                    Own.Add(child, (ipa, 1UL << shift));
                }

                Visit(child, level + 1, ipa, _geometry.Granule.DescriptorsPerTable, isOwn && !isShared);
            }
            else
            {
                ulong frame = _geometry.Format.LeafIn(descriptor, level);
                Stage2Attributes attributes = _geometry.Format.AttributesIn(descriptor);
                for (ulong offset = 0; offset < 1UL << shift; offset += _geometry.Granule.Size)
                {
                    Pages.Add(ipa + offset, (frame + offset, attributes));
                }
            }
        }
    }
}
