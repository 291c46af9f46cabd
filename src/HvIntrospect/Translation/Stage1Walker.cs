using System;
using System.Buffers.Binary;
using HvIntrospect.Registers;

namespace HvIntrospect.Translation;

/// <summary>Walks the guest's Stage 1 tables of the EL1&amp;0 regime in software.</summary>
/// <remarks>
/// <para>Arm Architecture Reference Manual (DDI 0487), "The AArch64 Virtual Memory System Architecture". It reads guest memory on the
/// unrestricted view. A walk writes nothing: where the walker hardware would set the Access flag or the dirty state, the access is
/// reported as translated, and <see cref="UpdateDescriptor"/> sets them for an access that is made. Tables are hostile input: a walk reads at most five descriptors, allocates nothing and never throws.</para>
/// <para>IMPLEMENTATION DEFINED choices: TxSZ out of its range is a level 0 Translation fault; a reserved TG0 or TG1 means 4 KB;
/// the Contiguous bit is ignored. Immutable and thread-safe.</para>
/// </remarks>
public sealed class Stage1Walker
{
    private const int AccessFlagBit = 10;
    private const int ReadOnlyBit = 7;
    private const int DirtyBitModifierBit = 51;

    private readonly IGuestMemory _memory;
    private readonly TranslationFeatures _features;
    private readonly int _addressBits;
    private readonly bool _defaultCacheable;

    /// <summary>Makes a walker of one machine.</summary>
    /// <param name="memory">The guest's memory, which holds the tables.</param>
    /// <param name="physicalAddressBits">The physical address size that the guest sees (ID_AA64MMFR0_EL1.PARange), 32 to 52 bits.</param>
    /// <param name="features">What the guest's cores implement beyond Armv8.0.</param>
    /// <param name="defaultCacheable">HCR_EL2.DC: Stage 1 is off whatever SCTLR_EL1 says, and all memory is Normal Write-Back.</param>
    /// <exception cref="ArgumentNullException"><paramref name="memory"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="physicalAddressBits"/> is not 32 to 52.</exception>
    public Stage1Walker(
        IGuestMemory memory, int physicalAddressBits, TranslationFeatures features = TranslationFeatures.None, bool defaultCacheable = false)
    {
        if (physicalAddressBits is < 32 or > 52)
        {
            throw new ArgumentOutOfRangeException(nameof(physicalAddressBits), physicalAddressBits, "The physical address size is 32 to 52 bits.");
        }

        _memory = memory ?? throw new ArgumentNullException(nameof(memory));
        _features = features;
        _addressBits = physicalAddressBits;
        _defaultCacheable = defaultCacheable;
    }

