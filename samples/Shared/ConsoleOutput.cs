using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Spectre.Console;

namespace HvIntrospect.Samples.Shared;

/// <summary>The two streams of a sample: data on standard output, everything about the run on standard error.</summary>
/// <remarks>
/// Colours and the status line need a terminal; NO_COLOR takes the colours away. Output is buffered, so whoever ends the program flushes and disposes this.
/// Not thread-safe.
/// </remarks>
internal sealed class ConsoleOutput : IDisposable
{
    private const int WidthWithoutTerminal = 200;
    private const int BufferSize = 0x1_0000;
    private const int BrokenPipe = 32;

    private readonly IAnsiConsole _output;
    private readonly IAnsiConsole _error;
    private bool _hasStatus;

    /// <summary>Makes an output over any two streams.</summary>
    /// <param name="output">Receives data, in large pieces.</param>
    /// <param name="error">Receives messages and the status line.</param>
    /// <param name="isOutputTerminal">True when a person looks at <paramref name="output"/>.</param>
    /// <param name="isErrorTerminal">True when a person looks at <paramref name="error"/>.</param>
    public ConsoleOutput(Stream output, TextWriter error, bool isOutputTerminal, bool isErrorTerminal)
    {
        Data = new BufferedStream(new OutputStream(output), BufferSize);
        Output = new StreamWriter(Data, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), bufferSize: BufferSize, leaveOpen: true) { NewLine = "\n" };
        Error = error;
        _output = Create(Output, isOutputTerminal);
        _error = Create(error, isErrorTerminal);
        IsOutputTerminal = isOutputTerminal;
        CanShowStatus = isErrorTerminal && _error.Profile.Capabilities.Ansi;
    }

    /// <summary>Gets a value indicating whether a person looks at the data.</summary>
    public bool IsOutputTerminal { get; }

    /// <summary>Gets a value indicating whether <see cref="ShowStatus"/> shows anything.</summary>
    public bool CanShowStatus { get; }

    /// <summary>Gets the data stream for bytes; never mix it with <see cref="Output"/>.</summary>
    public Stream Data { get; }

    /// <summary>Gets the data stream for text.</summary>
    public StreamWriter Output { get; }

    /// <summary>Gets the stream for messages.</summary>
    public TextWriter Error { get; }

    /// <summary>Opens the streams of this process.</summary>
    /// <returns>The output.</returns>
    public static ConsoleOutput OpenProcess() => new(OpenOutput(), Console.Error, !Console.IsOutputRedirected, !Console.IsErrorRedirected);

    /// <summary>Says why the output cannot be written. Nothing is said when its reader has gone away, as <c>head</c> does.</summary>
    /// <param name="program">The program's name.</param>
    /// <param name="exception">What a write has thrown.</param>
    public void WriteOutputError(string program, IOException exception)
    {
        if (exception.HResult != BrokenPipe)
        {
            WriteError($"{program}: the output cannot be written: {exception.Message}");
        }
    }

    /// <summary>Writes one line of data, in full whatever the terminal's width is.</summary>
    /// <param name="line">The line without its end.</param>
    public void WriteLine(string line)
    {
        ClearStatus();
        Output.WriteLine(Visible(line));
        if (IsOutputTerminal)
        {
            Flush();
        }
    }

    /// <summary>Writes a table of names and values.</summary>
    /// <param name="title">What it shows.</param>
    /// <param name="rows">The names and values.</param>
    /// <param name="toError">True to write it to standard error.</param>
    public void WriteTable(string title, IEnumerable<(string Name, string Value)> rows, bool toError = false)
    {
        ClearStatus();
        var table = new Table { Border = TableBorder.Rounded, Title = new TableTitle(Markup.Escape(title)) };
        table.AddColumn(new TableColumn(string.Empty).NoWrap()).AddColumn(new TableColumn(string.Empty).NoWrap()).HideHeaders();
        foreach ((string name, string value) in rows)
        {
            table.AddRow(new Text(name), new Text(Visible(value)));
        }

        (toError ? _error : _output).Write(table);
        Flush();
    }

    /// <summary>Writes one line to standard error.</summary>
    /// <param name="message">What is wrong.</param>
    public void WriteError(string message)
    {
        ClearStatus();
        Output.Flush();
        Error.WriteLine(Visible(message));
        Error.Flush();
    }

    /// <summary>Shows a line that the next one replaces; nothing where nobody would see it.</summary>
    /// <param name="text">The line.</param>
    public void ShowStatus(string text)
    {
        if (CanShowStatus)
        {
            Error.Write("\r\e[K" + text);
            Error.Flush();
            _hasStatus = true;
        }
    }

    /// <summary>Takes the status line away.</summary>
    public void ClearStatus()
    {
        if (_hasStatus)
        {
            Error.Write("\r\e[K");
            Error.Flush();
            _hasStatus = false;
        }
    }

    /// <summary>Hands everything to whoever reads the streams.</summary>
    public void Flush()
    {
        Output.Flush();
        Data.Flush();
        Error.Flush();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        ClearStatus();
        Flush();
        Output.Dispose();
    }

    /// <summary>Names in files that nobody has checked must neither steer a terminal nor turn the order of its text around.</summary>
    private static string Visible(string text) => text.Any(IsInvisible) ? string.Concat(text.Select(character => IsInvisible(character) ? '?' : character)) : text;

    private static bool IsInvisible(char character) => character > '~'
        ? char.IsControl(character) || char.GetUnicodeCategory(character) is UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        : character < ' ' && character != '\t';

    private static Stream OpenOutput()
    {
        // The console's own stream says nothing of a reader that has gone away; this one does, but keeps a place of its own in files.
        const nint StandardOutput = 1;
        if (!OperatingSystem.IsWindows())
        {
            var pipe = new FileStream(new SafeFileHandle(StandardOutput, ownsHandle: false), FileAccess.Write, bufferSize: 0);
            if (!pipe.CanSeek)
            {
                return pipe;
            }
        }

        return Console.OpenStandardOutput();
    }

    private static IAnsiConsole Create(TextWriter writer, bool isTerminal)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = isTerminal ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = isTerminal && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")) ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(writer),
        });
        if (!isTerminal)
        {
            console.Profile.Width = WidthWithoutTerminal;
        }

        return console;
    }
}
