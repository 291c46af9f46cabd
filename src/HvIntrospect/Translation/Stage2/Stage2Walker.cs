using System;
using System.Runtime.CompilerServices;
using HvIntrospect.Registers;

namespace HvIntrospect.Translation.Stage2;

/// <summary>Walks Stage 2 tables in software as VTCR_EL2 and VTTBR_EL2 describe them.</summary>
/// <remarks>
/// <para>Arm Architecture Reference Manual (DDI 0487), "The AArch64 Virtual Memory System Architecture". It writes nothing. Tables
/// and registers may be hostile: a walk reads at most <see cref="MostDescriptors"/> descriptors, allocates nothing and never throws.</para>
/// <para>IMPLEMENTATION DEFINED and CONSTRAINED UNPREDICTABLE choices: T0SZ out of its range is a level 0 Translation fault, as is a
/// start level that does not suit it; a reserved TG0 means 4 KB; the Contiguous bit is ignored, so a run that is programmed wrongly translates
/// as its descriptors say; a block with nT = 1 (FEAT_BBM) translates like any other. Fields of VTCR_EL2 for 128-bit descriptors, indirect permissions and
/// overlays are RES0. Immutable and thread-safe.</para>
/// </remarks>
public sealed class Stage2Walker
{
    /// <summary>The most descriptors that one walk reads: those of levels -1 to 3.</summary>
    public const int MostDescriptors = 5;

    private const ulong ExecuteNever = 3UL << 53;
    private const int PermissionShift = 6;

    private readonly IPhysicalMemory _memory;
    private readonly DescriptorLayout _layout;
    private readonly Stage2LeafFields _leafFields;
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
    private readonly uint _packedFormat;
    private readonly ulong _indexMask;
    private readonly ulong _addressMask;
    private readonly bool _hardwareAccessFlag;
    private readonly bool _hardwareDirty;

    /// <summary>Makes a walker of tables of a known geometry.</summary>
    /// <param name="memory">Physical memory, which holds the tables.</param>
    /// <param name="geometry">The shape of the tables.</param>
    /// <param name="vttbr">The value of VTTBR_EL2; its VMID is not used.</param>
    /// <exception cref="ArgumentNullException"><paramref name="memory"/> or <paramref name="geometry"/> is null.</exception>
    public Stage2Walker(IPhysicalMemory memory, Stage2Geometry geometry, Vttbr vttbr)
        : this(
            memory,
            (geometry ?? throw new ArgumentNullException(nameof(geometry))).Vtcr,
            vttbr,
            geometry.PhysicalAddressBits,
            geometry.Features,
            geometry.HasForcedWriteBack)
    {
    }

