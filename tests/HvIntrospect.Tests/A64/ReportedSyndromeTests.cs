using HvIntrospect.A64;
using Xunit;

namespace HvIntrospect.Tests.A64;

/// <summary>Which instructions report their syndrome (ISV=1) with a Stage 2 abort, class by class.</summary>
public sealed class ReportedSyndromeTests
{
    [Theory]
    [InlineData(0xf9400441, "ldr x1, [x2, #8]", true, true)]
    [InlineData(0x39000441, "strb w1, [x2, #1]", true, true)]
    [InlineData(0x789fd041, "ldursh x1, [x2, #-3]", true, true)]
    [InlineData(0xb8635841, "ldr w1, [x2, w3, uxtw #2]", true, true)]
    [InlineData(0xf8008be1, "sttr x1, [sp, #8]", true, true)]
    [InlineData(0xf900005f, "str xzr, [x2]", true, true)]
    [InlineData(0xf8408441, "ldr x1, [x2], #8", false, false)]
    [InlineData(0x38001c41, "strb w1, [x2, #1]!", false, false)]
    [InlineData(0x58000041, "ldr x1, #8", false, true)]
    [InlineData(0xf9800040, "prfm pldl1keep, [x2]", false, false)]
    [InlineData(0xc8dffc41, "ldar x1, [x2]", true, true)]
    [InlineData(0x089ffc41, "stlrb w1, [x2]", true, true)]
    [InlineData(0xc8df7c41, "ldlar x1, [x2]", true, true)]
    [InlineData(0xf8bfc041, "ldapr x1, [x2]", false, true)]
    [InlineData(0xd9408041, "ldapur x1, [x2, #8]", true, true)]
    [InlineData(0x99000041, "stlur w1, [x2]", true, true)]
    [InlineData(0xd9800841, "stlr x1, [x2, #-8]!", false, true)]
    [InlineData(0xd9c00841, "ldapr x1, [x2], #8", false, false)]
    [InlineData(0xf8201441, "ldraa x1, [x2, #8]", true, true)]
    [InlineData(0xf8201c41, "ldraa x1, [x2, #8]!", false, false)]
    [InlineData(0xa9400c41, "ldp x1, x3, [x2]", false, false)]
    [InlineData(0x29000c41, "stp w1, w3, [x2]", false, false)]
    [InlineData(0x3dc00041, "ldr q1, [x2]", false, false)]
    [InlineData(0xdd400841, "ldapur d1, [x2]", false, false)]
    [InlineData(0xc85f7c41, "ldxr x1, [x2]", false, false)]
    [InlineData(0xc8037c41, "stxr w3, x1, [x2]", false, false)]
    [InlineData(0xf8210043, "ldadd x1, x3, [x2]", false, false)]
    [InlineData(0xc8e1fc43, "casal x1, x3, [x2]", false, false)]
    [InlineData(0xb8218043, "swp w1, w3, [x2]", false, false)]
    [InlineData(0xf83fd040, "ld64b x0, [x2]", true, true)]
    [InlineData(0xf821b044, "st64bv x1, x4, [x2]", true, true)]
    [InlineData(0xd9200841, "stg x1, [x2]", false, false)]
    [InlineData(0x4c407041, "ld1 { v1.16b }, [x2]", false, false)]
    [InlineData(0x19020461, "cpyfp [x1]!, [x2]!, x3!", false, false)]
    [InlineData(0xd91f0c41, "gcsstr x1, [x2]", false, false)]
    public void TheClassDecides(uint word, string text, bool reports, bool mayReport)
    {
        Assert.True(A64Decoder.Default.TryDecodeLoadStore(word, out LoadStoreAccess access));
        Assert.Equal((text, reports, mayReport), (access.ToString(), access.ReportsSyndrome, access.MayReportSyndrome));
    }
}
