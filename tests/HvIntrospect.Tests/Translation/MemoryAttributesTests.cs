using HvIntrospect.Translation;
using Xunit;

namespace HvIntrospect.Tests.Translation;

/// <summary>What one byte of MAIR_EL1 says.</summary>
public sealed class MemoryAttributesTests
{
    [Theory]
    [InlineData(0xFF, true)]
    [InlineData(0x77, true)] // transient
    [InlineData(0xDE, true)]
    [InlineData(0xF0, true)] // tagged
    [InlineData(0x44, false)] // Non-cacheable
    [InlineData(0x4F, false)] // outer Non-cacheable
    [InlineData(0xF4, false)]
    [InlineData(0xAA, false)] // Write-Through
    [InlineData(0xFB, false)]
    [InlineData(0x3F, false)]
    [InlineData(0x04, false)] // Device
    public void WriteBackMeansBothHalves(int value, bool isWriteBack) => Assert.Equal(isWriteBack, new MemoryAttributes((byte)value).IsWriteBack);
}
