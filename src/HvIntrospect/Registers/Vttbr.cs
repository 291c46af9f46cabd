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
    private const ulong BaseMask = ((1UL << 48) - 1) & ~CnpBit;

    /// <summary>Gets VMID, bits 63:48; the upper byte is not used unless VTCR_EL2.VS is 1.</summary>
    public ushort Vmid => (ushort)(Value >> 48);

    /// <summary>Gets BADDR, bits 47:1 of the physical address of the first table; the translation uses as many of them as the size of the root tables leaves.</summary>
    public Pa Base => new(Value & BaseMask);

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

    /// <summary>Formats the register value.</summary>
    /// <returns>For example <c>0x80000001</c>.</returns>
    public override string ToString() => "0x" + Value.ToString("x", CultureInfo.InvariantCulture);
}