    /// <summary>Makes a walker of tables as any registers describe them.</summary>
    /// <param name="memory">Physical memory, which holds the tables.</param>
    /// <param name="vtcr">The value of VTCR_EL2.</param>
    /// <param name="vttbr">The value of VTTBR_EL2; its VMID is not used.</param>
    /// <param name="physicalAddressBits">The physical address size of the cores (ID_AA64MMFR0_EL1.PARange), 32 to 52 bits.</param>
    /// <param name="features">What the cores implement beyond Armv8.0.</param>
    /// <param name="forcedWriteBack">HCR_EL2.FWB, which counts with FEAT_S2FWB only.</param>
    /// <exception cref="ArgumentNullException"><paramref name="memory"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="physicalAddressBits"/> is not 32 to 52.</exception>
    public Stage2Walker(
        IPhysicalMemory memory,
        Vtcr vtcr,
        Vttbr vttbr,
        int physicalAddressBits,
        TranslationFeatures features = TranslationFeatures.None,
        bool forcedWriteBack = false)
    {
        if (physicalAddressBits is < 32 or > 52)
        {
            throw new ArgumentOutOfRangeException(nameof(physicalAddressBits), physicalAddressBits, "The physical address size is 32 to 52 bits.");
        }

        _memory = memory ?? throw new ArgumentNullException(nameof(memory));
        TranslationGranule granule = TranslationGranule.Of(vtcr.Granule);
        bool ds = Stage2Geometry.HasDs(granule, vtcr, features);
        Stage2Format format = Stage2Geometry.FormatOf(granule, vtcr, physicalAddressBits, features, forcedWriteBack && (features & TranslationFeatures.S2FWB) != 0);
        _layout = format.Layout;
        _leafFields = format.LeafFields;
        _outputBits = granule.OutputBits(PhysicalAddressSize.BitsOf(vtcr.Ps), physicalAddressBits, ds);
        _stride = granule.Stride;
        _pageShift = granule.SizeLog2;
        _indexMask = (1UL << _stride) - 1;
        _addressMask = _layout.DirectMask;
        _packedFormat = Stage2Translation.PackFormat(_pageShift, _leafFields);
        _largestLeafShift = granule.BlockSizeLog2(_layout.FirstLeafLevel);
        _hardwareAccessFlag = (features & TranslationFeatures.HAFDBS) != 0 && vtcr.HardwareAccessFlag;
        _hardwareDirty = _hardwareAccessFlag && vtcr.HardwareDirtyState;

        // A walk is plain while no address lies beyond the output size or in the folded bits.
        _plainTableMask = Stage2Format.TypeMask | _layout.FoldedMask | (_addressMask & ~((1UL << _outputBits) - 1));
        _plainLeafMask = _plainTableMask | Stage2Format.AccessFlag | ExecuteNever;
        if (!Stage2Geometry.TryReadStart(vtcr, granule, physicalAddressBits, features, out int startLevel, out _))
        {
            _rootFault = FaultKind.Translation;
            return;
        }

        int inputBits = 64 - vtcr.T0sz;
        _lastInput = (1UL << inputBits) - 1;
        _startShift = granule.BlockSizeLog2(startLevel);
        _root = _layout.TableBase(vttbr.Value, inputBits - _startShift + 3, _outputBits);
        _rootFault = _root >> _outputBits != 0 ? FaultKind.AddressSize : FaultKind.Unknown;
        _plainEnd = _rootFault == FaultKind.Unknown ? 1UL << inputBits : 0;
    }

    /// <summary>Gets all addresses that the tables can translate; only the first byte of them where VTCR_EL2 is illegal, so that nothing is translated.</summary>
    public IpaRange Input => new(default, _lastInput + 1);

    /// <summary>Translates one byte.</summary>
    /// <param name="address">The IPA of the byte.</param>
    /// <param name="access">What the access needs; none looks up without a permission check.</param>
    /// <returns>The physical address or the fault that hardware would raise. After an Access flag or Permission fault the mapping is valid too.</returns>
    public Stage2Translation Walk(Ipa address, Stage2Access access = Stage2Access.None) =>
        TryWalkPlain(address.Value, access, out ulong slot, out ulong descriptor, out int shift)
            ? Mapped(address.Value, slot, descriptor, shift)
            : WalkByStep(address.Value, access);

