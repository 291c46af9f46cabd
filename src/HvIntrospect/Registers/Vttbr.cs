using System.Globalization;

namespace HvIntrospect.Registers;

/// <summary>VTTBR_EL2: the root of Stage 2 and the VMID.</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), "VTTBR_EL2, Virtualization Translation Table Base Register". Immutable and thread-safe.</remarks>
public readonly record struct Vttbr
{
    /// <summary>Makes a value from the register.</summary>
    /// <param name="value">All 64 bits.</param>
    public Vttbr(ulong value)
    {
        Value = value;
    }

    /// <summary>Gets all 64 bits.</summary>
    public ulong Value { get; }

    private const ulong CnpBit = 1;
    private const ulong BaseMask = ((1UL << FoldedLow) - 1) & ~CnpBit;
    private const ulong LowMask = 0x3F;
    private const int FoldedLow = 48;
    private const int FoldedAt = 2;

    /// <summary>Gets VMID, bits 63:48; the upper byte is not used unless VTCR_EL2.VS is 1.</summary>
    public ushort Vmid => (ushort)(Value >> 48);

    /// <summary>Gets BADDR as 48-bit addresses have it, bits 47:1 of the physical address of the first table; the translation uses as many of them as the size of the root tables leaves.</summary>
    public Pa Base => new(Value & BaseMask);

    /// <summary>Gets BADDR as 52-bit addresses have it, where bits 5:2 hold bits 51:48 of the address: bits 51:6 of the physical address of the first table.</summary>
    public Pa LargeBase => new((Value & BaseMask & ~LowMask) | (((Value >> FoldedAt) & 0xF) << FoldedLow));

    /// <summary>Gets a value indicating whether CnP says that other cores have the same tables under this VMID (FEAT_TTCNP).</summary>
    public bool IsCommonNotPrivate => (Value & CnpBit) != 0;

    /// <summary>Makes a value with CnP = 0.</summary>
    /// <param name="root">The physical address of the first table: below 2^48 and even.</param>
    /// <param name="vmid">The VMID; at most 255 unless VTCR_EL2.VS is 1, which is not checked.</param>
    /// <returns>The value.</returns>
    /// <exception cref="System.ArgumentOutOfRangeException"><paramref name="root"/> does not fit.</exception>
    public static Vttbr Create(Pa root, ushort vmid) => (root.Value & ~BaseMask) == 0
        ? new Vttbr(root.Value | ((ulong)vmid << 48))
        : throw new System.ArgumentOutOfRangeException(nameof(root), root, "The root table is at an even address below 2^48.");

    /// <summary>Makes a value with CnP = 0 and a 52-bit BADDR, as DS = 1 or VTCR_EL2.PS of 52 bits with 64 KB tables has it.</summary>
    /// <param name="root">The physical address of the first table: below 2^52 and a multiple of 64.</param>
    /// <param name="vmid">The VMID; at most 255 unless VTCR_EL2.VS is 1, which is not checked.</param>
    /// <returns>The value.</returns>
    /// <exception cref="System.ArgumentOutOfRangeException"><paramref name="root"/> does not fit.</exception>
    public static Vttbr CreateLarge(Pa root, ushort vmid) => (root.Value & LowMask) == 0 && root.Value >> 52 == 0
        ? new Vttbr((root.Value & BaseMask) | ((root.Value >> FoldedLow) << FoldedAt) | ((ulong)vmid << 48))
        : throw new System.ArgumentOutOfRangeException(nameof(root), root, "The root table is at a multiple of 64 below 2^52.");

    /// <summary>Formats the register value.</summary>
    /// <returns>For example <c>0x80000001</c>.</returns>
    public override string ToString() => "0x" + Value.ToString("x", CultureInfo.InvariantCulture);
}
