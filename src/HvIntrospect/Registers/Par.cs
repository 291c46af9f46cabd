using System.Globalization;

namespace HvIntrospect.Registers;

/// <summary>PAR_EL1: the result of an address translation instruction.</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), "PAR_EL1, Physical Address Register". Bit 9 is NS in a result and S in a fault. Immutable and thread-safe.</remarks>
public readonly record struct Par
{
    /// <summary>Makes a value from the register.</summary>
    /// <param name="value">All 64 bits.</param>
    public Par(ulong value)
    {
        Value = value;
    }

    /// <summary>Gets all 64 bits.</summary>
    public ulong Value { get; }

    private const ulong FailedBit = 1;
    private const ulong Res1 = 1UL << 11;
    private const ulong PtwBit = 1UL << 8;
    private const ulong Stage2Bit = 1UL << 9;
    private const ulong PageMask = ((1UL << 52) - 1) & ~0xFFFUL;

    /// <summary>Gets a value indicating whether the translation failed (F).</summary>
    public bool IsFault => (Value & FailedBit) != 0;

    /// <summary>Gets FST, the fault; meaningful when <see cref="IsFault"/>.</summary>
    public FaultStatus Status => new((int)(Value >> 1));

    /// <summary>Gets a value indicating whether a Stage 2 fault came from an access of the Stage 1 walk (PTW); meaningful when <see cref="IsFault"/>.</summary>
    public bool IsStage1Walk => IsFault && (Value & PtwBit) != 0;

    /// <summary>Gets a value indicating whether the fault is one of Stage 2 (S); meaningful when <see cref="IsFault"/>.</summary>
    public bool IsStage2 => IsFault && (Value & Stage2Bit) != 0;

    /// <summary>Gets the output page, a multiple of 4096: an intermediate physical address after S1E1* and S1E0* at EL2, a physical one after S12E1* and S12E0*; meaningful unless <see cref="IsFault"/>.</summary>
    public ulong Page => Value & PageMask;

    /// <summary>Gets ATTR, the memory attributes as MAIR_EL1 encodes them; meaningful unless <see cref="IsFault"/>.</summary>
    public byte Attributes => (byte)(Value >> 56);

    /// <summary>Gets SH: 0 Non-shareable, 2 Outer, 3 Inner; meaningful unless <see cref="IsFault"/>.</summary>
    public int Shareability => (int)(Value >> 7) & 3;

    /// <summary>Makes the result of a translation.</summary>
    /// <param name="address">The output address; bits 51:12 are kept.</param>
    /// <param name="attributes">ATTR.</param>
    /// <param name="shareability">SH, 0 to 3.</param>
    /// <returns>The value, of a Non-secure translation (NS = 1).</returns>
    public static Par FromTranslation(ulong address, byte attributes, int shareability) =>
        new((address & PageMask) | ((ulong)attributes << 56) | ((ulong)(shareability & 3) << 7) | Stage2Bit | Res1);

    /// <summary>Makes the result of a failed translation.</summary>
    /// <param name="status">FST.</param>
    /// <param name="isStage2">S.</param>
    /// <param name="isStage1Walk">PTW.</param>
    /// <returns>The value.</returns>
    public static Par FromFault(FaultStatus status, bool isStage2, bool isStage1Walk) =>
        new(FailedBit | ((ulong)status.Code << 1) | (isStage1Walk ? PtwBit : 0) | (isStage2 ? Stage2Bit : 0) | Res1);

    /// <summary>Formats the register value.</summary>
    /// <returns>For example <c>0x80000001</c>.</returns>
    public override string ToString() => "0x" + Value.ToString("x", CultureInfo.InvariantCulture);
}
