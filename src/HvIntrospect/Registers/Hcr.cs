using System.Globalization;

namespace HvIntrospect.Registers;

/// <summary>HCR_EL2: what of the guest is virtualized, trapped and routed to EL2.</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), "HCR_EL2, Hypervisor Configuration Register". Immutable and thread-safe.</remarks>
public readonly record struct Hcr
{
    /// <summary>Makes a value from the register.</summary>
    /// <param name="value">All 64 bits.</param>
    public Hcr(ulong value)
    {
        Value = value;
    }

    /// <summary>Gets all 64 bits.</summary>
    public ulong Value { get; }

    /// <summary>Tells whether some of the given bits are set.</summary>
    /// <param name="bits">One bit, or several of which any will do.</param>
    /// <returns>True when at least one is set.</returns>
    public bool Has(HcrBits bits) => (Value & (ulong)bits) != 0;

    /// <summary>Gets this value with bits set or cleared.</summary>
    /// <param name="bits">The bits to change.</param>
    /// <param name="set">Their new value.</param>
    /// <returns>The changed value.</returns>
    public Hcr With(HcrBits bits, bool set = true) => new(set ? Value | (ulong)bits : Value & ~(ulong)bits);

    /// <summary>Formats the register value.</summary>
    /// <returns>For example <c>0x80000001</c>.</returns>
    public override string ToString() => "0x" + Value.ToString("x", CultureInfo.InvariantCulture);
}
