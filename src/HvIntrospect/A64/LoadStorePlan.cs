using System.Runtime.InteropServices;

namespace HvIntrospect.A64;

/// <summary>What the decoder needs to make a <see cref="LoadStoreAccess"/> of a word that matches one row: a cache line a row.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct LoadStorePlan
{
    /// <summary>The bit of <see cref="SlowPath"/> that sends every word of the row through the slow path.</summary>
    public const ulong AlwaysSlow = 1UL << 63;

    /// <summary>The fixed bits of the row and their values; a plan that stands for no row matches no word.</summary>
    public uint Mask;

    /// <inheritdoc cref="Mask"/>
    public uint Value;

    /// <summary>
    /// The record without its operands, in the parts that its constructor takes: 31 for each register that the encoding does
    /// not name with the flags, identity, sizes, and the immediate that it implies.
    /// </summary>
    public ulong RegistersAndFlags;

    /// <inheritdoc cref="RegistersAndFlags"/>
    public ulong Identity;

    /// <inheritdoc cref="RegistersAndFlags"/>
    public ulong Sizes;

    /// <summary>
    /// For rows that are slow when two registers are equal, bit 4 for Rt and Rn, bit 9 for Rn and Rt2, bit 36 for Rt and Rt2; <see cref="AlwaysSlow"/>
    /// for rows whose operands are not in the simple form or that have more to check.
    /// </summary>
    public ulong SlowPath;

    /// <inheritdoc cref="RegistersAndFlags"/>
    public uint ImpliedImmediate;

    /// <summary>The mask of the immediate at bit 0; 0 when the encoding has none, or one in two parts.</summary>
    public uint ImmediateMask;

    /// <summary>The sign bit of the immediate at bit 0; 0 when it is unsigned.</summary>
    public uint ImmediateSign;

    /// <summary>The should-be-one bits of the word.</summary>
    public uint ShouldBeOne;

    /// <summary>The lowest bit of the immediate in the word, and the left shift that makes bytes of it.</summary>
    public byte ImmediatePosition;

    /// <inheritdoc cref="ImmediatePosition"/>
    public byte ImmediateScale;

    /// <summary>How the operands lie in the word; the simple form is the fast one.</summary>
    public LoadStoreForm Form;

    /// <summary>The reasons for CONSTRAINED UNPREDICTABLE that words of the row can have.</summary>
    public ConstrainedUnpredictable PossibleReasons;

    /// <summary>The condition that makes a word of the row UNDEFINED.</summary>
    public UndefinedRule UndefinedRule;
}
