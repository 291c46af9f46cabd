using System;
using System.Globalization;
using System.Linq;
using System.Runtime.CompilerServices;
using HvIntrospect.A64;
using HvIntrospect.Registers;
using HvIntrospect.Tests.Support;
using Xunit;

namespace HvIntrospect.Tests.A64;

/// <summary>What a decoder says of single words, by group and by feature set.</summary>
public sealed class A64DecoderTests
{
    private const uint LdrPostIndexed = 0xf840_8422;
    private const uint LdrPostIndexedOverItself = 0xf840_8421;
    private const uint Prfm = 0xf8a0_4914;
    private const uint Rprfm = 0xf8a3_4b1c;

    private static readonly A64Decoder s_base = new(A64Features.Armv8_0);

    [Fact]
    public void TheRecordsHaveTheirSizes()
    {
        Assert.Equal(32, Unsafe.SizeOf<LoadStoreAccess>());
        Assert.Equal(8, Unsafe.SizeOf<A64Instruction>());
        Assert.Equal(64, Unsafe.SizeOf<LoadStorePlan>());
    }

    [Fact]
    public void APostIndexedLoadIsDecoded()
    {
        Assert.True(A64Decoder.Default.TryDecodeLoadStore(LdrPostIndexed, out LoadStoreAccess access));
        Assert.Equal("LDR_64_ldst_immpost", access.EncodingId);
        Assert.Equal(LoadStoreClass.ImmediatePostIndexed, access.Class);
        Assert.Equal((LoadStoreKind.Load, AddressingMode.PostIndexed), (access.Kind, access.AddressingMode));
        Assert.Equal((2, 1, 8, 8), (access.Rt, access.Rn, access.Immediate, access.ElementSize));
        Assert.True(access.HasWriteback);
        Assert.False(access.ReportsSyndrome);
        Assert.Equal("ldr x2, [x1], #8", access.ToString());
    }

    /// <summary>Interpolated strings write an instruction where they are asked to; what does not fit is said.</summary>
    [Fact]
    public void InstructionsAreFormattedIntoSpans()
    {
        A64Decoder.Default.DecodeLoadStore(LdrPostIndexed, out LoadStoreAccess access);
        A64Instruction instruction = A64Decoder.Default.Decode(LdrPostIndexed);
        char[] text = new char[64];
        Assert.True(text.AsSpan().TryWrite($"<{access}|{instruction}>", out int written));
        Assert.Equal("<ldr x2, [x1], #8|ldr x2, [x1], #8>", text[..written]);
        Assert.False(text.AsSpan(0, 16).TryWrite($"<{access}>", out _));
        Assert.Equal("ldr x2, [x1], #8", string.Format(CultureInfo.InvariantCulture, "{0}", access));
    }

    [Fact]
    public void AnUnpredictableLoadIsNeverPlain()
    {
        Assert.False(A64Decoder.Default.TryDecodeLoadStore(LdrPostIndexedOverItself, out _));
        Assert.Equal(LoadStoreStatus.ConstrainedUnpredictable, A64Decoder.Default.DecodeLoadStore(LdrPostIndexedOverItself, out LoadStoreAccess access));
        Assert.Equal(ConstrainedUnpredictable.WritebackOverlapsLoad, access.Unpredictable);
    }

    [Theory]
    [InlineData(0xd503201f, LoadStoreStatus.NotLoadStore)] // nop
    [InlineData(0xd50b7420, LoadStoreStatus.NotLoadStore)] // dc zva, x0: it writes memory, and is a system instruction
    [InlineData(0xa400a000, LoadStoreStatus.NotLoadStore)] // ld1b, SVE
    [InlineData(0x00000000, LoadStoreStatus.NotLoadStore)]
    [InlineData(0xffffffff, LoadStoreStatus.NotLoadStore)]
    [InlineData(0xdc000000, LoadStoreStatus.Unallocated)] // literal, V=1, opc=11
    [InlineData(0xe8c00400, LoadStoreStatus.MissingFeature)] // ldtp, FEAT_LSUI
    public void OtherWordsLeaveNoAccess(uint word, LoadStoreStatus expected)
    {
        Assert.Equal(expected, A64Decoder.Default.DecodeLoadStore(word, out LoadStoreAccess access));
        Assert.Equal((0, string.Empty, LoadStoreKind.None), (access.EncodingIndex, access.EncodingId, access.Kind));
    }

