using System;
using System.Globalization;

namespace HvIntrospect;

/// <summary>An intermediate physical address: what the guest believes to be physical; the output of Stage 1 and the input of Stage 2.</summary>
/// <remarks>
/// Arm Architecture Reference Manual (DDI 0487), "The AArch64 Virtual Memory System Architecture".
/// Addresses of different spaces are different types, so that they cannot be mixed. The type is immutable and thread-safe.
/// </remarks>
public readonly struct Ipa : IEquatable<Ipa>, IComparable<Ipa>
{
    /// <summary>Makes an address from its 64-bit value.</summary>
    /// <param name="value">The address in bytes; every value is accepted.</param>
    public Ipa(ulong value)
    {
        Value = value;
    }

    /// <summary>Gets the address in bytes.</summary>
    public ulong Value { get; }

    /// <summary>Adds a byte offset. The sum is checked: a physical address that wraps is a mistake, never an address.</summary>
    /// <param name="address">The address.</param>
    /// <param name="offset">Bytes to add.</param>
    /// <returns>The moved address.</returns>
    /// <exception cref="OverflowException">The result does not fit in 64 bits.</exception>
    public static Ipa operator +(Ipa address, ulong offset) => new(checked(address.Value + offset));

    /// <summary>Subtracts one address from another; the distance wraps modulo 2^64.</summary>
    /// <param name="left">The address to subtract from.</param>
    /// <param name="right">The address to subtract.</param>
    /// <returns>The distance in bytes.</returns>
    public static ulong operator -(Ipa left, Ipa right) => unchecked(left.Value - right.Value);

    /// <summary>Compares for equality.</summary>
    /// <param name="left">One address.</param>
    /// <param name="right">The other address.</param>
    /// <returns>True when both are the same.</returns>
    public static bool operator ==(Ipa left, Ipa right) => left.Value == right.Value;

    /// <summary>Compares for inequality.</summary>
    /// <param name="left">One address.</param>
    /// <param name="right">The other address.</param>
    /// <returns>True when they differ.</returns>
    public static bool operator !=(Ipa left, Ipa right) => left.Value != right.Value;

    /// <summary>Tests whether one address is below another (unsigned).</summary>
    /// <param name="left">One address.</param>
    /// <param name="right">The other address.</param>
    /// <returns>True when <paramref name="left"/> is below.</returns>
    public static bool operator <(Ipa left, Ipa right) => left.Value < right.Value;

    /// <summary>Tests whether one address is above another (unsigned).</summary>
    /// <param name="left">One address.</param>
    /// <param name="right">The other address.</param>
    /// <returns>True when <paramref name="left"/> is above.</returns>
    public static bool operator >(Ipa left, Ipa right) => left.Value > right.Value;

    /// <summary>Tests whether one address is below or equal to another (unsigned).</summary>
    /// <param name="left">One address.</param>
    /// <param name="right">The other address.</param>
    /// <returns>True when <paramref name="left"/> is not above.</returns>
    public static bool operator <=(Ipa left, Ipa right) => left.Value <= right.Value;

    /// <summary>Tests whether one address is above or equal to another (unsigned).</summary>
    /// <param name="left">One address.</param>
    /// <param name="right">The other address.</param>
    /// <returns>True when <paramref name="left"/> is not below.</returns>
    public static bool operator >=(Ipa left, Ipa right) => left.Value >= right.Value;

    /// <summary>Rounds down to a multiple of a power of two.</summary>
    /// <param name="alignment">The alignment in bytes: a power of two, which is not checked.</param>
    /// <returns>The aligned address, not above this one.</returns>
    public Ipa AlignDown(ulong alignment) => new(Value & ~(alignment - 1));

    /// <summary>Gets the offset from the last multiple of a power of two.</summary>
    /// <param name="alignment">The alignment in bytes: a power of two, which is not checked.</param>
    /// <returns>0 up to <paramref name="alignment"/> - 1 bytes.</returns>
    public ulong OffsetIn(ulong alignment) => Value & (alignment - 1);

    /// <inheritdoc/>
    public int CompareTo(Ipa other) => Value.CompareTo(other.Value);

    /// <inheritdoc/>
    public bool Equals(Ipa other) => Value == other.Value;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Ipa other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Value.GetHashCode();

    /// <summary>Formats the address as 0x and hexadecimal digits.</summary>
    /// <returns>For example <c>0x40001000</c>.</returns>
    public override string ToString() => "0x" + Value.ToString("x", CultureInfo.InvariantCulture);
}
