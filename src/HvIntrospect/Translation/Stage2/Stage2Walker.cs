using System;
using System.Runtime.CompilerServices;
using HvIntrospect.Registers;

namespace HvIntrospect.Translation.Stage2;

/// <summary>Walks Stage 2 tables in software as VTCR_EL2 and VTTBR_EL2 describe them.</summary>
/// <remarks>
/// <para>Arm Architecture Reference Manual (DDI 0487), "The AArch64 Virtual Memory System Architecture". It writes nothing. Tables
/// and registers may be hostile: a walk reads at most four descriptors, allocates nothing and never throws.</para>
/// <para>IMPLEMENTATION DEFINED choices: T0SZ out of its range is a level 0 Translation fault, as is a start level that does not suit it;
/// a reserved TG0 means 4 KB; the Contiguous bit is ignored. Immutable and thread-safe.</para>
/// </remarks>
public sealed class Stage2Walker
{
    private const ulong TypeBits = 3;
    private const ulong TableType = 3;
    private const ulong BlockType = 1;
    private const ulong PageType = 3;
    private const ulong ExecuteNever = 3UL << 53;
    private const int PermissionShift = 6;
    private const ulong DirtyBitModifier = 1UL << 51;
    private const int SmallestInput = 25;

    private readonly IPhysicalMemory _memory;
    private readonly TranslationFeatures _features;
    private readonly FaultKind _rootFault;
    private readonly ulong _root;
    private readonly ulong _lastInput;
    private readonly ulong _plainEnd;
    private readonly ulong _plainTableMask;
    private readonly ulong _plainLeafMask;
    private readonly int _outputBits;
    private readonly int _startShift;
    private readonly int _pageShift;
    private readonly int _stride;
    private readonly int _largestLeafShift;
    private readonly ulong _indexMask;
    private readonly ulong _tableMask;
    private readonly bool _has52Bits;
    private readonly bool _hardwareAccessFlag;
    private readonly bool _hardwareDirty;

    /// <summary>Makes a walker of one set of tables.</summary>
    /// <param name="memory">Physical memory, which holds the tables.</param>
    /// <param name="vtcr">The value of VTCR_EL2.</param>
    /// <param name="vttbr">The value of VTTBR_EL2; its VMID is not used.</param>
    /// <param name="physicalAddressBits">The physical address size of the cores (ID_AA64MMFR0_EL1.PARange), 32 to 52 bits.</param>
    /// <param name="features">What the cores implement beyond Armv8.0.</param>
    /// <exception cref="ArgumentNullException"><paramref name="memory"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="physicalAddressBits"/> is not 32 to 52.</exception>
    public Stage2Walker(
        IPhysicalMemory memory, Vtcr vtcr, Vttbr vttbr, int physicalAddressBits, TranslationFeatures features = TranslationFeatures.None)
    {
        if (physicalAddressBits is < 32 or > 52)
        {
            throw new ArgumentOutOfRangeException(nameof(physicalAddressBits), physicalAddressBits, "The physical address size is 32 to 52 bits.");
        }

        _memory = memory ?? throw new ArgumentNullException(nameof(memory));
        _features = features;
        TranslationGranule granule = TranslationGranule.Of(vtcr.Granule);
        int inputBits = 64 - vtcr.T0sz;
        _outputBits = granule.OutputBits(PhysicalAddressSize.BitsOf(vtcr.Ps), physicalAddressBits);
        int startLevel = granule.Stage2LastStartLevel - vtcr.Sl0;
        _stride = granule.Stride;
        _indexMask = (1UL << _stride) - 1;
        _tableMask = 0x0000_FFFF_FFFF_FFFF & ~(granule.Size - 1);
        _plainTableMask = TypeBits | (_tableMask & ~((1UL << _outputBits) - 1));
        _plainLeafMask = _plainTableMask | Stage2Attributes.AccessFlagBit | ExecuteNever;
        _has52Bits = _outputBits == 52;
        _pageShift = granule.SizeLog2;
        _hardwareAccessFlag = (features & TranslationFeatures.HAFDBS) != 0 && vtcr.HardwareAccessFlag;
        _hardwareDirty = _hardwareAccessFlag && vtcr.HardwareDirtyState;
        int firstLeafLevel = -1;
        while (!granule.AllowsLeaf(firstLeafLevel, physicalAddressBits))
        {
            firstLeafLevel++;
        }

        _largestLeafShift = granule.BlockSizeLog2(firstLeafLevel);
        int largestInput = granule.OutputBits(52, physicalAddressBits);
        if (inputBits < SmallestInput || inputBits > largestInput || !granule.CanStartStage2(startLevel, inputBits, physicalAddressBits))
        {
            _rootFault = FaultKind.Translation;
            return;
        }

        _lastInput = (1UL << inputBits) - 1;
        _startShift = granule.BlockSizeLog2(startLevel);
        _root = granule.TableBase(vttbr.Value, inputBits, startLevel, _outputBits);
        _rootFault = _root >> _outputBits != 0 ? FaultKind.AddressSize : FaultKind.Unknown;

        // With 52 bits a part of the address lies elsewhere in the descriptor: no walk is plain then.
        _plainEnd = _rootFault == FaultKind.Unknown && !_has52Bits ? 1UL << inputBits : 0;
    }

