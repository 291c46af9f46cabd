using System;
using System.Globalization;

namespace HvIntrospect;

/// <summary>A non-empty range of intermediate physical addresses.</summary>
/// <remarks>The last byte is at most 2^64 - 1; the range never wraps. Immutable and thread-safe. The default value is the empty range at 0.</remarks>
public readonly struct IpaRange : IEquatable<IpaRange>
{
    /// <summary>Makes a range.</summary>
    /// <param name="start">The first byte.</param>
    /// <param name="length">The length in bytes, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="length"/> is 0, or the range would pass 2^64.</exception>
    public IpaRange(Ipa start, ulong length)
    {
        if (length == 0)
        {
            throw new ArgumentOutOfRangeException(nameof(length), length, "A range is at least 1 byte long.");
        }

        if (length - 1 > ulong.MaxValue - start.Value)
        {
            throw new ArgumentOutOfRangeException(nameof(length), length, "The range passes the end of the 64-bit address space.");
        }

        Start = start;
        Length = length;
    }

    /// <summary>Gets the first byte.</summary>
    public Ipa Start { get; }

    /// <summary>Gets the length in bytes.</summary>
    public ulong Length { get; }

    /// <summary>Gets the last byte of the range, inclusive.</summary>
    public Ipa Last => new(unchecked(Start.Value + Length - 1));

    /// <summary>Compares for equality.</summary>
    /// <param name="left">One range.</param>
    /// <param name="right">The other range.</param>
    /// <returns>True when both are the same.</returns>
    public static bool operator ==(IpaRange left, IpaRange right) => left.Equals(right);

    /// <summary>Compares for inequality.</summary>
    /// <param name="left">One range.</param>
    /// <param name="right">The other range.</param>
    /// <returns>True when they differ.</returns>
    public static bool operator !=(IpaRange left, IpaRange right) => !left.Equals(right);

    /// <summary>Tests whether an address lies in the range.</summary>
    /// <param name="address">The address.</param>
    /// <returns>True when it does.</returns>
    public bool Contains(Ipa address) => unchecked(address.Value - Start.Value) < Length;

    /// <summary>Tests whether some bytes all lie in the range.</summary>
    /// <param name="address">The first byte.</param>
    /// <param name="length">The number of bytes; 0 is contained wherever its address is.</param>
    /// <returns>True when they do.</returns>
    public bool Contains(Ipa address, ulong length)
    {
        ulong offset = unchecked(address.Value - Start.Value);
        return offset < Length && length <= Length - offset;
    }

    /// <summary>Tests whether some bytes and the range share at least one byte.</summary>
    /// <param name="address">The first byte.</param>
    /// <param name="length">The number of bytes, at least 1; must not pass 2^64.</param>
    /// <returns>True when they overlap.</returns>
    public bool Overlaps(Ipa address, ulong length) =>
        unchecked(address.Value - Start.Value) < Length || unchecked(Start.Value - address.Value) < length;

    /// <summary>Tests whether two ranges share at least one byte.</summary>
    /// <param name="other">The other range.</param>
    /// <returns>True when they overlap.</returns>
    public bool Overlaps(IpaRange other) => Length != 0 && other.Length != 0 && Overlaps(other.Start, other.Length);

    /// <inheritdoc/>
    public bool Equals(IpaRange other) => Start == other.Start && Length == other.Length;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is IpaRange other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => unchecked((Start.GetHashCode() * 397) ^ Length.GetHashCode());

    /// <summary>Formats the range as start and length.</summary>
    /// <returns>For example <c>0x40001000+0x10</c>.</returns>
    public override string ToString() => Start.ToString() + "+0x" + Length.ToString("x", CultureInfo.InvariantCulture);
}
