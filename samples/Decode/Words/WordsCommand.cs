using System.Collections.Generic;
using System.IO;
using System.Linq;
using HvIntrospect.A64;
using HvIntrospect.Registers;
using HvIntrospect.Samples.Shared;

namespace HvIntrospect.Samples.Decode.Words;

/// <summary>Prints words, from the command line or else from standard input.</summary>
/// <param name="Words">The words as they were typed.</param>
/// <param name="Features">What the decoder knows.</param>
/// <param name="IsJson">True to print JSON objects, one a line.</param>
internal sealed record WordsCommand(IReadOnlyList<string> Words, A64Features Features, bool IsJson) : ICommand
{
    /// <inheritdoc/>
    public void Run(Stream input, ConsoleOutput console)
    {
        uint[] words = [.. Words.Select(WordReader.Parse)];
        using var output = new OutputBuffer(console.Data);
        var printer = new WordPrinter(new A64Decoder(Features), output, IsJson);
        foreach (uint word in words)
        {
            printer.Print(word);
        }

        if (words.Length == 0)
        {
            Print(new WordReader(input), printer, output);
        }
    }

    private static void Print(WordReader reader, WordPrinter printer, OutputBuffer output)
    {
        uint word;
        while (reader.Fill())
        {
            while (reader.TryTake(out word))
            {
                printer.Print(word);
            }

            // Whoever sends words one by one gets each answer before the next question.
            output.Flush();
        }

        if (reader.TryTake(out word))
        {
            printer.Print(word);
        }
    }
}
