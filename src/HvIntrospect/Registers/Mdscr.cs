using System;
using System.Globalization;

namespace HvIntrospect.Registers;

/// <summary>MDSCR_EL1: the monitor debug system control.</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), "MDSCR_EL1, Monitor Debug System Control Register". Immutable and thread-safe.</remarks>
public readonly struct Mdscr : IEquatable<Mdscr>
{
    private const ulong SsBit = 1;
    private const ulong KdeBit = 1UL << 13;
    private const ulong MdeBit = 1UL << 15;

    /// <summary>Makes a value from the register.</summary>
    /// <param name="value">All 64 bits.</param>
    public Mdscr(ulong value)
    {
        Value = value;
    }

    /// <summary>Gets all 64 bits.</summary>
    public ulong Value { get; }

    /// <summary>Gets a value indicating whether SS enables software step.</summary>
    public bool SoftwareStep => (Value & SsBit) != 0;

    /// <summary>Gets a value indicating whether KDE enables debug exceptions from the Exception level that takes them.</summary>
    public bool KernelDebugEnable => (Value & KdeBit) != 0;

    /// <summary>Gets a value indicating whether MDE enables breakpoints, watchpoints and vector catch.</summary>
    public bool MonitorDebugEnable => (Value & MdeBit) != 0;

    /// <summary>Compares for equality.</summary>
    /// <param name="left">One value.</param>
    /// <param name="right">The other value.</param>
    /// <returns>True when all bits are the same.</returns>
    public static bool operator ==(Mdscr left, Mdscr right) => left.Value == right.Value;

    /// <summary>Compares for inequality.</summary>
    /// <param name="left">One value.</param>
    /// <param name="right">The other value.</param>
    /// <returns>True when some bit differs.</returns>
    public static bool operator !=(Mdscr left, Mdscr right) => left.Value != right.Value;

    /// <summary>Gets this value with SS set or cleared.</summary>
    /// <param name="step">The new bit.</param>
    /// <returns>The changed value.</returns>
    public Mdscr WithSoftwareStep(bool step) => new(step ? Value | SsBit : Value & ~SsBit);

    /// <inheritdoc/>
    public bool Equals(Mdscr other) => Value == other.Value;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Mdscr other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Value.GetHashCode();

    /// <summary>Formats the register value.</summary>
    /// <returns>For example <c>0x1</c>.</returns>
    public override string ToString() => "0x" + Value.ToString("x", CultureInfo.InvariantCulture);
}