    /// <summary>Translates one byte and tells which descriptors led there.</summary>
    /// <param name="address">The IPA of the byte.</param>
    /// <param name="steps">Receives the descriptors in the order in which they were read; at least <see cref="MostDescriptors"/> long.</param>
    /// <param name="count">The number of descriptors that were read; 0 when a fault needed none.</param>
    /// <param name="access">What the access needs; none looks up without a permission check.</param>
    /// <returns>As <see cref="Walk"/>.</returns>
    /// <exception cref="ArgumentException"><paramref name="steps"/> is too short.</exception>
    public Stage2Translation Trace(
        Ipa address, Span<Stage2WalkStep> steps, out int count, Stage2Access access = Stage2Access.None)
    {
        if (steps.Length < MostDescriptors)
        {
            throw new ArgumentException("A walk reads up to 5 descriptors; there must be room for them.", nameof(steps));
        }

        return WalkByStep(address.Value, access, isSettled: false, steps, out count);
    }

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
                return (descriptor & (_plainLeafMask | permitted)) == (Stage2Format.TableOrPage | Stage2Format.AccessFlag | permitted);
            }

            if ((descriptor & _plainTableMask) != Stage2Format.TableOrPage)
            {
                ulong permitted = (ulong)(access & Stage2Access.ReadWrite) << PermissionShift;
                return (descriptor & (_plainLeafMask | permitted)) == (Stage2Format.Block | Stage2Format.AccessFlag | permitted) && shift <= _largestLeafShift;
            }

            shift -= _stride;
            slot = (descriptor & _addressMask) + (((ipa >> shift) & _indexMask) << 3);
        }

        return false;
    }

    /// <summary>Makes the result of a walk that found what is not denied.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Stage2Translation Mapped(ulong ipa, ulong slot, ulong descriptor, int shift)
    {
        ulong offsetMask = (1UL << shift) - 1;
        return Stage2Translation.Mapped((descriptor & _addressMask & ~offsetMask) | (ipa & offsetMask), slot, descriptor, shift, _packedFormat);
    }

    /// <summary>Walks with every check, one descriptor at a time.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal Stage2Translation WalkByStep(ulong ipa, Stage2Access access) => WalkByStep(ipa, access, isSettled: false, default, out _);

    /// <summary>Finds where a byte lies when a change that is under way is done.</summary>
    internal Stage2Translation WalkSettled(ulong ipa) => WalkByStep(ipa, Stage2Access.None, isSettled: true, default, out _);

    private Stage2Translation WalkByStep(ulong ipa, Stage2Access access, bool isSettled, Span<Stage2WalkStep> steps, out int count)
    {
        count = 0;

        // An IPA beyond the input size is found before the root table is looked at.
        if (ipa > _lastInput || _rootFault != FaultKind.Unknown)
        {
            int level0Shift = _pageShift + (TranslationGranule.LastLevel * _stride);
            return Fault(ipa > _lastInput ? FaultKind.Translation : _rootFault, 0, 0, 0, level0Shift);
        }

        int shift = _startShift;
        ulong slot = _root + ((ipa >> shift) << 3);
        while (true)
        {
            if (!TryRead(slot, out ulong descriptor))
            {
                return Fault(FaultKind.SynchronousExternalOnWalk, 0, slot, 0, shift);
            }

            if (count < steps.Length)
            {
                steps[count] = new Stage2WalkStep(new Pa(slot), descriptor, TranslationGranule.LastLevel - ((shift - _pageShift) / _stride));
                count++;
            }

            if (isSettled && Stage2Format.IsInTransition(descriptor))
            {
                descriptor = Stage2Format.Made(descriptor);
            }

            bool isPage = shift == _pageShift;
            bool isTable = (descriptor & Stage2Format.TypeMask) == Stage2Format.TableOrPage && !isPage;
            ulong offsetMask = isTable ? 0 : (1UL << shift) - 1;
            ulong output = _layout.AddressIn(descriptor) & ~offsetMask;
            if (!isTable && ((descriptor & Stage2Format.TypeMask) != (isPage ? Stage2Format.TableOrPage : Stage2Format.Block) || shift > _largestLeafShift))
            {
                return Fault(FaultKind.Translation, 0, slot, descriptor, shift);
            }

            if (output >> _outputBits != 0)
            {
                return Fault(FaultKind.AddressSize, 0, slot, descriptor, shift);
            }

            if (isTable)
            {
                shift -= _stride;
                slot = output + (((ipa >> shift) & _indexMask) << 3);
                continue;
            }

            output |= ipa & offsetMask;
            if ((descriptor & Stage2Format.AccessFlag) == 0 && !_hardwareAccessFlag)
            {
                return Fault(FaultKind.AccessFlag, output, slot, descriptor, shift);
            }

            return (access & ~Granted(descriptor)) != 0
                ? Fault(FaultKind.Permission, output, slot, descriptor, shift)
                : Stage2Translation.Mapped(output, slot, descriptor, shift, _packedFormat);
        }
    }

    private Stage2Translation Fault(FaultKind kind, ulong pa, ulong slot, ulong descriptor, int shift) =>
        Stage2Translation.Fault(kind, pa, slot, descriptor, shift, _packedFormat);

    private bool TryRead(ulong slot, out ulong descriptor) =>
        DescriptorSpan.Around(_memory, slot).TryRead(slot, out descriptor) || DescriptorSpan.TryCopy(_memory, slot, out descriptor);

    /// <summary>Tells what a block or page descriptor permits.</summary>
    internal Stage2Access Granted(ulong descriptor)
    {
        Stage2Access granted = _leafFields.AccessIn(descriptor);
        return _hardwareDirty && (descriptor & Stage2Format.DirtyBitModifier) != 0 ? granted | Stage2Access.Write : granted;
    }
}
