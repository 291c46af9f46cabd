using System;
using System.IO;

namespace HvIntrospect.Samples.Shared;

/// <summary>Files that a user names.</summary>
internal static class InputFile
{
    /// <summary>The most bytes that a file may have: more than any program's, and little enough that a device without an end does not take all memory.</summary>
    public const int MaximumSize = 1 << 30;

    /// <summary>Reads a file, or what a pipe or a device delivers until it ends.</summary>
    /// <param name="path">Its path.</param>
    /// <returns>Its bytes.</returns>
    /// <exception cref="BadInputException">It does not exist, cannot be read, or is larger than <see cref="MaximumSize"/>.</exception>
    public static byte[] Read(string path)
    {
        if (path.Length == 0)
        {
            throw new BadInputException("the name of a file is empty");
        }

        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
            return Read(file, MaximumSize) ?? throw new BadInputException($"{path}: more than {MaximumSize >> 20}M, the limit");
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new BadInputException($"{path}: there is no such file");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new BadInputException($"{path}: cannot be read: {exception.Message}");
        }
    }

    /// <summary>Reads a stream to its end.</summary>
    /// <param name="stream">The stream. One that can seek tells its length; another one is read until it ends.</param>
    /// <param name="limit">The most bytes.</param>
    /// <returns>The bytes, or null when there are more than <paramref name="limit"/>.</returns>
    internal static byte[]? Read(Stream stream, int limit)
    {
        const int Piece = 1 << 16;
        if (stream.CanSeek && stream.Length > limit)
        {
            return null;
        }

        using var bytes = new MemoryStream(stream.CanSeek ? (int)stream.Length : 0);
        byte[] piece = new byte[Piece];
        for (int count; (count = stream.Read(piece)) != 0;)
        {
            if (bytes.Length + count > limit)
            {
                return null;
            }

            bytes.Write(piece, 0, count);
        }

        return bytes.ToArray();
    }
}
