using HvIntrospect.Interpreter.Semantics;
using Xunit;

namespace HvIntrospect.Tests.Interpreter.Semantics;

public sealed class Qarma5Tests
{
    /// <summary>The vector that the cipher's paper gives for five rounds and the S-box sigma 2.</summary>
    [Fact]
    public void TheBlockOfThePaperIsEncryptedAsThere() =>
        Assert.Equal(0xC003_B939_99B3_3765, Qarma5.Encrypt(0xFB62_3599_DA6E_8127, 0x477D_469D_EC0B_8762, 0x84BE_85CE_9804_E94B, 0xEC28_02D4_E0A4_88E9));
}
