using HvIntrospect.Peers;
using HvIntrospect.Tests.Support;
using Xunit;

namespace HvIntrospect.Tests.Peers;

public sealed class CapstoneDecoderTests
{
    [CapstoneFact]
    public void A_word_becomes_text()
    {
        using CapstoneDecoder decoder = new();

        Assert.Equal("ldr x2, [x1], #8", decoder.Disassemble(0xf8408422));
    }

    [CapstoneFact]
    public void Unallocated_words_are_not_counted()
    {
        using CapstoneDecoder decoder = new();

        Assert.Equal(2, decoder.CountDecoded([0xf8408422, 0, 0xd503201f]));
        Assert.Null(decoder.Disassemble(0));
    }
}