    [Theory]
    [InlineData(0xd503201f, DecodeStatus.Allocated, EncodingGroup.BranchesSystem)]
    [InlineData(0x91000421, DecodeStatus.Allocated, EncodingGroup.DataProcessingImmediate)]
    [InlineData(0x8b010000, DecodeStatus.Allocated, EncodingGroup.DataProcessingRegister)]
    [InlineData(0x1e602820, DecodeStatus.Allocated, EncodingGroup.FloatingPointSimd)]
    [InlineData(LdrPostIndexed, DecodeStatus.Allocated, EncodingGroup.LoadStores)]
    [InlineData(LdrPostIndexedOverItself, DecodeStatus.Allocated, EncodingGroup.LoadStores)]
    [InlineData(0xa400a000, DecodeStatus.NotModelled, EncodingGroup.Sve)]
    [InlineData(0xc0080000, DecodeStatus.NotModelled, EncodingGroup.Sme)]
    [InlineData(0x02000000, DecodeStatus.Unallocated, EncodingGroup.Unallocated)]
    [InlineData(0x08207c01, DecodeStatus.Unallocated, EncodingGroup.LoadStores)] // casp with an odd register
    [InlineData(0xe8c00400, DecodeStatus.MissingFeature, EncodingGroup.LoadStores)]
    public void WordsOfAllGroupsAreTold(uint word, DecodeStatus status, EncodingGroup group)
    {
        A64Instruction instruction = A64Decoder.Default.Decode(word);
        Assert.Equal((word, status, group), (instruction.Word, instruction.Status, instruction.Group));
        Assert.Equal(status is DecodeStatus.Unallocated or DecodeStatus.MissingFeature, instruction.IsUnallocated);
        Assert.Equal(status != DecodeStatus.Unallocated, instruction.EncodingIndex != 0);
        Assert.Equal(instruction.EncodingId, A64Decoder.GetEncodingId(instruction.EncodingIndex));
    }

    [Theory]
    [InlineData(0x58000000, StepClass.PcRelative)] // ldr x0, literal
    [InlineData(0xc85f7c00, StepClass.Exclusive)] // ldxr
    [InlineData(0x19000441, StepClass.Resumable)] // cpyfp
    [InlineData(LdrPostIndexed, StepClass.PositionIndependent)]
    [InlineData(0x02000000, StepClass.ExceptionGenerating)] // unallocated: it takes the exception of an undefined instruction
    public void TheStepClassIsTold(uint word, StepClass expected)
    {
        Assert.Equal(expected, A64Decoder.Default.Decode(word).StepClass);
    }

    [Theory]
    [InlineData(0xb8210000, A64Features.LSE)] // ldadd
    [InlineData(0x08a07c01, A64Features.LSE)] // casb
    [InlineData(0xd9200801, A64Features.MTE)] // stg
    [InlineData(0xd9e00001, A64Features.MTE2)] // ldgm
    [InlineData(0x19000441, A64Features.MOPS)] // cpyfp
    [InlineData(0xf83fd000, A64Features.LS64)] // ld64b
    [InlineData(0xf820b000, A64Features.LS64_V)] // st64bv
    [InlineData(0xf8200400, A64Features.PAuth)] // ldraa
    [InlineData(0xf8bfc000, A64Features.LRCPC)] // ldapr
    [InlineData(0x99000000, A64Features.LRCPC2)] // stlur
    [InlineData(0xd9c00801, A64Features.LRCPC3)] // ldapr with writeback
    [InlineData(0x08df7c00, A64Features.LOR)] // ldlarb
    [InlineData(0x19211000, A64Features.LSE128)] // ldclrp
    [InlineData(0x38209000, A64Features.THE)] // rcwclr
    [InlineData(0xd91f0c00, A64Features.GCS)] // gcsstr
    public void AFeatureThatIsMissingMakesItsWordsUnallocated(uint word, A64Features feature)
    {
        Assert.Equal(LoadStoreStatus.Valid, A64Decoder.Default.DecodeLoadStore(word, out _));
        Assert.Equal(LoadStoreStatus.Valid, new A64Decoder(feature).DecodeLoadStore(word, out _));
        Assert.Equal(LoadStoreStatus.MissingFeature, s_base.DecodeLoadStore(word, out LoadStoreAccess access));
        Assert.Equal(0, access.EncodingIndex);
        Assert.Equal(LoadStoreStatus.MissingFeature, new A64Decoder(A64Features.All & ~feature).DecodeLoadStore(word, out _));

        A64Instruction instruction = s_base.Decode(word);
        Assert.Equal((DecodeStatus.MissingFeature, feature), (instruction.Status, instruction.Feature));
        Assert.True(instruction.IsUnallocated);
    }

