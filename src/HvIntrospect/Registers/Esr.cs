using System;
using System.Globalization;

namespace HvIntrospect.Registers;

/// <summary>An exception syndrome (ESR_ELx). What an exception class carries is read through the typed view of that class.</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), "ESR_EL2, Exception Syndrome Register (EL2)". Immutable and thread-safe.</remarks>
public readonly partial struct Esr : IEquatable<Esr>
{
    private const int ClassShift = 26;
    private const ulong IlBit = 1UL << 25;
    private const uint IssMask = (1U << 25) - 1;

    /// <summary>Makes a syndrome from its register value.</summary>
    /// <param name="value">All 64 bits.</param>
    public Esr(ulong value)
    {
        Value = value;
    }

    /// <summary>Gets all 64 bits.</summary>
    public ulong Value { get; }

    /// <summary>Gets EC, bits 31:26.</summary>
    public ExceptionClass Class => (ExceptionClass)((Value >> ClassShift) & 0x3F);

    /// <summary>Gets a value indicating whether IL, bit 25, is set: a 32-bit instruction, or a class for which IL is always 1. For Data Aborts without a valid instruction syndrome it tells nothing of the length.</summary>
    public bool IL => (Value & IlBit) != 0;

    /// <summary>Gets ISS, bits 24:0. Prefer the typed views.</summary>
    public uint Iss => (uint)Value & IssMask;

    /// <summary>Gets ISS2, bits 55:32. Prefer the typed views.</summary>
    public uint Iss2 => (uint)(Value >> 32) & 0xFFFFFF;

    /// <summary>Compares for equality.</summary>
    /// <param name="left">One syndrome.</param>
    /// <param name="right">The other syndrome.</param>
    /// <returns>True when all bits are the same.</returns>
    public static bool operator ==(Esr left, Esr right) => left.Value == right.Value;

    /// <summary>Compares for inequality.</summary>
    /// <param name="left">One syndrome.</param>
    /// <param name="right">The other syndrome.</param>
    /// <returns>True when some bit differs.</returns>
    public static bool operator !=(Esr left, Esr right) => left.Value != right.Value;

    /// <summary>Makes a syndrome of a 32-bit instruction or of a class for which IL is always 1.</summary>
    /// <param name="exceptionClass">EC.</param>
    /// <param name="iss">ISS; bits above 24 are dropped.</param>
    /// <returns>The syndrome with IL = 1.</returns>
    public static Esr Create(ExceptionClass exceptionClass, uint iss) =>
        new(((ulong)exceptionClass << ClassShift) | IlBit | (iss & IssMask));

    /// <summary>Gets the view of a Data Abort (EC 0x24 or 0x25).</summary>
    /// <param name="syndrome">The view.</param>
    /// <returns>False for other classes.</returns>
    public bool TryGetDataAbort(out DataAbortSyndrome syndrome)
    {
        syndrome = new DataAbortSyndrome(Iss, Iss2);
        return Class is ExceptionClass.DataAbortLowerEl or ExceptionClass.DataAbortSameEl;
    }

    /// <summary>Gets the view of an Instruction Abort (EC 0x20 or 0x21).</summary>
    /// <param name="syndrome">The view.</param>
    /// <returns>False for other classes.</returns>
    public bool TryGetInstructionAbort(out InstructionAbortSyndrome syndrome)
    {
        syndrome = new InstructionAbortSyndrome(Iss);
        return Class is ExceptionClass.InstructionAbortLowerEl or ExceptionClass.InstructionAbortSameEl;
    }

    /// <inheritdoc/>
    public bool Equals(Esr other) => Value == other.Value;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Esr other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Value.GetHashCode();

    /// <summary>Formats the register value and the class.</summary>
    /// <returns>For example <c>ESR=0x93820007 (DataAbortLowerEl)</c>.</returns>
    public override string ToString() => "ESR=0x" + Value.ToString("x", CultureInfo.InvariantCulture) + " (" + Class + ")";
}
