using System.Globalization;

namespace HvIntrospect.Registers;

/// <summary>SCTLR_EL1: the system control of EL1 and EL0.</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), "SCTLR_EL1, System Control Register (EL1)". Immutable and thread-safe.</remarks>
public readonly record struct Sctlr
{
    private const int Tcf0Shift = 38;
    private const int TcfShift = 40;

    /// <summary>Makes a value from the register.</summary>
    /// <param name="value">All 64 bits.</param>
    public Sctlr(ulong value)
    {
        Value = value;
    }

    /// <summary>Gets all 64 bits.</summary>
    public ulong Value { get; }

    /// <summary>Tells whether some of the given bits are set.</summary>
    /// <param name="bits">One bit, or several of which any will do.</param>
    /// <returns>True when at least one is set.</returns>
    public bool Has(SctlrBits bits) => (Value & (ulong)bits) != 0;

    /// <summary>Gets this value with bits set or cleared.</summary>
    /// <param name="bits">The bits to change.</param>
    /// <param name="set">Their new value.</param>
    /// <returns>The changed value.</returns>
    public Sctlr With(SctlrBits bits, bool set = true) => new(set ? Value | (ulong)bits : Value & ~(ulong)bits);

    /// <summary>Gets TCF: what a failed tag check of an access at EL1 leads to (FEAT_MTE2).</summary>
    public TagCheckFaults TagCheckFaults => (TagCheckFaults)((Value >> TcfShift) & 3);

    /// <summary>Gets TCF0: what a failed tag check of an access at EL0 leads to (FEAT_MTE2).</summary>
    public TagCheckFaults TagCheckFaultsEl0 => (TagCheckFaults)((Value >> Tcf0Shift) & 3);

    /// <summary>Formats the register value.</summary>
    /// <returns>For example <c>0x80000001</c>.</returns>
    public override string ToString() => "0x" + Value.ToString("x", CultureInfo.InvariantCulture);
}