    /// <summary>Translates one byte.</summary>
    /// <param name="address">The IPA of the byte.</param>
    /// <param name="access">What the access needs; none looks up without a permission check.</param>
    /// <param name="atEl0">True for an access from EL0, which matters to fetches with FEAT_XNX only.</param>
    /// <returns>The physical address or the fault that hardware would raise. After an Access flag or Permission fault the mapping is valid too.</returns>
    public Stage2Translation Walk(Ipa address, Stage2Access access = Stage2Access.None, bool atEl0 = false) =>
        TryWalkPlain(address.Value, access, out ulong slot, out ulong descriptor, out int shift)
            ? Mapped(address.Value, slot, descriptor, shift)
            : WalkByStep(address.Value, access, atEl0);

    /// <summary>Walks where nothing is special: all tables lie in one run of memory, nothing faults, XN is 0. It makes no call but one, so that all of it stays in registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryWalkPlain(ulong ipa, Stage2Access access, out ulong slot, out ulong descriptor, out int shift)
    {
        if (ipa >= _plainEnd || access > Stage2Access.All)
        {
            shift = 0;
            slot = 0;
            descriptor = 0;
            return false;
        }

        DescriptorSpan span = DescriptorSpan.Around(_memory, _root);
        shift = _startShift;
        slot = _root + ((ipa >> shift) << 3);
        while (span.TryRead(slot, out descriptor))
        {
            // The two lower bits of an access stand in S2AP as they are; without XN all may be executed.
            if (shift == _pageShift)
            {
                ulong permitted = (ulong)(access & Stage2Access.ReadWrite) << PermissionShift;
                return (descriptor & (_plainLeafMask | permitted)) == (PageType | Stage2Attributes.AccessFlagBit | permitted);
            }

            if ((descriptor & _plainTableMask) != TableType)
            {
                ulong permitted = (ulong)(access & Stage2Access.ReadWrite) << PermissionShift;
                return (descriptor & (_plainLeafMask | permitted)) == (BlockType | Stage2Attributes.AccessFlagBit | permitted) && shift <= _largestLeafShift;
            }

            shift -= _stride;
            slot = (descriptor & _tableMask) + (((ipa >> shift) & _indexMask) << 3);
        }

        return false;
    }

    /// <summary>Makes the result of a walk that found what is not denied.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Stage2Translation Mapped(ulong ipa, ulong slot, ulong descriptor, int shift)
    {
        ulong offsetMask = (1UL << shift) - 1;
        return Stage2Translation.Mapped((descriptor & _tableMask & ~offsetMask) | (ipa & offsetMask), slot, descriptor, shift, _pageShift);
    }

    /// <summary>Walks with every check, one descriptor at a time.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal Stage2Translation WalkByStep(ulong ipa, Stage2Access access, bool atEl0)
    {
        // An IPA beyond the input size is found before the root table is looked at.
        if (ipa > _lastInput || _rootFault != FaultKind.Unknown)
        {
            int level0Shift = _pageShift + (TranslationGranule.LastLevel * _stride);
            return Stage2Translation.Fault(ipa > _lastInput ? FaultKind.Translation : _rootFault, 0, 0, 0, level0Shift, _pageShift);
        }

        int shift = _startShift;
        ulong slot = _root + ((ipa >> shift) << 3);
        while (true)
        {
            if (!TryRead(slot, out ulong descriptor))
            {
                return Stage2Translation.Fault(FaultKind.SynchronousExternalOnWalk, 0, slot, 0, shift, _pageShift);
            }

            bool isPage = shift == _pageShift;
            bool isTable = (descriptor & TypeBits) == TableType && !isPage;
            ulong offsetMask = isTable ? 0 : (1UL << shift) - 1;
            ulong output = descriptor & _tableMask & ~offsetMask;
            if (_has52Bits)
            {
                output |= ((descriptor >> 12) & 0xF) << 48;
            }

            if (!isTable && ((descriptor & TypeBits) != (isPage ? PageType : BlockType) || shift > _largestLeafShift))
            {
                return Stage2Translation.Fault(FaultKind.Translation, 0, slot, descriptor, shift, _pageShift);
            }

            if (output >> _outputBits != 0)
            {
                return Stage2Translation.Fault(FaultKind.AddressSize, 0, slot, descriptor, shift, _pageShift);
            }

            if (isTable)
            {
                shift -= _stride;
                slot = output + (((ipa >> shift) & _indexMask) << 3);
                continue;
            }

            output |= ipa & offsetMask;
            if ((descriptor & Stage2Attributes.AccessFlagBit) == 0 && !_hardwareAccessFlag)
            {
                return Stage2Translation.Fault(FaultKind.AccessFlag, output, slot, descriptor, shift, _pageShift);
            }

            return (access & ~Granted(descriptor, atEl0)) != 0
                ? Stage2Translation.Fault(FaultKind.Permission, output, slot, descriptor, shift, _pageShift)
                : Stage2Translation.Mapped(output, slot, descriptor, shift, _pageShift);
        }
    }

    /// <summary>Tells what a block or page descriptor permits.</summary>
    internal Stage2Access Granted(ulong descriptor, bool atEl0)
    {
        var granted = (Stage2Access)((descriptor >> PermissionShift) & 3) | Stage2Access.Execute;
        if (_hardwareDirty && (descriptor & DirtyBitModifier) != 0)
        {
            granted |= Stage2Access.Write;
        }

        int executeNever = (int)(descriptor >> 53) & 3;
        if (executeNever != 0)
        {
            bool executable = (_features & TranslationFeatures.XNX) != 0 ? executeNever == (atEl0 ? 1 : 3) : executeNever == 1;
            granted = executable ? granted : granted & ~Stage2Access.Execute;
        }

        return granted;
    }

    private bool TryRead(ulong slot, out ulong descriptor) =>
        DescriptorSpan.Around(_memory, slot).TryRead(slot, out descriptor) || DescriptorSpan.TryCopy(_memory, slot, out descriptor);
}
