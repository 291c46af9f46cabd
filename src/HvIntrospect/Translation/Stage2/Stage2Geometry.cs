using System;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using HvIntrospect.Registers;

namespace HvIntrospect.Translation.Stage2;

/// <summary>The shape of a VM's Stage 2 tables: granule, address sizes, start level and concatenated first tables, and which features their descriptors use.</summary>
/// <remarks>
/// Arm Architecture Reference Manual (DDI 0487), "Concatenated translation tables for the initial stage 2 lookup" and "Implications of
/// enabling the 52-bit address size". Immutable and thread-safe.
/// </remarks>
public sealed class Stage2Geometry
{
    private const int LargeBits = 52;
    private const int UsualBits = 48;

    /// <summary>Makes a geometry.</summary>
    /// <param name="inputBits">The size of intermediate physical addresses: 25 bits (with FEAT_TTST 16, or 17 with 64 KB tables) to <paramref name="physicalAddressBits"/>.</param>
    /// <param name="outputBits">The size of physical addresses that the tables reach (VTCR_EL2.PS): 32, 36, 40, 42, 44, 48 or 52 bits.</param>
    /// <param name="granule">The granule; null means 4 KB.</param>
    /// <param name="startLevel">The level of the first lookup; null takes the last level that at most 16 concatenated tables permit, which makes walks shortest but excludes blocks of the levels before it.</param>
    /// <param name="features">
    /// What the cores implement and the tables use. VMID16 sets VTCR_EL2.VS, HAFDBS sets HA and HD, XNX and S2FWB change how descriptors are
    /// encoded, TTST and LPA2 permit more sizes, and the others mean nothing here. With S2FWB, HCR_EL2.FWB must be 1 while the tables are used. LPA2 sets DS only where a size
    /// or the start level needs it: descriptors have a shareability of their own otherwise.
    /// </param>
    /// <param name="physicalAddressBits">The physical address size of the cores, one of the sizes above and not less than <paramref name="outputBits"/>; null means the same.</param>
    /// <exception cref="ArgumentException">The sizes, the granule, the start level and the features do not suit each other; the argument is named and the message states the rule.</exception>
    public Stage2Geometry(
        int inputBits,
        int outputBits,
        TranslationGranule? granule = null,
        int? startLevel = null,
        TranslationFeatures features = TranslationFeatures.None,
        int? physicalAddressBits = null)
    {
        granule ??= TranslationGranule.Granule4K;
        if (!IsAddressSize(outputBits))
        {
            throw new ArgumentOutOfRangeException(nameof(outputBits), outputBits, "The physical address size is 32, 36, 40, 42, 44, 48 or 52 bits.");
        }

        int implemented = physicalAddressBits ?? outputBits;
        if (!IsAddressSize(implemented) || implemented < outputBits)
        {
            throw new ArgumentOutOfRangeException(
                nameof(physicalAddressBits), implemented, "The physical address size of the cores is 32, 36, 40, 42, 44, 48 or 52 bits and not below that of the tables.");
        }

        bool mayBeLarge = (features & TranslationFeatures.LPA2) != 0 && granule != TranslationGranule.Granule64K;
        if (outputBits > granule.LargestAddress(mayBeLarge))
        {
            throw new ArgumentOutOfRangeException(nameof(outputBits), outputBits, "52 bits need 64 KB tables or FEAT_LPA2.");
        }

        if (InputRule(granule, inputBits, implemented, mayBeLarge, features) is string inputRule)
        {
            throw new ArgumentOutOfRangeException(nameof(inputBits), inputBits, inputRule);
        }

        int start = startLevel ?? LastPossibleStartLevel(granule, inputBits);
        bool ds = mayBeLarge && (Math.Max(inputBits, outputBits) > UsualBits || start < granule.Stage2FirstLevel);
        if (StartRule(granule, start, inputBits, implemented, ds, features) is string startRule)
        {
            throw new ArgumentOutOfRangeException(nameof(startLevel), start, startRule);
        }

        (int sl0, int sl2) = EncodeStartLevel(granule, start);
        Vtcr = Vtcr.Create(
            64 - inputBits,
            sl0,
            granule.GranuleSize,
            PhysicalAddressSize.Encode(outputBits),
            (features & TranslationFeatures.VMID16) != 0,
            ds,
            sl2,
            (features & TranslationFeatures.HAFDBS) != 0);
        InputBits = inputBits;
        OutputBits = outputBits;
        PhysicalAddressBits = implemented;
        StartLevel = start;
        Features = features;
        HasForcedWriteBack = (features & TranslationFeatures.S2FWB) != 0;
        Format = FormatOf(granule, Vtcr, implemented, features, HasForcedWriteBack);
    }

