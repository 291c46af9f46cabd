using System;
using System.Collections.Generic;
using System.Linq;
using FsCheck;
using FsCheck.Fluent;
using HvIntrospect.Registers;
using HvIntrospect.Translation;
using HvIntrospect.Translation.Stage2;
using Xunit;

namespace HvIntrospect.Tests.Translation.Stage2;

/// <summary>The layout of descriptors against the manual's figures, bit by bit, for every geometry.</summary>
public sealed class Stage2FormatTests
{
    private const ulong SoftwareBits = 0xFUL << 55;

    private static readonly Stage2Format[] s_formats =
    [
        .. from granule in GeometryRows.Granules
           from features in new[] { 0, 1, 2, 3, 4, 5, 6, 7 }
           from output in new[] { 48, 52 }
           where output == 48 || granule.SizeLog2 == 16 || (features & 1) != 0
           select new Stage2Geometry(
               40,
               output,
               granule,
               features: ((features & 1) != 0 ? TranslationFeatures.LPA2 : 0) | ((features & 2) != 0 ? TranslationFeatures.XNX : 0) | ((features & 4) != 0 ? TranslationFeatures.S2FWB : 0)).Format,
    ];

    private static readonly Stage2MemoryType[] s_types = Enumerable.Range(0, 17).Select(type => (Stage2MemoryType)type).ToArray();

