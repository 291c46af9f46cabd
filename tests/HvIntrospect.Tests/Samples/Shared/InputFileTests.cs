using System.IO;
using System.IO.Compression;
using HvIntrospect.Samples.Shared;
using HvIntrospect.Tests.Support;
using Xunit;

namespace HvIntrospect.Tests.Samples.Shared;

public sealed class InputFileTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(0x1_0000)]
    [InlineData(0x1_0001)]
    [InlineData(200_000)]
    public void WhatIsWithinTheLimitIsReadWhole(int size)
    {
        byte[] content = Content(size);

        Assert.Equal(content, InputFile.Read(new MemoryStream(content), size));
        Assert.Equal(content, InputFile.Read(WithoutLength(content), size));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(0x1_0001)]
    [InlineData(200_000)]
    public void WhatIsBeyondTheLimitIsRefused(int size)
    {
        Assert.Null(InputFile.Read(new MemoryStream(Content(size)), size - 1));
        Assert.Null(InputFile.Read(WithoutLength(Content(size)), size - 1));
    }

    [Fact]
    public void AFileBeyondTheLimitIsNamed()
    {
        using var folder = new TemporaryFolder();
        string path = folder.PathOf("large");
        using (FileStream sparse = File.Create(path))
        {
            sparse.SetLength(InputFile.MaximumSize + 1L);
        }

        BadInputException exception = Assert.Throws<BadInputException>(() => InputFile.Read(path));
        Assert.Equal($"{path}: more than 1024M, the limit", exception.Message);
    }

    private static byte[] Content(int size)
    {
        byte[] content = new byte[size];
        for (int index = 0; index < size; index++)
        {
            content[index] = (byte)(index * 31 >> 3);
        }

        return content;
    }

    /// <summary>A stream that, as a pipe, cannot seek and delivers what it likes.</summary>
    private static ZLibStream WithoutLength(byte[] content)
    {
        var packed = new MemoryStream();
        using (var packer = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            packer.Write(content);
        }

        packed.Position = 0;
        return new ZLibStream(packed, CompressionMode.Decompress);
    }
}