    private Stage2Geometry(Vtcr vtcr, TranslationGranule granule, int startLevel, int implemented, TranslationFeatures features, bool forcedWriteBack)
    {
        Vtcr = vtcr;
        InputBits = 64 - vtcr.T0sz;
        OutputBits = granule.OutputBits(PhysicalAddressSize.BitsOf(vtcr.Ps), implemented, HasDs(granule, vtcr, features));
        PhysicalAddressBits = implemented;
        StartLevel = startLevel;
        Features = features;
        HasForcedWriteBack = forcedWriteBack && (features & TranslationFeatures.S2FWB) != 0;
        Format = FormatOf(granule, vtcr, implemented, features, HasForcedWriteBack);
    }

    /// <summary>Gets the granule.</summary>
    public TranslationGranule Granule => Format.Granule;

    /// <summary>Gets the size of intermediate physical addresses in bits, 16 to 52.</summary>
    public int InputBits { get; }

    /// <summary>Gets the size of the physical addresses that the tables reach in bits, 32 to 52.</summary>
    public int OutputBits { get; }

    /// <summary>Gets the physical address size of the cores in bits, 32 to 52.</summary>
    public int PhysicalAddressBits { get; }

    /// <summary>Gets the level of the first lookup, -1 to 3.</summary>
    public int StartLevel { get; }

    /// <summary>Gets the number of concatenated first tables, 1 to 16.</summary>
    public int RootTables => 1 << Math.Max(0, RootBits - Granule.Stride);

    /// <summary>Gets the size of the first tables in bytes, 16 to 1 M: also what their physical address is aligned to, but for the 64 bytes that 52-bit addresses need at least.</summary>
    public int RootSize => 1 << RootSizeLog2;

    /// <summary>Gets what the cores implement.</summary>
    public TranslationFeatures Features { get; }

    /// <summary>Gets a value indicating whether VMIDs have 16 bits.</summary>
    public bool HasWideVmid => Vtcr.HasWideVmid && (Features & TranslationFeatures.VMID16) != 0;

    /// <summary>Gets a value indicating whether hardware sets the Access flag (VTCR_EL2.HA).</summary>
    public bool HasHardwareAccessFlag => Vtcr.HardwareAccessFlag && (Features & TranslationFeatures.HAFDBS) != 0;

    /// <summary>Gets a value indicating whether hardware manages the dirty state of descriptors with DBM (VTCR_EL2.HD).</summary>
    public bool HasHardwareDirtyState => HasHardwareAccessFlag && Vtcr.HardwareDirtyState;

    /// <summary>Gets a value indicating whether descriptors have no shareability field, so that all Normal memory has that of walks (VTCR_EL2.DS).</summary>
    public bool HasLargeDescriptors => Format.Layout.ReplacesShareability;

    /// <summary>Gets a value indicating whether HCR_EL2.FWB is 1 while the tables are used.</summary>
    public bool HasForcedWriteBack { get; }

    /// <summary>Gets the value for VTCR_EL2: walks are Inner Shareable and Write-Back, unless the geometry was read from another value.</summary>
    public Vtcr Vtcr { get; }

    /// <summary>Gets how descriptors are laid out.</summary>
    internal Stage2Format Format { get; }

    private int RootBits => InputBits - Granule.BlockSizeLog2(StartLevel);

    private int RootSizeLog2 => RootBits + 3;

    private bool HasLargeBase => OutputBits == LargeBits || HasLargeDescriptors;