    [Fact]
    public void AddressesGoIntoADescriptorAndComeBackOut()
    {
        Prop.ForAll(ArbMap.Default.ArbFor<ulong>(), ArbMap.Default.ArbFor<int>(), (bits, choice) =>
        {
            Stage2Format format = s_formats[(choice & int.MaxValue) % s_formats.Length];
            ulong wide = bits * 0x9E37_79B9_7F4A_7C15;
            int level = -1 + (int)(wide >> 62) + 1;
            ulong address = wide & ((1UL << format.Layout.AddressBits) - 1);
            ulong table = address & ~(format.Granule.Size - 1);
            ulong descriptor = format.EncodeTable(table);
            Assert.Equal(3UL | InBits(format, table), descriptor);
            Assert.Equal(table, format.TableIn(descriptor | SoftwareBits));

            ulong leaf = address & ~((1UL << format.Granule.BlockSizeLog2(level)) - 1);
            ulong attributes = (wide * 31) & format.AttributeMask;
            descriptor = format.EncodeLeaf(leaf, level, attributes);
            Assert.Equal((level == 3 ? 3UL : 1) | InBits(format, leaf) | attributes, descriptor);
            ulong beside = SoftwareBits | Stage2Format.Contiguous | (level == 3 ? 0 : Stage2Format.NoTranslation);
            Assert.Equal(leaf, format.LeafIn(descriptor | beside, level));
            Assert.Equal(format.AttributesIn(attributes), format.AttributesIn(descriptor));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(5000));
    }

    [Fact]
    public void NoFieldOverlapsAnother()
    {
        foreach (Stage2Format format in s_formats)
        {
            ulong address = format.Layout.DirectMask | format.Layout.FoldedMask;
            ulong[] fields =
            [
                address, format.AttributeMask, Stage2Format.TypeMask, Stage2Format.Contiguous, Stage2Format.SplitMark, Stage2Format.TransitionMark, Stage2Format.SharedMark,
            ];
            Assert.Equal(fields.Aggregate(0UL, (all, field) => all | field), fields.Aggregate(0UL, (all, field) => unchecked(all + field)));
            Assert.Equal(format.Layout.AddressBits - format.Granule.SizeLog2, System.Numerics.BitOperations.PopCount(address));
            Assert.Equal(0UL, format.MemoryMask & ~format.AttributeMask);
            Assert.Equal(0UL, Stage2Format.AccessMask & ~format.AttributeMask);
        }
    }

    [Fact]
    public void AttributesAreEncodedAsTheManualHasThemOrRefused()
    {
        int encoded = 0;
        int refused = 0;
        foreach (Stage2Format format in s_formats)
        {
            foreach (Stage2Attributes attributes in AllAttributes())
            {
                ulong? expected = Expected(format, attributes);
                if (expected is null)
                {
                    Assert.Equal("map", Assert.Throws<ArgumentException>(() => format.Check(attributes, "map")).ParamName);
                    refused++;
                    continue;
                }

                format.Check(attributes, "map");
                ulong bits = format.Encode(attributes);
                Assert.True(expected == bits, $"{attributes}: expected 0x{expected:x}, got 0x{bits:x}");
                Assert.Equal(0UL, bits & ~format.AttributeMask);
                Stage2Attributes decoded = format.AttributesIn(bits | Stage2Format.Contiguous);
                Assert.True(decoded.IsContiguous);
                decoded = decoded with { IsContiguous = false };
                Stage2Attributes same = !HasShareability(format) ? attributes with { Shareability = Shareability.InnerShareable } : attributes;
                Assert.Equal(same, decoded);
                encoded++;
            }
        }

        Assert.InRange(encoded, 5000, int.MaxValue);
        Assert.InRange(refused, 5000, int.MaxValue);
    }

    [Fact]
    public void AnyDescriptorHasAttributes()
    {
        // Reserved values are decoded as something, and nothing but their fields matters.
        Prop.ForAll(ArbMap.Default.ArbFor<ulong>(), bits =>
        {
            ulong descriptor = bits * 0x9E37_79B9_7F4A_7C15;
            foreach (Stage2Format format in s_formats)
            {
                Stage2Attributes attributes = format.AttributesIn(descriptor);
                Assert.Equal(attributes, format.AttributesIn(descriptor & (format.AttributeMask | Stage2Format.Contiguous)));
                Assert.NotEqual((Shareability)1, attributes.Shareability);
                Assert.NotEmpty(attributes.ToString());
                if (format.LeafFields.WhyNot(attributes) is null)
                {
                    ulong again = format.Encode(attributes);
                    Assert.Equal(attributes with { IsContiguous = false }, format.AttributesIn(again));
                }
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));
    }

    [Fact]
    public void WhereARunEndsAddingDoesToo()
    {
        foreach (Stage2Format format in s_formats)
        {
            for (int bit = 44; bit < format.Layout.AddressBits; bit++)
            {
                ulong size = format.Granule.Size;
                foreach (ulong start in new[] { (1UL << bit) - (3 * size), 1UL << bit, 0UL })
                {
                    ulong run = format.PlainRun(start);
                    Assert.Equal(format.EncodeTable(start) + run - size, format.EncodeTable(start + run - size));
                    bool isLast = start + run >= 1UL << format.Layout.AddressBits;
                    Assert.True(isLast || format.EncodeTable(start) + run != format.EncodeTable(start + run));
                }
            }
        }
    }

    [Theory]
    [InlineData(12, -1, 0)]
    [InlineData(12, 0, 0)]
    [InlineData(12, 1, 16)]
    [InlineData(12, 2, 16)]
    [InlineData(12, 3, 16)]
    [InlineData(14, 1, 0)]
    [InlineData(14, 2, 32)]
    [InlineData(14, 3, 128)]
    [InlineData(16, 1, 0)]
    [InlineData(16, 2, 32)]
    [InlineData(16, 3, 32)]
    public void AContiguousRunHasTheManualsLength(int granule, int level, int count) =>
        Assert.Equal(Math.Max(count, 1), 1 << TranslationGranule.Of((GranuleSize)granule).ContiguousLog2(level));

    [Fact]
    public void OnlyAnInvalidDescriptorIsInTransition()
    {
        Assert.True(Stage2Format.IsInTransition(1UL << 56));
        Assert.True(Stage2Format.IsInTransition(ulong.MaxValue - 1));
        Assert.False(Stage2Format.IsInTransition(0));
        Assert.False(Stage2Format.IsInTransition(ulong.MaxValue));
    }

    private static bool IsLpa2(Stage2Format format) => format.Layout.AddressBits == 52 && format.Granule.SizeLog2 != 16;

    private static bool HasShareability(Stage2Format format) => !IsLpa2(format);

    /// <summary>Figures of the 4 KB, 16 KB and 64 KB descriptors: OA[47:m], with bits 51:48 in 15:12, or 49:48 in place and 51:50 in 9:8.</summary>
    private static ulong InBits(Stage2Format format, ulong address)
    {
        ulong low = address & 0x0000_FFFF_FFFF_FFFF;
        ulong high = address >> 48;
        return format.Layout.AddressBits == 48 ? low
            : format.Granule.SizeLog2 == 16 ? low | (high << 12)
            : low | ((high & 3) << 48) | ((high >> 2) << 8);
    }

    private static ulong? Expected(Stage2Format format, Stage2Attributes attributes)
    {
        bool forced = (format.LeafFields.Code & 1) != 0;
        bool xnx = (format.LeafFields.Code & 2) != 0;
        int? memAttr = ((int)attributes.MemoryType, forced) switch
        {
            ( <= 3 or 5, _) => (int)attributes.MemoryType,
            (15, true) => 6,
            (16, true) => 7,
            (16, false) => null,
            (var type, false) when type % 4 != 0 => type,
            _ => null,
        };
        int? xn = (attributes.Access & Stage2Access.Execute) switch
        {
            Stage2Access.Execute => 0,
            Stage2Access.None => 2,
            Stage2Access.ExecuteEl0 => xnx ? 1 : null,
            _ => xnx ? 3 : null,
        };
        bool sharedOtherwise = !HasShareability(format) && (int)attributes.MemoryType > 3 && attributes.Shareability != Shareability.InnerShareable;
        if (memAttr is null || xn is null || sharedOtherwise || (int)attributes.Shareability == 1)
        {
            return null;
        }

        ulong sh = HasShareability(format) ? (ulong)attributes.Shareability << 8 : 0;
        return ((ulong)memAttr << 2) | ((ulong)(attributes.Access & Stage2Access.ReadWrite) << 6) | sh | (attributes.HasAccessFlag ? 1UL << 10 : 0)
            | (attributes.HasDirtyBitModifier ? 1UL << 51 : 0) | ((ulong)xn << 53) | (attributes.HasSoftwareBit ? 1UL << 58 : 0);
    }

    private static IEnumerable<Stage2Attributes> AllAttributes() =>
        from type in s_types
        from access in new[] { Stage2Access.None, Stage2Access.Read, Stage2Access.Write, Stage2Access.ReadWrite }
        from execution in new[] { Stage2Access.None, Stage2Access.ExecuteEl0, Stage2Access.ExecuteEl1, Stage2Access.Execute }
        from shareability in new[] { 0, 1, 2, 3 }
        from flags in new[] { 0, 1, 2, 4, 7 }
        select new Stage2Attributes(access | execution, type, (Shareability)shareability, (flags & 1) != 0)
        {
            HasDirtyBitModifier = (flags & 2) != 0, HasSoftwareBit = (flags & 4) != 0,
        };
}
