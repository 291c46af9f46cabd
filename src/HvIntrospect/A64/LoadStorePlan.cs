using System.Runtime.InteropServices;

namespace HvIntrospect.A64;

/// <summary>What the decoder needs to make a <see cref="LoadStoreAccess"/> of a word that matches one row: a cache line a row.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct LoadStorePlan
{
    /// <summary>The fixed bits of the row and their values; a plan that stands for no row matches no word.</summary>
    public uint Mask;

    /// <inheritdoc cref="Mask"/>
    public uint Value;

    /// <summary>The record without registers, in the parts that its constructor takes: immediate that the encoding implies, flags, identity, sizes.</summary>
    public uint ImpliedImmediate;

    /// <inheritdoc cref="ImpliedImmediate"/>
    public uint Flags;

    /// <inheritdoc cref="ImpliedImmediate"/>
    public ulong Identity;

    /// <inheritdoc cref="ImpliedImmediate"/>
    public ulong Sizes;

    /// <summary>31 in the byte of each register that the encoding does not name.</summary>
    public uint AbsentRegisters;

    /// <summary>The mask of the immediate at bit 0; 0 when the encoding has none, or one in two parts.</summary>
    public uint ImmediateMask;

    /// <summary>The sign bit of the immediate at bit 0; 0 when it is unsigned.</summary>
    public uint ImmediateSign;

    /// <summary>
    /// Bits 5, 13 and 21 for rows that are slow when Rt and Rn, Rn and Rt2, Rt and Rt2 are equal; bit 31 for rows that always are: those whose
    /// operands are not in the simple form or have more to check.
    /// </summary>
    public uint SlowPath;

    /// <summary>The should-be-one bits of the word.</summary>
    public uint ShouldBeOne;

    /// <summary>The lowest bit of the immediate in the word, and the left shift that makes bytes of it.</summary>
    public byte ImmediatePosition;

    /// <inheritdoc cref="ImmediatePosition"/>
    public byte ImmediateScale;

    /// <summary>The left shift of an index register when the S bit is set.</summary>
    public byte IndexShift;

    /// <summary>How the operands lie in the word; the two simple forms are the fast ones.</summary>
    public LoadStoreForm Form;

    /// <summary>The reasons for CONSTRAINED UNPREDICTABLE that words of the row can have.</summary>
    public ConstrainedUnpredictable PossibleReasons;

    /// <summary>The condition that makes a word of the row UNDEFINED.</summary>
    public UndefinedRule UndefinedRule;
}
