using System;
using System.Globalization;

namespace HvIntrospect.Registers;

/// <summary>A saved process state (SPSR_ELx), also the form in which PSTATE is kept.</summary>
/// <remarks>
/// Arm Architecture Reference Manual (DDI 0487), "SPSR_EL2, Saved Program Status Register (EL2)", layout for exceptions from AArch64 state.
/// Bits of features that a core lacks are RES0. Immutable and thread-safe.
/// </remarks>
public readonly struct Spsr : IEquatable<Spsr>
{
    private const ulong NBit = 1UL << 31;
    private const ulong ZBit = 1UL << 30;
    private const ulong CBit = 1UL << 29;
    private const ulong VBit = 1UL << 28;
    private const ulong TcoBit = 1UL << 25;
    private const ulong DitBit = 1UL << 24;
    private const ulong UaoBit = 1UL << 23;
    private const ulong PanBit = 1UL << 22;
    private const ulong SsBit = 1UL << 21;
    private const ulong IlBit = 1UL << 20;
    private const ulong SsbsBit = 1UL << 12;
    private const ulong DBit = 1UL << 9;
    private const ulong ABit = 1UL << 8;
    private const ulong IBit = 1UL << 7;
    private const ulong FBit = 1UL << 6;
    private const ulong AArch32Bit = 1UL << 4;
    private const ulong ItMask = 0x0600_FC00;
    private const int BtypeShift = 10;

    /// <summary>Makes a process state from its register value.</summary>
    /// <param name="value">All 64 bits.</param>
    public Spsr(ulong value)
    {
        Value = value;
    }

    /// <summary>Gets EL1h with D, A, I and F masked: how a guest is entered (0x3c5).</summary>
    public static Spsr El1hMasked => new(0x3C5);

    /// <summary>Gets all 64 bits.</summary>
    public ulong Value { get; }

    /// <summary>Gets a value indicating whether N (negative) is set.</summary>
    public bool N => (Value & NBit) != 0;

    /// <summary>Gets a value indicating whether Z (zero) is set.</summary>
    public bool Z => (Value & ZBit) != 0;

    /// <summary>Gets a value indicating whether C (carry) is set.</summary>
    public bool C => (Value & CBit) != 0;

    /// <summary>Gets a value indicating whether V (overflow) is set.</summary>
    public bool V => (Value & VBit) != 0;

    /// <summary>Gets a value indicating whether TCO (tag check override, FEAT_MTE) is set.</summary>
    public bool Tco => (Value & TcoBit) != 0;

    /// <summary>Gets a value indicating whether DIT (data independent timing, FEAT_DIT) is set.</summary>
    public bool Dit => (Value & DitBit) != 0;

    /// <summary>Gets a value indicating whether UAO (user access override, FEAT_UAO) is set.</summary>
    public bool Uao => (Value & UaoBit) != 0;

    /// <summary>Gets a value indicating whether PAN (privileged access never, FEAT_PAN) is set.</summary>
    public bool Pan => (Value & PanBit) != 0;

    /// <summary>Gets a value indicating whether SS (software step) is set.</summary>
    public bool SoftwareStep => (Value & SsBit) != 0;

    /// <summary>Gets a value indicating whether IL (illegal execution state) is set.</summary>
    public bool IllegalState => (Value & IlBit) != 0;

    /// <summary>Gets a value indicating whether SSBS (speculative store bypass safe, FEAT_SSBS) is set.</summary>
    public bool Ssbs => (Value & SsbsBit) != 0;

    /// <summary>Gets BTYPE (branch type, FEAT_BTI), 0 to 3.</summary>
    public int Btype => (int)(Value >> BtypeShift) & 3;

    /// <summary>Gets a value indicating whether D masks debug exceptions.</summary>
    public bool D => (Value & DBit) != 0;

    /// <summary>Gets a value indicating whether A masks SError.</summary>
    public bool A => (Value & ABit) != 0;

    /// <summary>Gets a value indicating whether I masks IRQ.</summary>
    public bool I => (Value & IBit) != 0;

    /// <summary>Gets a value indicating whether F masks FIQ.</summary>
    public bool F => (Value & FBit) != 0;

    /// <summary>Gets a value indicating whether the state is AArch32 (M[4]).</summary>
    public bool IsAArch32 => (Value & AArch32Bit) != 0;

    /// <summary>Gets a value indicating whether the mode is one of AArch32 that EL1 has, anything but User mode.</summary>
    public bool IsPrivilegedAArch32 => IsAArch32 && (Value & 0xF) != 0;

    /// <summary>Gets the Exception level, 0 to 3. Meaningful for AArch64 states.</summary>
    public int ExceptionLevel => (int)(Value >> 2) & 3;

    /// <summary>Gets a value indicating whether the stack pointer of the Exception level is selected (M[0]), not SP_EL0.</summary>
    public bool UsesOwnStackPointer => (Value & 1) != 0;

    /// <summary>Gets a value indicating whether the current stack pointer is SP_EL1: EL1h.</summary>
    public bool SelectsSpEl1 => (Value & 0xF) == 0b0101;

    /// <summary>Compares for equality.</summary>
    /// <param name="left">One state.</param>
    /// <param name="right">The other state.</param>
    /// <returns>True when all bits are the same.</returns>
    public static bool operator ==(Spsr left, Spsr right) => left.Value == right.Value;

    /// <summary>Compares for inequality.</summary>
    /// <param name="left">One state.</param>
    /// <param name="right">The other state.</param>
    /// <returns>True when some bit differs.</returns>
    public static bool operator !=(Spsr left, Spsr right) => left.Value != right.Value;

    /// <summary>Gets this state with SS set or cleared.</summary>
    /// <param name="step">The new bit.</param>
    /// <returns>The changed state.</returns>
    public Spsr WithSoftwareStep(bool step) => new(step ? Value | SsBit : Value & ~SsBit);

    /// <summary>Gets this state as it is after an instruction that is not a branch: BTYPE is 0, and in AArch32 state the IT block has advanced.</summary>
    /// <returns>The changed state.</returns>
    /// <remarks>Arm Architecture Reference Manual (DDI 0487), "PSTATE.BTYPE" and the pseudocode function AArch32.ITAdvance.</remarks>
    public Spsr AfterInstruction()
    {
        if (!IsAArch32)
        {
            return new Spsr(Value & ~(3UL << BtypeShift));
        }

        // IT[7:2] is bits 15:10 and IT[1:0] bits 26:25; the three lowest bits are 0 for the last instruction of a block.
        ulong block = ((Value >> 8) & 0xFC) | ((Value >> 25) & 3);
        block = (block & 7) == 0 ? 0 : (block & 0xE0) | ((block << 1) & 0x1F);
        return new Spsr((Value & ~ItMask) | ((block & 0xFC) << 8) | ((block & 3) << 25));
    }

    /// <inheritdoc/>
    public bool Equals(Spsr other) => Value == other.Value;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Spsr other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Value.GetHashCode();

    /// <summary>Formats the register value.</summary>
    /// <returns>For example <c>0x3c5</c>.</returns>
    public override string ToString() => "0x" + Value.ToString("x", CultureInfo.InvariantCulture);
}
