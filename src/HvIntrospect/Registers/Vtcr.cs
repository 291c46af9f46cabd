using System.Globalization;

namespace HvIntrospect.Registers;

/// <summary>VTCR_EL2: the geometry of Stage 2.</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), "VTCR_EL2, Virtualization Translation Control Register". Immutable and thread-safe.</remarks>
public readonly record struct Vtcr
{
    /// <summary>Makes a value from the register.</summary>
    /// <param name="value">All 64 bits.</param>
    public Vtcr(ulong value)
    {
        Value = value;
    }

    /// <summary>Gets all 64 bits.</summary>
    public ulong Value { get; }

    private const ulong Res1 = 1UL << 31;
    private const int LargeDescriptorsBit = 32;
    private const int Sl2Bit = 33;

    /// <summary>Gets T0SZ: intermediate physical addresses have 64 - T0SZ bits.</summary>
    public int T0sz => (int)Value & 0x3F;

    /// <summary>Gets SL0, the encoded start level.</summary>
    public int Sl0 => (int)(Value >> 6) & 3;

    /// <summary>Gets IRGN0, the inner cacheability of walks: 0 Non-cacheable, 1 Write-Back, 2 Write-Through, 3 Write-Back without write allocation.</summary>
    public int InnerCacheability => (int)(Value >> 8) & 3;

    /// <summary>Gets ORGN0, the outer cacheability of walks; encoded as <see cref="InnerCacheability"/>.</summary>
    public int OuterCacheability => (int)(Value >> 10) & 3;

    /// <summary>Gets SH0, the shareability of walks: 0 Non-shareable, 2 Outer, 3 Inner.</summary>
    public int Shareability => (int)(Value >> 12) & 3;

    /// <summary>Gets TG0, the granule.</summary>
    public GranuleSize Granule => ((int)(Value >> 14) & 3) switch
    {
        0 => GranuleSize.Size4K,
        1 => GranuleSize.Size64K,
        2 => GranuleSize.Size16K,
        _ => GranuleSize.None,
    };

    /// <summary>Gets PS, the encoded size of physical addresses: <see cref="PhysicalAddressSize.BitsOf"/>.</summary>
    public int Ps => (int)(Value >> 16) & 7;

    /// <summary>Gets a value indicating whether VMIDs are 16 bits wide (VS).</summary>
    public bool HasWideVmid => (Value & (1UL << 19)) != 0;

    /// <summary>Gets a value indicating whether hardware sets the Access flag (HA, FEAT_HAFDBS).</summary>
    public bool HardwareAccessFlag => (Value & (1UL << 21)) != 0;

    /// <summary>Gets a value indicating whether hardware manages the dirty state (HD, FEAT_HAFDBS).</summary>
    public bool HardwareDirtyState => (Value & (1UL << 22)) != 0;

    /// <summary>Gets NSW: the tables of Secure Stage 2 lie in Non-secure memory. Of no effect in Non-secure state.</summary>
    public bool NonSecureWalks => (Value & (1UL << 29)) != 0;

    /// <summary>Gets NSA: Secure Stage 2 translates to Non-secure memory. Of no effect in Non-secure state.</summary>
    public bool NonSecureAccesses => (Value & (1UL << 30)) != 0;

    /// <summary>Gets HWU062 to HWU059 as bits 3 to 0: bits 62 to 59 of leaf descriptors have an IMPLEMENTATION DEFINED use (FEAT_HPDS2).</summary>
    public int HardwareUse => (int)(Value >> 25) & 0xF;

    /// <summary>Gets a value indicating whether 4 KB and 16 KB tables hold 52-bit addresses (DS, FEAT_LPA2); of no effect with 64 KB.</summary>
    public bool HasLargeDescriptors => (Value & (1UL << LargeDescriptorsBit)) != 0;

    /// <summary>Gets SL2, 0 or 1: with <see cref="HasLargeDescriptors"/> and 4 KB tables, a walk starts at level -1 for 1 with SL0 = 0.</summary>
    public int Sl2 => (int)(Value >> Sl2Bit) & 1;

    /// <summary>Gets a value indicating whether descriptors have an AssuredOnly bit (AssuredOnly, FEAT_THE).</summary>
    public bool AssuredOnly => (Value & (1UL << 34)) != 0;

    /// <summary>Gets a value indicating whether permissions are indirect (S2PIE, FEAT_S2PIE).</summary>
    public bool IndirectPermissions => (Value & (1UL << 36)) != 0;

    /// <summary>Gets a value indicating whether there are permission overlays (S2POE, FEAT_S2POE).</summary>
    public bool PermissionOverlays => (Value & (1UL << 37)) != 0;

    /// <summary>Gets a value indicating whether descriptors have 128 bits (D128, FEAT_D128).</summary>
    public bool D128 => (Value & (1UL << 38)) != 0;

    /// <summary>Makes a value for Inner Shareable Write-Back walks, with bit 31 (RES1) set.</summary>
    /// <param name="t0sz">T0SZ, 0 to 63.</param>
    /// <param name="sl0">SL0, 0 to 3.</param>
    /// <param name="granule">The granule.</param>
    /// <param name="ps">PS, 0 to 7.</param>
    /// <param name="wideVmid">VS.</param>
    /// <param name="ds">DS.</param>
    /// <param name="sl2">SL2, 0 or 1.</param>
    /// <param name="hardwareUpdates">HA and HD.</param>
    /// <returns>The value.</returns>
    /// <exception cref="System.ArgumentOutOfRangeException">An argument is out of its range.</exception>
    public static Vtcr Create(
        int t0sz, int sl0, GranuleSize granule, int ps, bool wideVmid = false, bool ds = false, int sl2 = 0, bool hardwareUpdates = false)
    {
        Check(t0sz, 63, nameof(t0sz));
        Check(sl0, 3, nameof(sl0));
        Check(ps, 7, nameof(ps));
        Check(sl2, 1, nameof(sl2));
        ulong tg0 = granule switch
        {
            GranuleSize.Size4K => 0,
            GranuleSize.Size64K => 1,
            GranuleSize.Size16K => 2,
            _ => throw new System.ArgumentOutOfRangeException(nameof(granule), granule, "The granule is 4, 16 or 64 KB."),
        };
        return new Vtcr((uint)t0sz | ((uint)sl0 << 6) | (1UL << 8) | (1UL << 10) | (3UL << 12) | (tg0 << 14) | ((uint)ps << 16)
            | (wideVmid ? 1UL << 19 : 0) | (hardwareUpdates ? 3UL << 21 : 0) | (ds ? 1UL << LargeDescriptorsBit : 0) | ((ulong)(uint)sl2 << Sl2Bit) | Res1);

        static void Check(int value, int maximum, string name)
        {
            if ((uint)value > (uint)maximum)
            {
                throw new System.ArgumentOutOfRangeException(name, value, "The field is 0 to " + maximum.ToString(CultureInfo.InvariantCulture) + ".");
            }
        }
    }

    /// <summary>Formats the register value.</summary>
    /// <returns>For example <c>0x80000001</c>.</returns>
    public override string ToString() => "0x" + Value.ToString("x", CultureInfo.InvariantCulture);
}
