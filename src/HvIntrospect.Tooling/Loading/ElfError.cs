using System;
using System.Globalization;

namespace HvIntrospect.Tooling.Loading;

/// <summary>What is wrong with an ELF file and where.</summary>
/// <remarks>Immutable and thread-safe. The default value says that nothing is wrong.</remarks>
public readonly struct ElfError : IEquatable<ElfError>
{
    private readonly string? _what;

    /// <summary>Makes an error.</summary>
    /// <param name="kind">What is wrong.</param>
    /// <param name="fileOffset">Where in the file the wrong field is, in bytes.</param>
    /// <param name="what">What is wrong, in words, without the place.</param>
    /// <exception cref="ArgumentNullException"><paramref name="what"/> is null.</exception>
    public ElfError(ElfErrorKind kind, long fileOffset, string what)
    {
        Kind = kind;
        FileOffset = fileOffset;
        _what = what ?? throw new ArgumentNullException(nameof(what));
    }

    /// <summary>Gets what is wrong.</summary>
    public ElfErrorKind Kind { get; }

    /// <summary>Gets where in the file the wrong field is, in bytes.</summary>
    public long FileOffset { get; }

    /// <summary>Gets one line that says what is wrong and where.</summary>
    public string Message => _what is null
        ? "Nothing is wrong."
        : string.Format(CultureInfo.InvariantCulture, "{0} (at file offset 0x{1:x})", _what, FileOffset);

    /// <summary>Compares for equality.</summary>
    /// <param name="left">One error.</param>
    /// <param name="right">The other error.</param>
    /// <returns>True when both say the same.</returns>
    public static bool operator ==(ElfError left, ElfError right) => left.Equals(right);

    /// <summary>Compares for inequality.</summary>
    /// <param name="left">One error.</param>
    /// <param name="right">The other error.</param>
    /// <returns>True when they differ.</returns>
    public static bool operator !=(ElfError left, ElfError right) => !left.Equals(right);

    /// <inheritdoc/>
    public bool Equals(ElfError other) => Kind == other.Kind && FileOffset == other.FileOffset && _what == other._what;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is ElfError other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => unchecked(((int)Kind * 397) ^ FileOffset.GetHashCode());

    /// <summary>Gets <see cref="Message"/>.</summary>
    /// <returns>The message.</returns>
    public override string ToString() => Message;
}
