using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Text.Json;
using HvIntrospect.Samples.Shared;

namespace HvIntrospect.Samples.El2Replay;

/// <summary>Replays files, line by line.</summary>
internal sealed class FileReplay : IDisposable
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(200);
    private static readonly string[] s_worlds = ["envs.jsonl", "envs.jsonl.gz"];

    private readonly Replayer _replayer;
    private readonly ConsoleOutput _console;
    private readonly JsonLines _lines;
    private readonly long _started = Stopwatch.GetTimestamp();
    private TimeSpan _nextStatus = s_interval;
    private long _count;

    /// <param name="replayer">Plays the cases; this disposes it.</param>
    /// <param name="console">Where everything goes.</param>
    public FileReplay(Replayer replayer, ConsoleOutput console)
    {
        _replayer = replayer;
        _console = console;
        _lines = new JsonLines(console);
    }

    /// <summary>Gets a value indicating whether a case could not be replayed.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>Replays a file.</summary>
    /// <param name="path">Its path, or what it is called.</param>
    /// <param name="stream">Its content; null to open it.</param>
    /// <exception cref="BadInputException">It cannot be read, or a line is no case.</exception>
    public void Play(string path, Stream? stream)
    {
        if (stream is not null)
        {
            PlayLines("standard input", stream);
            return;
        }

        foreach (string worlds in s_worlds)
        {
            string beside = Path.Combine(Path.GetDirectoryName(path) ?? string.Empty, worlds);
            if (Path.GetFileName(path) != worlds && File.Exists(beside))
            {
                PlayLines(beside, Open(beside));
            }
        }

        PlayLines(path, Open(path));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _lines.Dispose();
        _replayer.Dispose();
    }

    private static FileStream Open(string path)
    {
        if (path.Length == 0)
        {
            throw new BadInputException("the name of a file is empty");
        }

        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
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

    private void PlayLines(string name, Stream stream)
    {
        using var lines = new LineReader(stream, name);
        while (lines.TryRead(out ReadOnlyMemory<byte> line))
        {
            string where = string.Create(CultureInfo.InvariantCulture, $"{name}, line {lines.Line}");
            try
            {
                using JsonDocument document = JsonDocument.Parse(line);
                PlayLine(where, document.RootElement);
            }
            catch (JsonException exception)
            {
                throw new BadInputException($"{where}: is no JSON object: {exception.Message}");
            }

            ShowStatus(name);
        }
    }

    private void PlayLine(string where, JsonElement line)
    {
        if (Replayer.IsWorld(line))
        {
            try
            {
                _replayer.Remember(line);
            }
            catch (BadCaseException exception)
            {
                throw new BadInputException($"{where}: {exception.Message}");
            }

            return;
        }

        if (!line.TryGet("id", out JsonElement id) || id.Text() is null)
        {
            throw new BadInputException($"{where}: is neither a world nor a case with an 'id'");
        }

        _lines.Json.WriteStartObject();
        try
        {
            _replayer.Play(line, _lines.Json);
        }
        catch (BadCaseException exception)
        {
            HasFailed = true;
            _lines.Json.WriteString("error"u8, exception.Message);
            _console.WriteError($"El2Replay: {where}: {exception.Message}");
        }

        _lines.End();
        _count++;
    }

    private void ShowStatus(string name)
    {
        TimeSpan elapsed = Stopwatch.GetElapsedTime(_started);
        if (elapsed >= _nextStatus)
        {
            _nextStatus = elapsed + s_interval;
            _console.ShowStatus(string.Create(CultureInfo.InvariantCulture, $"{name}: {_count:N0} cases, {_count / elapsed.TotalSeconds:N0} a second"));
        }
    }
}
