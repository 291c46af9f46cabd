using System;
using System.Globalization;

namespace HvIntrospect;

/// <summary>A virtual address: what an instruction computes and Stage 1 translates.</summary>
/// <remarks>
/// Arm Architecture Reference Manual (DDI 0487), "The AArch64 Virtual Memory System Architecture".
/// Addresses of different spaces are different types, so that they cannot be mixed. The type is immutable and thread-safe.
/// </remarks>
public readonly struct Va : IEquatable<Va>, IComparable<Va>
{
    /// <summary>Makes an address from its 64-bit value.</summary>
    /// <param name="value">The address in bytes; every value is accepted.</param>
    public Va(ulong value)
    {
        Value = value;
    }

    /// <summary>Gets the address in bytes.</summary>
    public ulong Value { get; }

    /// <summary>Adds a byte offset. The sum wraps modulo 2^64, as the architecture computes virtual addresses.</summary>
    /// <param name="address">The address.</param>
    /// <param name="offset">Bytes to add.</param>
    /// <returns>The moved address.</returns>
    public static Va operator +(Va address, ulong offset) => new(unchecked(address.Value + offset));

    /// <summary>Subtracts one address from another; the distance wraps modulo 2^64.</summary>
    /// <param name="left">The address to subtract from.</param>
    /// <param name="right">The address to subtract.</param>
    /// <returns>The distance in bytes.</returns>
    public static ulong operator -(Va left, Va right) => unchecked(left.Value - right.Value);

    /// <summary>Compares for equality.</summary>
    /// <param name="left">One address.</param>
    /// <param name="right">The other address.</param>
    /// <returns>True when both are the same.</returns>
    public static bool operator ==(Va left, Va right) => left.Value == right.Value;

    /// <summary>Compares for inequality.</summary>
    /// <param name="left">One address.</param>
    /// <param name="right">The other address.</param>
    /// <returns>True when they differ.</returns>
    public static bool operator !=(Va left, Va right) => left.Value != right.Value;

    /// <summary>Tests whether one address is below another (unsigned).</summary>
    /// <param name="left">One address.</param>
    /// <param name="right">The other address.</param>
    /// <returns>True when <paramref name="left"/> is below.</returns>
    public static bool operator <(Va left, Va right) => left.Value < right.Value;

    /// <summary>Tests whether one address is above another (unsigned).</summary>
    /// <param name="left">One address.</param>
    /// <param name="right">The other address.</param>
    /// <returns>True when <paramref name="left"/> is above.</returns>
    public static bool operator >(Va left, Va right) => left.Value > right.Value;

    /// <summary>Tests whether one address is below or equal to another (unsigned).</summary>
    /// <param name="left">One address.</param>
    /// <param name="right">The other address.</param>
    /// <returns>True when <paramref name="left"/> is not above.</returns>
    public static bool operator <=(Va left, Va right) => left.Value <= right.Value;

    /// <summary>Tests whether one address is above or equal to another (unsigned).</summary>
    /// <param name="left">One address.</param>
    /// <param name="right">The other address.</param>
    /// <returns>True when <paramref name="left"/> is not below.</returns>
    public static bool operator >=(Va left, Va right) => left.Value >= right.Value;

    /// <summary>Rounds down to a multiple of a power of two.</summary>
    /// <param name="alignment">The alignment in bytes: a power of two, which is not checked.</param>
    /// <returns>The aligned address, not above this one.</returns>
    public Va AlignDown(ulong alignment) => new(Value & ~(alignment - 1));

    /// <summary>Gets the offset from the last multiple of a power of two.</summary>
    /// <param name="alignment">The alignment in bytes: a power of two, which is not checked.</param>
    /// <returns>0 up to <paramref name="alignment"/> - 1 bytes.</returns>
    public ulong OffsetIn(ulong alignment) => Value & (alignment - 1);

    /// <inheritdoc/>
    public int CompareTo(Va other) => Value.CompareTo(other.Value);

    /// <inheritdoc/>
    public bool Equals(Va other) => Value == other.Value;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Va other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Value.GetHashCode();

    /// <summary>Formats the address as 0x and hexadecimal digits.</summary>
    /// <returns>For example <c>0x40001000</c>.</returns>
    public override string ToString() => "0x" + Value.ToString("x", CultureInfo.InvariantCulture);
}