    /// <summary>Translates one byte.</summary>
    /// <param name="address">The virtual address of the byte.</param>
    /// <param name="access">What is checked.</param>
    /// <param name="registers">The Stage 1 controls of the vCPU.</param>
    /// <returns>The IPA or the fault that hardware would raise. An Alignment fault of Device memory comes before a Permission fault: the caller knows the size and finds the attributes in the result.</returns>
    public Stage1Translation Translate(Va address, Stage1Access access, in TranslationRegisters registers)
    {
        ulong va = address.Value;
        bool upper = (va & (1UL << 55)) != 0;
        var tcr = new Tcr(registers.TcrEl1);
        var sctlr = new Sctlr(registers.SctlrEl1);
        int top = tcr.Has(upper ? TcrBits.Tbi1 : TcrBits.Tbi0) ? 55 : 63;
        if (_defaultCacheable || !sctlr.Has(SctlrBits.M))
        {
            return Untranslated(va, top, access, sctlr);
        }

        int txsz = upper ? tcr.T1sz : tcr.T0sz;
        int inputBits = 64 - txsz;
        bool isClosed = access.IsUnprivileged && (_features & TranslationFeatures.E0PD) != 0 && tcr.Has(upper ? TcrBits.E0pd1 : TcrBits.E0pd0);
        TranslationGranule granule = TranslationGranule.Of(upper ? tcr.Granule1 : tcr.Granule0);
        bool ds = IsDs(tcr, granule);
        if (isClosed || !IsInputSize(granule, inputBits, ds) || tcr.Has(upper ? TcrBits.Epd1 : TcrBits.Epd0) || !IsInRange(va, top, inputBits, upper))
        {
            return Stage1Translation.Fault(FaultKind.Translation, 0);
        }

        DescriptorLayout layout = DescriptorLayout.Of(granule, _addressBits, ds);
        int outputBits = granule.OutputBits(PhysicalAddressSize.BitsOf(tcr.Ips), _addressBits, ds);
        int level = granule.StartLevel(inputBits);
        ulong table = layout.TableBase(upper ? registers.Ttbr1El1 : registers.Ttbr0El1, inputBits - granule.BlockSizeLog2(level) + 3, outputBits);
        if (table >> outputBits != 0)
        {
            return Stage1Translation.Fault(FaultKind.AddressSize, 0);
        }

        bool bigEndian = sctlr.Has(SctlrBits.Ee);
        ulong hierarchical = 0;
        ulong input = va & ((1UL << inputBits) - 1);
        Span<byte> bytes = stackalloc byte[8];
        while (true)
        {
            int shift = granule.BlockSizeLog2(level);
            ulong index = input >> shift;
            var descriptorAddress = new Ipa(table | (index << 3));
            if (_memory.Read(descriptorAddress, bytes) != bytes.Length)
            {
                return Stage1Translation.Absent(level, descriptorAddress);
            }

            ulong descriptor = bigEndian ? BinaryPrimitives.ReadUInt64BigEndian(bytes) : BinaryPrimitives.ReadUInt64LittleEndian(bytes);
            bool isTable = (descriptor & 3) == 3 && level < TranslationGranule.LastLevel;
            bool isLeaf = (descriptor & 3) == (level == TranslationGranule.LastLevel ? 3UL : 1UL) && level >= layout.FirstLeafLevel;
            if (!isTable && !isLeaf)
            {
                return Stage1Translation.Fault(FaultKind.Translation, level, descriptorAddress, descriptor);
            }

            ulong output = layout.AddressIn(descriptor) & ~((1UL << (isTable ? granule.SizeLog2 : shift)) - 1);
            if (output >> outputBits != 0)
            {
                return Stage1Translation.Fault(FaultKind.AddressSize, level, descriptorAddress, descriptor);
            }

            if (isLeaf)
            {
                input &= (1UL << shift) - 1;
                int sh = !ds ? (int)(descriptor >> 8) & 3 : upper ? tcr.Shareability1 : tcr.Shareability0;
                return Finish(new Ipa(output | input), shift, level, ShareabilityOf(sh), descriptorAddress, descriptor, hierarchical, upper, access, registers);
            }

            hierarchical |= descriptor;
            table = output;
            input &= (1UL << shift) - 1;
            level++;
        }
    }

    /// <summary>Gets what walker hardware makes of the descriptor at which a translation ended when the access is made: the Access flag, and for a write the dirty state, are set where TCR_EL1.HA and HD ask for it.</summary>
    /// <param name="translation">A translation without a fault, made with the same registers.</param>
    /// <param name="isWrite">True for a write, also one that may turn out not to be made (a store-exclusive, a compare and swap).</param>
    /// <param name="registers">The Stage 1 controls of the vCPU.</param>
    /// <returns>The descriptor; the same as <see cref="Stage1Translation.Descriptor"/> when there is nothing to set.</returns>
    public ulong DescriptorAfter(in Stage1Translation translation, bool isWrite, in TranslationRegisters registers)
    {
        ulong descriptor = translation.Descriptor;
        var tcr = new Tcr(registers.TcrEl1);
        if (translation.IsFault || !ManagesAccessFlag(tcr) || !Bit(descriptor, 0))
        {
            return descriptor;
        }

        descriptor |= 1UL << AccessFlagBit;
        return isWrite && ManagesDirtyState(tcr, descriptor) ? descriptor & ~(1UL << ReadOnlyBit) : descriptor;
    }

