using System;
using System.Collections.Generic;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Text.Json;

namespace HvIntrospect.Tests.Support;

/// <summary>
/// Finds and reads files of test vectors: those of the repository, and those of a folder of the same layout that an environment variable names.
/// A kind of vectors has a folder of its own; its files are <c>.jsonl</c> or <c>.jsonl.gz</c>, one JSON object a line.
/// </summary>
internal static class VectorFiles
{
    private const string ExtraFolderVariable = "HVINTROSPECT_EXTRA_VECTORS";

    /// <summary>Finds the files of one kind.</summary>
    public static IReadOnlyList<string> Find(string kind) => Find(kind, Environment.GetEnvironmentVariable(ExtraFolderVariable));

    /// <summary>Finds the files of one kind in the repository and, when a further folder is named, there. Fails when either has none.</summary>
    public static IReadOnlyList<string> Find(string kind, string? extraFolder)
    {
        List<string> files = [.. FilesOf(RepositoryFiles.PathOf(Path.Combine("tests", "vectors", kind)))];
        if (!string.IsNullOrEmpty(extraFolder))
        {
            // The named folder may also be the kind's own one.
            string ofKind = Path.Combine(extraFolder, kind);
            files.AddRange(FilesOf(Directory.Exists(ofKind) ? ofKind : extraFolder));
        }

        return files;
    }

    /// <summary>Reads the objects of a file.</summary>
    public static IEnumerable<JsonElement> Read(string file)
    {
        using Stream stream = File.OpenRead(file);
        using Stream text = file.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(stream, CompressionMode.Decompress) : stream;
        using var reader = new StreamReader(text);
        while (reader.ReadLine() is string line)
        {
            if (line.Length != 0)
            {
                using JsonDocument document = JsonDocument.Parse(line);
                yield return document.RootElement.Clone();
            }
        }
    }

    private static string[] FilesOf(string folder)
    {
        string[] files = Directory.Exists(folder)
            ? [.. Directory.EnumerateFiles(folder, "*.jsonl").Concat(Directory.EnumerateFiles(folder, "*.jsonl.gz")).Order(StringComparer.Ordinal)]
            : [];
        return files.Length != 0 ? files : throw new FileNotFoundException("The folder has no .jsonl or .jsonl.gz files of vectors.", folder);
    }
}
