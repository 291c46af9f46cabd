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
    private const ulong DirtyBitModifier = 1UL << 51;
    private const ulong WriteBit = 1UL << 7;
    private const int SmallestInput = 25;

    private readonly IPhysicalMemory _memory;
    private readonly TranslationGranule _granule;
    private readonly TranslationFeatures _features;
    private readonly FaultKind _rootFault;
    private readonly ulong _root;
    private readonly int _inputBits;
    private readonly int _outputBits;
    private readonly int _startLevel;
    private readonly int _startShift;
    private readonly int _stride;
    private readonly int _largestLeafShift;
    private readonly ulong _indexMask;
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
        _granule = TranslationGranule.Of(vtcr.Granule);
        _inputBits = 64 - vtcr.T0sz;
        _outputBits = _granule.OutputBits(PhysicalAddressSize.BitsOf(vtcr.Ps), physicalAddressBits);
        _startLevel = _granule.Stage2LastStartLevel - vtcr.Sl0;
        _stride = _granule.Stride;
        _indexMask = (1UL << _stride) - 1;
        _hardwareAccessFlag = (features & TranslationFeatures.HAFDBS) != 0 && vtcr.HardwareAccessFlag;
        _hardwareDirty = _hardwareAccessFlag && vtcr.HardwareDirtyState;
        int firstLeafLevel = -1;
        while (!_granule.AllowsLeaf(firstLeafLevel, physicalAddressBits))
        {
            firstLeafLevel++;
        }

        _largestLeafShift = _granule.BlockSizeLog2(firstLeafLevel);
        int largestInput = _granule.OutputBits(52, physicalAddressBits);
        if (_inputBits < SmallestInput || _inputBits > largestInput || !_granule.CanStartStage2(_startLevel, _inputBits, physicalAddressBits))
        {
            _rootFault = FaultKind.Translation;
            return;
        }

        _startShift = _granule.BlockSizeLog2(_startLevel);
        _root = _granule.TableBase(vttbr.Value, _inputBits, _startLevel, _outputBits);
        _rootFault = _root >> _outputBits != 0 ? FaultKind.AddressSize : FaultKind.Unknown;
    }

    /// <summary>Translates one byte.</summary>
    /// <param name="address">The IPA of the byte.</param>
    /// <param name="access">What the access needs; none looks up without a permission check.</param>
    /// <param name="atEl0">True for an access from EL0, which matters to fetches with FEAT_XNX only.</param>
    /// <returns>The physical address or the fault that hardware would raise. After an Access flag or Permission fault the mapping is valid too.</returns>
    public Stage2Translation Walk(Ipa address, Stage2Access access = Stage2Access.None, bool atEl0 = false)
    {
        ulong ipa = address.Value;
        if (_rootFault != FaultKind.Unknown || ipa >> _inputBits != 0)
        {
            // An IPA beyond the input size is found before the root table is looked at.
            FaultKind kind = _rootFault == FaultKind.Unknown || ipa >> _inputBits != 0 ? FaultKind.Translation : _rootFault;
            return new Stage2Translation(kind, default, default, 0, 0, 0);
        }

        var window = new TableWindow(_memory, _root);
        int level = _startLevel;
        int shift = _startShift;
        ulong slot = _root + ((ipa >> shift) << 3);
        while (true)
        {
            if (!window.TryRead(slot, out ulong descriptor))
            {
                return Fault(FaultKind.SynchronousExternalOnWalk, slot, 0, level);
            }

            bool isTable = level < TranslationGranule.LastLevel && (descriptor & 3) == 3;
            if (!isTable)
            {
                return Leaf(ipa, slot, descriptor, level, shift, access, atEl0);
            }

            ulong table = _granule.OutputAddress(descriptor, _granule.SizeLog2, _outputBits);
            if (table >> _outputBits != 0)
            {
                return Fault(FaultKind.AddressSize, slot, descriptor, level);
            }

            level++;
            shift -= _stride;
            slot = table + (((ipa >> shift) & _indexMask) << 3);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Stage2Translation Fault(FaultKind kind, ulong slot, ulong descriptor, int level) =>
        new(kind, default, new Pa(slot), descriptor, level, 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Stage2Translation Leaf(ulong ipa, ulong slot, ulong descriptor, int level, int shift, Stage2Access access, bool atEl0)
    {
        // A page is 0b11 at level 3; a block is 0b01 at the levels that have blocks.
        ulong expected = level == TranslationGranule.LastLevel ? 3UL : 1UL;
        if ((descriptor & 3) != expected || shift > _largestLeafShift)
        {
            return Fault(FaultKind.Translation, slot, descriptor, level);
        }

        ulong output = _granule.OutputAddress(descriptor, shift, _outputBits);
        if (output >> _outputBits != 0)
        {
            return Fault(FaultKind.AddressSize, slot, descriptor, level);
        }

        var pa = new Pa(output | (ipa & ((1UL << shift) - 1)));
        if ((descriptor & Stage2Attributes.AccessFlagBit) == 0 && !_hardwareAccessFlag)
        {
            return new Stage2Translation(FaultKind.AccessFlag, pa, new Pa(slot), descriptor, level, shift);
        }

        return (access & ~Granted(descriptor, atEl0)) == 0
            ? new Stage2Translation(pa, new Pa(slot), descriptor, level, shift)
            : new Stage2Translation(FaultKind.Permission, pa, new Pa(slot), descriptor, level, shift);
    }

    private Stage2Access Granted(ulong descriptor, bool atEl0)
    {
        if (_hardwareDirty && (descriptor & DirtyBitModifier) != 0)
        {
            descriptor |= WriteBit;
        }

        var granted = (Stage2Access)((descriptor >> 6) & 3);
        int executeNever = (int)(descriptor >> 53) & 3;
        bool executable = (_features & TranslationFeatures.XNX) == 0 ? (executeNever & 2) == 0
            : executeNever == 0 || executeNever == (atEl0 ? 1 : 3);
        return executable ? granted | Stage2Access.Execute : granted;
    }
}