    /// <summary>Writes what <see cref="DescriptorAfter"/> tells, by one compare-exchange, so that nobody's change is lost.</summary>
    /// <param name="translation">A translation without a fault, made with the same registers.</param>
    /// <param name="isWrite">True for a write.</param>
    /// <param name="registers">The Stage 1 controls of the vCPU.</param>
    /// <returns>
    /// <see cref="CompareExchangeResult.Exchanged"/> when the descriptor is as it has to be; <see cref="CompareExchangeResult.Different"/> when it has
    /// changed since the walk: translate again. Otherwise nothing was written, because memory cannot do it.
    /// </returns>
    public CompareExchangeResult UpdateDescriptor(in Stage1Translation translation, bool isWrite, in TranslationRegisters registers)
    {
        ulong updated = DescriptorAfter(translation, isWrite, registers);
        if (updated == translation.Descriptor)
        {
            return CompareExchangeResult.Exchanged;
        }

        bool bigEndian = new Sctlr(registers.SctlrEl1).Has(SctlrBits.Ee);
        Span<byte> bytes = stackalloc byte[3 * sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, bigEndian ? BinaryPrimitives.ReverseEndianness(translation.Descriptor) : translation.Descriptor);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.Slice(sizeof(ulong)), bigEndian ? BinaryPrimitives.ReverseEndianness(updated) : updated);
        return _memory.TryCompareExchange(
            translation.DescriptorAddress, bytes.Slice(0, sizeof(ulong)), bytes.Slice(sizeof(ulong), sizeof(ulong)), bytes.Slice(2 * sizeof(ulong)));
    }

    private static bool Bit(ulong value, int bit) => ((value >> bit) & 1) != 0;

    private static bool IsInRange(ulong va, int top, int inputBits, bool upper)
    {
        ulong mask = (ulong.MaxValue >> (63 - top)) & ~((1UL << inputBits) - 1);
        return (va & mask) == (upper ? mask : 0);
    }

    // CONSTRAINED UNPREDICTABLE choice: the reserved value means Non-shareable.
    private static Shareability ShareabilityOf(int sh) => sh == 1 ? Shareability.NonShareable : (Shareability)sh;

    private static TranslationPermissions PermissionsOf(ulong descriptor, bool writable, bool userAccess, ulong tables, bool wxn)
    {
        bool userWritable = userAccess && writable;
        bool userFetch = !Bit(descriptor | (tables >> 6), 54) && !(wxn && userWritable);

        // What EL0 may write is never executable at EL1, whatever PXN says.
        bool privilegedFetch = !Bit(descriptor | (tables >> 6), 53) && !userWritable && !(wxn && writable);
        return TranslationPermissions.El1Read
            | (writable ? TranslationPermissions.El1Write : 0)
            | (privilegedFetch ? TranslationPermissions.El1Fetch : 0)
            | (userAccess ? TranslationPermissions.El0Read : 0)
            | (userWritable ? TranslationPermissions.El0Write : 0)
            | (userFetch ? TranslationPermissions.El0Fetch : 0);
    }

    private static bool IsPermitted(TranslationPermissions permissions, Stage1Access access, bool enhancedPan)
    {
        int granted = access.IsUnprivileged ? (int)permissions & 7 : (int)permissions >> 3;
        TranslationPermissions user = TranslationPermissions.El0Read | (enhancedPan ? TranslationPermissions.El0Fetch : 0);
        bool denied = access.IsPrivilegedAccessNever && (permissions & user) != 0;
        return ((int)access.Kind & ~(denied ? 0 : granted)) == 0;
    }

    /// <summary>Gets the effective value of TCR_EL1.DS, which says nothing about 64 KB tables.</summary>
    private bool IsDs(Tcr tcr, TranslationGranule granule) =>
        tcr.Has(TcrBits.Ds) && (_features & TranslationFeatures.LPA2) != 0 && granule != TranslationGranule.Granule64K;

    private bool IsInputSize(TranslationGranule granule, int inputBits, bool ds)
    {
        bool is64K = granule == TranslationGranule.Granule64K;
        bool isLarge = ds || (is64K && (_features & TranslationFeatures.LVA) != 0);
        int least = (_features & TranslationFeatures.TTST) == 0 ? TranslationGranule.SmallestUsualInput : granule.SmallestInput;
        return inputBits >= least && inputBits <= (isLarge ? 52 : 48);
    }

    private bool ManagesAccessFlag(Tcr tcr) => (_features & TranslationFeatures.HAFDBS) != 0 && tcr.Has(TcrBits.Ha);

    private bool ManagesDirtyState(Tcr tcr, ulong descriptor) => ManagesAccessFlag(tcr) && tcr.Has(TcrBits.Hd) && Bit(descriptor, DirtyBitModifierBit);

    private Stage1Translation Untranslated(ulong va, int top, Stage1Access access, Sctlr sctlr)
    {
        ulong significant = va & (ulong.MaxValue >> (63 - top));
        if (significant >> _addressBits != 0)
        {
            return Stage1Translation.Fault(FaultKind.AddressSize, 0);
        }

        Shareability shareability = _defaultCacheable ? Shareability.NonShareable : Shareability.OuterShareable;
        MemoryAttributes attributes = _defaultCacheable ? MemoryAttributes.NormalWriteBack
            : access.Kind != Stage1AccessKind.Fetch ? MemoryAttributes.DeviceNGnRnE
            : sctlr.Has(SctlrBits.I) ? MemoryAttributes.NormalWriteThrough : MemoryAttributes.NormalNonCacheable;
        return Stage1Translation.Leaf(
            new Ipa(significant), TranslationGranule.Granule4K.SizeLog2, 0, attributes, shareability, TranslationPermissions.All, default, 0);
    }

    private Stage1Translation Finish(
        Ipa ipa,
        int sizeLog2,
        int level,
        Shareability shareability,
        Ipa descriptorAddress,
        ulong descriptor,
        ulong tables,
        bool upper,
        Stage1Access access,
        in TranslationRegisters registers)
    {
        var tcr = new Tcr(registers.TcrEl1);
        if ((_features & TranslationFeatures.HPDS) != 0 && tcr.Has(upper ? TcrBits.Hpd1 : TcrBits.Hpd0))
        {
            tables = 0;
        }

        // AP[2] is effectively 0 where the walker manages the dirty state. APTable[1:0] are bits 62:61.
        bool writable = (ManagesDirtyState(tcr, descriptor) || !Bit(descriptor, ReadOnlyBit)) && !Bit(tables, 62);
        bool userAccess = Bit(descriptor, 6) && !Bit(tables, 61);
        var sctlr = new Sctlr(registers.SctlrEl1);
        TranslationPermissions permissions = PermissionsOf(descriptor, writable, userAccess, tables, sctlr.Has(SctlrBits.Wxn));
        var attributes = new MemoryAttributes(new Mair(registers.MairEl1)[(int)(descriptor >> 2) & 7]);
        Stage1Translation found = Stage1Translation.Leaf(ipa, sizeLog2, level, attributes, shareability, permissions, descriptorAddress, descriptor);
        if (!ManagesAccessFlag(tcr) && !Bit(descriptor, AccessFlagBit))
        {
            return found.WithFault(FaultKind.AccessFlag);
        }

        bool enhancedPan = (_features & TranslationFeatures.PAN3) != 0 && sctlr.Has(SctlrBits.Epan);
        return IsPermitted(permissions, access, enhancedPan) ? found : found.WithFault(FaultKind.Permission);
    }
}
