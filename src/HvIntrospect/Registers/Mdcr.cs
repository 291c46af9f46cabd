using System.Globalization;

namespace HvIntrospect.Registers;

/// <summary>MDCR_EL2: who owns the debug and performance registers.</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), "MDCR_EL2, Monitor Debug Configuration Register (EL2)". Immutable and thread-safe.</remarks>
public readonly record struct Mdcr
{
    /// <summary>Makes a value from the register.</summary>
    /// <param name="value">All 64 bits.</param>
    public Mdcr(ulong value)
    {
        Value = value;
    }

    /// <summary>Gets all 64 bits.</summary>
    public ulong Value { get; }

    /// <summary>Tells whether some of the given bits are set.</summary>
    /// <param name="bits">One bit, or several of which any will do.</param>
    /// <returns>True when at least one is set.</returns>
    public bool Has(MdcrBits bits) => (Value & (ulong)bits) != 0;

    /// <summary>Gets this value with bits set or cleared.</summary>
    /// <param name="bits">The bits to change.</param>
    /// <param name="set">Their new value.</param>
    /// <returns>The changed value.</returns>
    public Mdcr With(MdcrBits bits, bool set = true) => new(set ? Value | (ulong)bits : Value & ~(ulong)bits);

    /// <summary>Formats the register value.</summary>
    /// <returns>For example <c>0x80000001</c>.</returns>
    public override string ToString() => "0x" + Value.ToString("x", CultureInfo.InvariantCulture);
}
