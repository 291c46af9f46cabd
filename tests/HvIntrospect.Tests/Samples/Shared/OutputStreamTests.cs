using System;
using System.IO;
using HvIntrospect.Samples.Shared;
using Xunit;

namespace HvIntrospect.Tests.Samples.Shared;

public sealed class OutputStreamTests
{
    [Fact]
    public void TheFirstFailureIsAnIOExceptionAndWhatFollowsIsLost()
    {
        AssertFails(new IOException("Broken pipe"), "Broken pipe");

        // A closed descriptor, or one that was opened for reading.
        AssertFails(new UnauthorizedAccessException("Access to the path is denied."), "Access to the path is denied.");
    }

    private static void AssertFails(Exception failure, string message)
    {
        var target = new FailingStream(failure);
        using var output = new OutputStream(target);

        IOException exception = Assert.Throws<IOException>(() => output.Write("data"u8));
        Assert.Equal(message, exception.Message);
        output.Write("more"u8);
        output.Flush();
        Assert.Equal(1, target.Writes);
    }

    private sealed class FailingStream(Exception failure) : MemoryStream
    {
        public int Writes { get; private set; }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            Writes++;
            throw failure;
        }
    }
}
