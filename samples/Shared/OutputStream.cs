using System;
using System.IO;

namespace HvIntrospect.Samples.Shared;

/// <summary>A stream to whoever reads the output. The first write that fails throws; what is written after it is lost, so that a program can still end in order.</summary>
internal sealed class OutputStream(Stream stream) : Stream
{
    private bool _hasFailed;

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (_hasFailed)
        {
            return;
        }

        try
        {
            stream.Write(buffer);
        }
        catch (IOException)
        {
            _hasFailed = true;
            throw;
        }
        catch (UnauthorizedAccessException exception)
        {
            // So .NET names a descriptor that is closed or was opened for reading only.
            _hasFailed = true;
            throw new IOException(exception.Message, exception);
        }
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Flush()
    {
        if (!_hasFailed)
        {
            stream.Flush();
        }
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();
}