    [Fact]
    public void TheRangePrefetchIsAPlainPrefetchWithoutItsFeature()
    {
        Assert.Equal("RPRFM_r_ldst_regoff", A64Decoder.Default.Decode(Rprfm).EncodingId);
        Assert.Equal("PRFM_p_ldst_regoff", s_base.Decode(Rprfm).EncodingId);
        Assert.True(s_base.TryDecodeLoadStore(Rprfm, out LoadStoreAccess access));
        Assert.Equal("prfm #28, [x24, w3, uxtw]", access.ToString());
        Assert.Equal("PRFM_p_ldst_regoff", A64Decoder.Default.Decode(Prfm).EncodingId);
    }

    [Fact]
    public void EveryRowsFeatureDecides()
    {
        foreach (EncodingRow row in EncodingTable.Instance.Rows.Where(row => row.Feature != A64Features.Armv8_0 && row.Feature != A64Features.RPRFM))
        {
            uint word = row.AllocatedWord();
            Assert.Equal((DecodeStatus.MissingFeature, row.Id), (s_base.Decode(word).Status, s_base.Decode(word).EncodingId));
        }
    }

    [Theory]
    [InlineData(LdrPostIndexed, "ldr x2, [x1], #8")]
    [InlineData(LdrPostIndexedOverItself, "ldr x1, [x1], #8")]
    [InlineData(0x1e602820, ".inst 0x1e602820 // FADD_D_floatdp2")]
    [InlineData(0xa400a000, ".inst 0xa400a000 // SVE")]
    [InlineData(0xdc000000, ".inst 0xdc000000")]
    [InlineData(0xe8c00400, ".inst 0xe8c00400")] // allocated by a later extension
    public void InstructionsAreWrittenAsText(uint word, string expected)
    {
        A64Instruction instruction = A64Decoder.Default.Decode(word);
        Assert.Equal(expected, instruction.ToString());
        Assert.Equal(expected, $"{instruction}");
        Assert.Equal(instruction, A64Decoder.Default.Decode(word));
        Assert.NotEqual(instruction, A64Decoder.Default.Decode(word ^ 1));
        if (A64Decoder.Default.DecodeLoadStore(word, out LoadStoreAccess access) is LoadStoreStatus.Valid or LoadStoreStatus.ConstrainedUnpredictable)
        {
            Assert.Equal(expected, $"{access}");
        }
        else
        {
            Assert.Equal(".inst 0x00000000", access.ToString());
        }
    }

    [Theory]
    [InlineData(A64Features.Armv8_1, A64Features.LSE, A64Features.LRCPC)]
    [InlineData(A64Features.Armv8_3, A64Features.LRCPC | A64Features.LSE, A64Features.MTE)]
    [InlineData(A64Features.All, A64Features.GCS | A64Features.LSE128, A64Features.LSUI)]
    public void ArchitectureVersionsContainTheirFeatures(A64Features version, A64Features contained, A64Features lacked)
    {
        Assert.Equal(contained, version & contained);
        Assert.Equal(A64Features.Armv8_0, version & lacked);
    }

    [Fact]
    public void DecodingAndFormattingAllocateNothing()
    {
        uint[] words = [.. EncodingTable.Instance.Rows.Select(row => row.AllocatedWord())];
        char[] text = new char[A64Formatter.MaximumLength];
        int written = Pass(words, text);
        Assert.Equal(0, Allocation.Of(() => Pass(words, text)));
        Assert.True(written > 10 * words.Length);

        static int Pass(uint[] words, Span<char> text)
        {
            int written = 0;
            foreach (uint word in words)
            {
                _ = A64Decoder.Default.DecodeLoadStore(word, out LoadStoreAccess access);
                _ = access.TryFormat(text, out int length);
                _ = A64Decoder.Default.Decode(word).TryFormat(text, out int longer);
                written += Math.Max(length, longer);
            }

            return written;
        }
    }
}
