using System;
using System.Globalization;

namespace HvIntrospect.Translation;

/// <summary>The memory type and cacheability of a Stage 1 translation: one attribute byte of MAIR_EL1.</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), "MAIR_EL1, Memory Attribute Indirection Register". Immutable and thread-safe.</remarks>
public readonly struct MemoryAttributes : IEquatable<MemoryAttributes>
{
    // Tagged Normal memory, which is Write-Back whatever its lower half says.
    private const byte Tagged = 0xF0;

    /// <summary>Makes attributes from an Attr field.</summary>
    /// <param name="value">The byte.</param>
    public MemoryAttributes(byte value)
    {
        Value = value;
    }

    /// <summary>Gets Device-nGnRnE, the type of data while Stage 1 is off.</summary>
    public static MemoryAttributes DeviceNGnRnE => new(0x00);

    /// <summary>Gets Normal, Inner and Outer Non-cacheable.</summary>
    public static MemoryAttributes NormalNonCacheable => new(0x44);

    /// <summary>Gets Normal, Inner and Outer Write-Back, Read-Allocate, Write-Allocate.</summary>
    public static MemoryAttributes NormalWriteBack => new(0xFF);

    /// <summary>Gets Tagged Normal Write-Back, what HCR_EL2.DC and DCT give (FEAT_MTE2).</summary>
    public static MemoryAttributes NormalTagged => new(Tagged);

    /// <summary>Gets Normal, Inner and Outer Write-Through, Read-Allocate: instruction fetches while Stage 1 is off and SCTLR_EL1.I is 1.</summary>
    public static MemoryAttributes NormalWriteThrough => new(0xAA);

    /// <summary>Gets the Attr field.</summary>
    public byte Value { get; }

    /// <summary>Gets a value indicating whether the memory is Device, so that unaligned accesses fault. The UNPREDICTABLE encodings with a zero upper half count as Device.</summary>
    public bool IsDevice => (Value & 0xF0) == 0;

    /// <summary>Gets a value indicating whether the memory is Normal, Inner and Outer Write-Back Cacheable, where FEAT_LSE2 makes more accesses single-copy atomic.</summary>
    public bool IsWriteBack => Value == Tagged || (IsWriteBackHalf(Value >> 4) && IsWriteBackHalf(Value & 15));

    /// <summary>Gets a value indicating whether the memory is Normal, Inner and Outer Non-cacheable; 0x40 says so with FEAT_XS.</summary>
    public bool IsNonCacheable => Value is 0x44 or 0x40;

    /// <summary>Gets a value indicating whether the memory has Allocation Tags: Tagged Normal Write-Back (FEAT_MTE2; otherwise the encoding is reserved).</summary>
    public bool IsTagged => Value == Tagged;

    /// <summary>Compares for equality.</summary>
    /// <param name="left">One value.</param>
    /// <param name="right">The other value.</param>
    /// <returns>True when both are the same.</returns>
    public static bool operator ==(MemoryAttributes left, MemoryAttributes right) => left.Value == right.Value;

    /// <summary>Compares for inequality.</summary>
    /// <param name="left">One value.</param>
    /// <param name="right">The other value.</param>
    /// <returns>True when they differ.</returns>
    public static bool operator !=(MemoryAttributes left, MemoryAttributes right) => left.Value != right.Value;

    /// <inheritdoc/>
    public bool Equals(MemoryAttributes other) => Value == other.Value;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is MemoryAttributes other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Value;

    /// <summary>Formats the kind and the field.</summary>
    /// <returns>For example <c>Normal 0xff</c>.</returns>
    public override string ToString() => (IsDevice ? "Device 0x" : "Normal 0x") + Value.ToString("x2", CultureInfo.InvariantCulture);

    /// <summary>Transient or not, with any allocation hints but none at all, which says Non-cacheable or is UNPREDICTABLE.</summary>
    private static bool IsWriteBackHalf(int half) => (half & 4) != 0 && half != 4;
}
