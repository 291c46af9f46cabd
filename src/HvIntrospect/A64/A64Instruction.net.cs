using System;

namespace HvIntrospect.A64;

/// <content>Formatting into spans by interpolated strings.</content>
public readonly partial struct A64Instruction : ISpanFormattable
{
    /// <inheritdoc/>
    bool ISpanFormattable.TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider) =>
        TryFormat(destination, out charsWritten);

    /// <inheritdoc/>
    string IFormattable.ToString(string? format, IFormatProvider? formatProvider) => ToString();
}
