using System;
using System.Globalization;

namespace HvIntrospect.Tooling.Symbols;

/// <summary>What is wrong with a list of symbols and where.</summary>
/// <remarks>Immutable and thread-safe. The default value says that nothing is wrong.</remarks>
public readonly struct SymbolTextError : IEquatable<SymbolTextError>
{
    private readonly string? _what;

    internal SymbolTextError(SymbolTextErrorKind kind, long line, string what)
    {
        Kind = kind;
        Line = line;
        _what = what;
    }

    /// <summary>Gets what is wrong.</summary>
    public SymbolTextErrorKind Kind { get; }

    /// <summary>Gets the number of the line, from 1, that was being read.</summary>
    public long Line { get; }

    /// <summary>Gets one line that says what is wrong and where.</summary>
    public string Message => _what is null ? "Nothing is wrong." : string.Format(CultureInfo.InvariantCulture, "{0} (at line {1})", _what, Line);

    /// <summary>Compares for equality.</summary>
    /// <param name="left">One error.</param>
    /// <param name="right">The other error.</param>
    /// <returns>True when both say the same.</returns>
    public static bool operator ==(SymbolTextError left, SymbolTextError right) => left.Equals(right);

    /// <summary>Compares for inequality.</summary>
    /// <param name="left">One error.</param>
    /// <param name="right">The other error.</param>
    /// <returns>True when they differ.</returns>
    public static bool operator !=(SymbolTextError left, SymbolTextError right) => !left.Equals(right);

    /// <inheritdoc/>
    public bool Equals(SymbolTextError other) => Kind == other.Kind && Line == other.Line && _what == other._what;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is SymbolTextError other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => unchecked(((int)Kind * 397) ^ Line.GetHashCode());

    /// <summary>Gets <see cref="Message"/>.</summary>
    /// <returns>The message.</returns>
    public override string ToString() => Message;
}
