using System;
using System.Globalization;

namespace HvIntrospect;

/// <summary>The 128 bits of one SIMD&amp;FP register.</summary>
/// <remarks>.NET Standard 2.0 has no 128-bit integer; the two halves are what a register file holds. Immutable and thread-safe.</remarks>
public readonly struct VectorRegister : IEquatable<VectorRegister>
{
    /// <summary>Makes a value from its halves.</summary>
    /// <param name="low">Bits 63:0.</param>
    /// <param name="high">Bits 127:64.</param>
    public VectorRegister(ulong low, ulong high)
    {
        Low = low;
        High = high;
    }

    /// <summary>Gets bits 63:0.</summary>
    public ulong Low { get; }

    /// <summary>Gets bits 127:64.</summary>
    public ulong High { get; }

    /// <summary>Compares for equality.</summary>
    /// <param name="left">One value.</param>
    /// <param name="right">The other value.</param>
    /// <returns>True when all 128 bits are the same.</returns>
    public static bool operator ==(VectorRegister left, VectorRegister right) => left.Equals(right);

    /// <summary>Compares for inequality.</summary>
    /// <param name="left">One value.</param>
    /// <param name="right">The other value.</param>
    /// <returns>True when some bit differs.</returns>
    public static bool operator !=(VectorRegister left, VectorRegister right) => !left.Equals(right);

    /// <inheritdoc/>
    public bool Equals(VectorRegister other) => Low == other.Low && High == other.High;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is VectorRegister other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => unchecked((Low.GetHashCode() * 397) ^ High.GetHashCode());

    /// <summary>Formats all 128 bits as 0x and 32 hexadecimal digits.</summary>
    /// <returns>The text.</returns>
    public override string ToString() =>
        "0x" + High.ToString("x16", CultureInfo.InvariantCulture) + Low.ToString("x16", CultureInfo.InvariantCulture);
}