    /// <summary>Reads a geometry from a value of VTCR_EL2, as hardware reads it.</summary>
    /// <param name="vtcr">The value. Fields of features that the cores lack are RES0 and ignored.</param>
    /// <param name="physicalAddressBits">The physical address size of the cores (ID_AA64MMFR0_EL1.PARange): 32, 36, 40, 42, 44, 48 or 52 bits.</param>
    /// <param name="features">What the cores implement.</param>
    /// <param name="forcedWriteBack">HCR_EL2.FWB.</param>
    /// <param name="geometry">The geometry; null when the value is illegal.</param>
    /// <param name="reason">Why the value is illegal: the field and the rule; null when it is not.</param>
    /// <returns>False for a value with which every access is a fault or the outcome is CONSTRAINED UNPREDICTABLE, and for formats that are not supported.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="physicalAddressBits"/> is not one of the above.</exception>
    public static bool TryFromVtcr(
        Vtcr vtcr,
        int physicalAddressBits,
        TranslationFeatures features,
        bool forcedWriteBack,
        [NotNullWhen(true)] out Stage2Geometry? geometry,
        [NotNullWhen(false)] out string? reason)
    {
        if (!IsAddressSize(physicalAddressBits))
        {
            throw new ArgumentOutOfRangeException(
                nameof(physicalAddressBits), physicalAddressBits, "The physical address size of the cores is 32, 36, 40, 42, 44, 48 or 52 bits.");
        }

        geometry = null;
        TranslationGranule granule = TranslationGranule.Of(vtcr.Granule);
        reason = UnsupportedRule(vtcr);
        if (reason is null && TryReadStart(vtcr, granule, physicalAddressBits, features, out int startLevel, out reason))
        {
            geometry = new Stage2Geometry(vtcr, granule, startLevel, physicalAddressBits, features, forcedWriteBack);
        }

        return reason is null;
    }

    /// <summary>Makes the value for VTTBR_EL2, with CnP = 0.</summary>
    /// <param name="root">The physical address of the first table.</param>
    /// <param name="vmid">The VMID; at most 255 unless <see cref="HasWideVmid"/>.</param>
    /// <returns>The value.</returns>
    /// <exception cref="ArgumentException">The root is not a multiple of <see cref="RootSize"/>, or of 64 where addresses have 52 bits, or not reached by physical addresses, or the VMID is too large.</exception>
    public Vttbr CreateVttbr(Pa root, ushort vmid)
    {
        if (vmid > byte.MaxValue && !HasWideVmid)
        {
            throw new ArgumentOutOfRangeException(nameof(vmid), vmid, "A VMID is at most 255 unless the geometry has 16-bit VMIDs.");
        }

        ulong alignment = (ulong)(HasLargeBase ? Math.Max(RootSize, 64) : RootSize);
        if (root.OffsetIn(alignment) != 0 || root.Value >> OutputBits != 0)
        {
            throw new ArgumentException(
                string.Format(CultureInfo.InvariantCulture, "The root table at {0} is at a multiple of 0x{1:x} and below 2^{2}.", root, alignment, OutputBits), nameof(root));
        }

        return HasLargeBase ? Vttbr.CreateLarge(root, vmid) : Vttbr.Create(root, vmid);
    }

    /// <summary>Gets the physical address of the first table that a value of VTTBR_EL2 names, aligned down as hardware does. It may be beyond <see cref="OutputBits"/>: then every access is an Address size fault.</summary>
    /// <param name="vttbr">The value.</param>
    /// <returns>The address.</returns>
    public Pa RootOf(Vttbr vttbr) => new(Format.Layout.TableBase(vttbr.Value, RootSizeLog2, OutputBits));

    /// <summary>Gets the effective value of VTCR_EL2.DS, which says nothing about 64 KB tables.</summary>
    internal static bool HasDs(TranslationGranule granule, Vtcr vtcr, TranslationFeatures features) =>
        vtcr.HasLargeDescriptors && (features & TranslationFeatures.LPA2) != 0 && granule != TranslationGranule.Granule64K;

    /// <summary>Gets how descriptors are laid out under a value of VTCR_EL2.</summary>
    internal static Stage2Format FormatOf(TranslationGranule granule, Vtcr vtcr, int implementedBits, TranslationFeatures features, bool forcedWriteBack)
    {
        bool ds = HasDs(granule, vtcr, features);
        return new Stage2Format(
            DescriptorLayout.Of(granule, implementedBits, ds),
            new Stage2LeafFields(forcedWriteBack, (features & TranslationFeatures.XNX) != 0, ds ? (Shareability)vtcr.Shareability : null));
    }

    /// <summary>Gets the start level that a value of VTCR_EL2 selects, or why hardware does not walk with it.</summary>
    internal static bool TryReadStart(
        Vtcr vtcr, TranslationGranule granule, int implementedBits, TranslationFeatures features, out int startLevel, [NotNullWhen(false)] out string? reason)
    {
        bool ds = HasDs(granule, vtcr, features);
        int inputBits = 64 - vtcr.T0sz;
        startLevel = 0;
        reason = InputRule(granule, inputBits, implementedBits, ds, features);
        if (reason is null)
        {
            reason = DecodeStartLevel(granule, vtcr, ds) is int level
                ? StartRule(granule, startLevel = level, inputBits, implementedBits, ds, features)
                : "SL2 and SL0 select no level with this granule.";
        }

        return reason is null;
    }

