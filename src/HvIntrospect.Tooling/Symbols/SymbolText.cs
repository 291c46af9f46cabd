using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.IO;

namespace HvIntrospect.Tooling.Symbols;

/// <summary>Reads the symbols of a kernel as text: System.map, what <c>nm</c> prints, or /proc/kallsyms.</summary>
/// <remarks>
/// <para>A line is an address of up to 16 hexadecimal digits, a letter and a name; a module in brackets behind it is passed over. The letters are those of <c>nm</c>: T and W are
/// functions, a lower-case letter is local, A is absolute, and U has no address and is left out. Sizes are unknown: a symbol reaches to the next one.</para>
/// <para>The text may be hostile: reading takes time in proportion to its length and memory within the limits that the constants state. Static and without state.</para>
/// </remarks>
public static class SymbolText
{
    /// <summary>The most symbols that a text may have.</summary>
    public const int MaximumSymbols = 0x10_0000;

    /// <summary>The most characters that a line may have.</summary>
    public const int MaximumLineLength = 1024;

    /// <summary>The most characters that a text may have.</summary>
    public const int MaximumLength = 0x400_0000;

    /// <summary>Reads a text to its end.</summary>
    /// <param name="reader">The text; what it throws passes through.</param>
    /// <param name="symbols">Receives the symbols in the order of the text, at least one; or null.</param>
    /// <param name="error">Receives what is wrong.</param>
    /// <returns>False when the text is not such a list; then nothing of it is used.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="reader"/> is null.</exception>
    public static bool TryRead(TextReader reader, [NotNullWhen(true)] out IReadOnlyList<Symbol>? symbols, out SymbolTextError error)
    {
        _ = reader ?? throw new ArgumentNullException(nameof(reader));
        var list = new List<Symbol>();
        var lines = new BoundedLines(reader);
        bool hasAddress = false;
        symbols = null;
        while (lines.TryRead(out ReadOnlySpan<char> line))
        {
            ReadOnlySpan<char> rest = line.Trim();
            if (rest.IsEmpty || IsUndefined(rest))
            {
                continue;
            }

            if (!TryParse(rest, out Symbol symbol))
            {
                error = new SymbolTextError(SymbolTextErrorKind.Malformed, lines.Number, "a line is not an address, a letter and a name");
                return false;
            }

            if (list.Count == MaximumSymbols)
            {
                error = new SymbolTextError(SymbolTextErrorKind.LimitExceeded, lines.Number, "more than 1,048,576 symbols");
                return false;
            }

            hasAddress |= symbol.Address.Value != 0;
            list.Add(symbol);
        }

        error = lines.Limit is string limit ? new SymbolTextError(SymbolTextErrorKind.LimitExceeded, lines.Number, limit)
            : list.Count == 0 ? new SymbolTextError(SymbolTextErrorKind.NoSymbol, lines.Number, "there is no symbol")
            : !hasAddress ? new SymbolTextError(
                SymbolTextErrorKind.Restricted, lines.Number, "all addresses are 0: the kernel hides them; read the file as root with kernel.kptr_restrict at 0 or 1")
            : default;
        symbols = error == default ? list : null;
        return symbols is not null;
    }

    // nm leaves the address blank.
    private static bool IsUndefined(ReadOnlySpan<char> line) => line.Length > 2 && line[0] is 'U' or 'w' or 'v' && line[1] == ' ';

    private static bool TryParse(ReadOnlySpan<char> line, out Symbol symbol)
    {
        symbol = default;
        ReadOnlySpan<char> address = NextWord(ref line);
        ReadOnlySpan<char> letter = NextWord(ref line);
        ReadOnlySpan<char> name = NextWord(ref line);
        ReadOnlySpan<char> module = NextWord(ref line);
        bool isModule = module.IsEmpty || (module[0] == '[' && module[module.Length - 1] == ']');
        if (letter.Length != 1 || name.IsEmpty || !isModule || !line.IsEmpty || !TryParseHex(address, out ulong value))
        {
            return false;
        }

        char type = letter[0];
        SymbolKind kind = type switch
        {
            'T' or 't' or 'W' or 'w' or 'i' => SymbolKind.Function,
            'D' or 'd' or 'B' or 'b' or 'R' or 'r' or 'G' or 'g' or 'S' or 's' or 'V' or 'v' or 'u' or 'C' or 'c' => SymbolKind.Object,
            _ => SymbolKind.NoType,
        };
        SymbolBinding binding = type switch
        {
            'W' or 'w' or 'V' or 'v' => SymbolBinding.Weak,
            >= 'A' and <= 'Z' or 'u' or 'i' => SymbolBinding.Global,
            _ => SymbolBinding.Local,
        };
        symbol = new Symbol(name.ToString(), new Va(value), 0, kind, binding, type is 'A' or 'a');
        return true;
    }

    private static ReadOnlySpan<char> NextWord(ref ReadOnlySpan<char> line)
    {
        int end = line.IndexOfAny(' ', '\t');
        ReadOnlySpan<char> word = end < 0 ? line : line.Slice(0, end);
        line = line.Slice(word.Length).TrimStart();
        return word;
    }

    private static bool TryParseHex(ReadOnlySpan<char> text, out ulong value)
    {
        value = 0;
        foreach (char character in text)
        {
            int digit = character switch
            {
                >= '0' and <= '9' => character - '0',
                >= 'a' and <= 'f' => character - 'a' + 10,
                >= 'A' and <= 'F' => character - 'A' + 10,
                _ => -1,
            };
            if (digit < 0)
            {
                return false;
            }

            value = (value << 4) | (uint)digit;
        }

        return text.Length is >= 1 and <= 16;
    }

    /// <summary>Cuts a text into lines without ever holding more of it than one may have.</summary>
    private ref struct BoundedLines
    {
        private readonly TextReader _reader;
        private readonly char[] _block;
        private readonly char[] _line;
        private int _position;
        private int _end;
        private long _length;

        public BoundedLines(TextReader reader)
        {
            _reader = reader;
            _block = new char[4096];
            _line = new char[MaximumLineLength];
        }

        /// <summary>Gets the number of lines that were begun.</summary>
        public long Number { get; private set; }

        /// <summary>Gets which limit ended the reading; null when it was the text's end.</summary>
        public string? Limit { get; private set; }

        public bool TryRead(out ReadOnlySpan<char> line)
        {
            int length = 0;
            line = default;
            while (true)
            {
                if (_position == _end && !TryFill())
                {
                    line = _line.AsSpan(0, length);
                    return length != 0 && Limit is null;
                }

                if (length == 0)
                {
                    Number++;
                }

                char character = _block[_position++];
                if (character == '\n')
                {
                    line = _line.AsSpan(0, length);
                    return true;
                }

                if (length == _line.Length)
                {
                    Limit = "a line has more than 1024 characters";
                    return false;
                }

                _line[length++] = character;
            }
        }

        private bool TryFill()
        {
            _position = 0;
            _end = _reader.Read(_block, 0, _block.Length);
            _length += _end;
            Limit = _length > MaximumLength ? "more than 67,108,864 characters" : null;
            return _end > 0 && Limit is null;
        }
    }
}
