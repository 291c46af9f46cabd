using System;
using System.IO;
using System.IO.Compression;
using HvIntrospect.Samples.Shared;

namespace HvIntrospect.Samples.El2Replay;

/// <summary>Reads the lines of a text that may be compressed by gzip, and may be anything: no line is kept that is longer than a case may be.</summary>
internal sealed class LineReader : IDisposable
{
    /// <summary>The most bytes of a line.</summary>
    public const int LongestLine = 1 << 26;

    private readonly Stream _stream;
    private readonly string _name;
    private byte[] _buffer = new byte[1 << 16];
    private int _start;
    private int _end;

    /// <param name="stream">The text.</param>
    /// <param name="name">What it is called when it cannot be read.</param>
    public LineReader(Stream stream, string name)
    {
        _name = name;
        _stream = stream;
        Fill();

        // The first two bytes of gzip are those of no text.
        if (_end >= 2 && _buffer[0] == 0x1F && _buffer[1] == 0x8B)
        {
            _stream = new GZipStream(new JoinedStream(_buffer.AsSpan(0, _end).ToArray(), stream), CompressionMode.Decompress);
            _end = 0;
        }
    }

    /// <summary>Gets the number of the last line, from 1.</summary>
    public long Line { get; private set; }

    /// <summary>Reads the next line that is not blank.</summary>
    /// <param name="line">Receives it, without its end; valid until the next call.</param>
    /// <returns>False at the end of the text.</returns>
    /// <exception cref="BadInputException">The text cannot be read, or a line is too long.</exception>
    public bool TryRead(out ReadOnlyMemory<byte> line)
    {
        while (TryReadAny(out line))
        {
            Line++;
            line = line.Trim(" \t\r\uFEFF"u8);
            if (!line.IsEmpty)
            {
                return true;
            }
        }

        return false;
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    private bool TryReadAny(out ReadOnlyMemory<byte> line)
    {
        int searched = 0;
        while (true)
        {
            int length = _buffer.AsSpan(_start + searched, _end - _start - searched).IndexOf((byte)'\n');
            if (length >= 0)
            {
                line = _buffer.AsMemory(_start, searched + length);
                _start += searched + length + 1;
                return true;
            }

            searched = _end - _start;
            if (!Fill())
            {
                line = _buffer.AsMemory(_start, searched);
                _start = _end;
                return searched != 0;
            }
        }
    }

    // Reads more behind what is there; false at the end.
    private bool Fill()
    {
        if (_start != 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }

        if (_end == _buffer.Length)
        {
            if (_end >= LongestLine)
            {
                throw new BadInputException($"{_name}, line {Line + 1}: longer than {LongestLine >> 20}M, the limit");
            }

            Array.Resize(ref _buffer, 2 * _end);
        }

        try
        {
            int count = _stream.Read(_buffer, _end, _buffer.Length - _end);
            _end += count;
            return count != 0;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new BadInputException($"{_name}: cannot be read: {exception.Message}");
        }
    }

    /// <summary>Bytes that were read already, and the rest of their stream.</summary>
    private sealed class JoinedStream(byte[] first, Stream rest) : Stream
    {
        private int _taken;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(Span<byte> buffer)
        {
            if (_taken == first.Length)
            {
                return rest.Read(buffer);
            }

            int count = Math.Min(buffer.Length, first.Length - _taken);
            first.AsSpan(_taken, count).CopyTo(buffer);
            _taken += count;
            return count;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            rest.Dispose();
            base.Dispose(disposing);
        }
    }
}