    private static bool IsAddressSize(int bits) => bits is 32 or 36 or 40 or 42 or 44 or 48 or LargeBits;

    private static string? UnsupportedRule(Vtcr vtcr) =>
        vtcr.Granule == GranuleSize.None ? "TG0 = 3 is reserved."
        : vtcr.Ps == 7 ? "PS = 7 is reserved without 128-bit descriptors."
        : vtcr.D128 ? "D128 = 1: 128-bit descriptors are not supported."
        : vtcr.IndirectPermissions ? "S2PIE = 1: indirect permissions are not supported."
        : vtcr.PermissionOverlays ? "S2POE = 1: permission overlays are not supported."
        : null;

    private static string? InputRule(TranslationGranule granule, int inputBits, int implementedBits, bool ds, TranslationFeatures features)
    {
        int least = (features & TranslationFeatures.TTST) == 0 ? TranslationGranule.SmallestUsualInput : granule.SmallestInput;
        int most = Math.Min(implementedBits, granule.LargestAddress(ds));
        return inputBits >= least && inputBits <= most
            ? null
            : string.Format(CultureInfo.InvariantCulture, "The size of intermediate physical addresses (64 - T0SZ) is {0} to {1} bits here.", least, most);
    }

    private static string? StartRule(TranslationGranule granule, int level, int inputBits, int implementedBits, bool ds, TranslationFeatures features)
    {
        int first = granule == TranslationGranule.Granule64K ? granule.Stage2FirstLevel : granule.Stage2FirstLevel - 1;
        if (level < first || level > TranslationGranule.LastLevel)
        {
            return Text("A walk of these tables starts at level {0} to 3.", first);
        }

        if (level < granule.Stage2FirstLevel && !ds)
        {
            return Text("A walk of these tables starts at level {0} with FEAT_LPA2 and DS = 1 only.", level);
        }

        if (level == granule.Stage2FirstLevel && implementedBits < granule.Stage2FirstLevelBits)
        {
            return Text("A walk of these tables starts at level {0} only on cores whose physical addresses have {1} bits or more.", level, granule.Stage2FirstLevelBits);
        }

        if (level > granule.Stage2UsualStartLevel && (features & TranslationFeatures.TTST) == 0)
        {
            return Text("A walk of these tables starts at level {0} with FEAT_TTST only.", level);
        }

        int least = granule.BlockSizeLog2(level) + 1;
        int most = least + granule.Stride - 1 + TranslationGranule.MostConcatenatedLog2;
        return inputBits >= least && inputBits <= most
            ? null
            : Text("A walk that starts at level {0} resolves {1} to {2} bits with 1 to 16 tables", level, least, most) + Text(", not {0} bits.", inputBits);

        static string Text(string format, params object[] values) => string.Format(CultureInfo.InvariantCulture, format, values);
    }

    private static int LastPossibleStartLevel(TranslationGranule granule, int inputBits)
    {
        int level = granule.Stage2UsualStartLevel;
        if (inputBits <= granule.BlockSizeLog2(level))
        {
            return level + 1;
        }

        while (inputBits > granule.BlockSizeLog2(level) + granule.Stride + TranslationGranule.MostConcatenatedLog2)
        {
            level--;
        }

        return level;
    }

    /// <summary>Gets the level that SL0 and SL2 select; null for none. SL2 counts with 4 KB tables and DS = 1 only.</summary>
    private static int? DecodeStartLevel(TranslationGranule granule, Vtcr vtcr, bool ds)
    {
        bool is4K = granule == TranslationGranule.Granule4K;
        if (is4K && ds && vtcr.Sl2 != 0)
        {
            return vtcr.Sl0 == 0 ? -1 : null;
        }

        return vtcr.Sl0 < 3 ? granule.Stage2UsualStartLevel - vtcr.Sl0
            : is4K ? TranslationGranule.LastLevel
            : granule == TranslationGranule.Granule16K ? 0 : null;
    }

    private static (int Sl0, int Sl2) EncodeStartLevel(TranslationGranule granule, int level) =>
        granule != TranslationGranule.Granule4K ? (granule.Stage2UsualStartLevel - level, 0)
        : level == TranslationGranule.LastLevel ? (3, 0)
        : level < 0 ? (0, 1)
        : (granule.Stage2UsualStartLevel - level, 0);
}
