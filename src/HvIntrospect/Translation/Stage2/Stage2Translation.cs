using System.Globalization;
using System.Runtime.CompilerServices;
using HvIntrospect.Registers;

namespace HvIntrospect.Translation.Stage2;

/// <summary>The outcome of a Stage 2 walk: a physical address with its attributes, or a fault.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
public readonly struct Stage2Translation
{
    private const int ShiftField = 8;
    private const int PageShiftField = 16;
    private const uint FaultBit = 1U << 24;
    private const uint MappedBit = 1U << 25;
    private const int FormatField = 26;

    private readonly ulong _pa;
    private readonly ulong _descriptorAddress;
    private readonly ulong _descriptor;

    /// <summary>
    /// Status code, log2 of what a descriptor of the last level maps and of a page, whether the byte is mapped and whether it is a fault, and where a descriptor holds its attributes.
    /// With not more than four fields the result stays in registers.
    /// </summary>
    private readonly uint _packed;

    private Stage2Translation(ulong pa, ulong descriptorAddress, ulong descriptor, uint packed)
    {
        _pa = pa;
        _descriptorAddress = descriptorAddress;
        _descriptor = descriptor;
        _packed = packed;
    }

    /// <summary>Gets a value indicating whether the access faults.</summary>
    public bool IsFault => (_packed & FaultBit) != 0;

    /// <summary>Gets the fault status. Meaningful when <see cref="IsFault"/>.</summary>
    public FaultStatus Status => new((int)_packed & 0x3F);

    /// <summary>Gets a value indicating whether the byte is mapped, so that <see cref="Pa"/>, <see cref="Size"/> and <see cref="Attributes"/> are valid: without a fault and after an Access flag or Permission fault.</summary>
    public bool IsMapped => (_packed & MappedBit) != 0;

    /// <summary>Gets the physical address of the byte; 0 when it is not mapped.</summary>
    public Pa Pa => new(_pa);

    /// <summary>Gets the size in bytes of the block or page; 0 when the byte is not mapped.</summary>
    public ulong Size => IsMapped ? 1UL << Shift : 0;

    /// <summary>Gets the lookup level at which the walk ended, -1 to 3.</summary>
    public int Level => LevelOf(Shift, PageShiftOf(_packed));

    /// <summary>Gets the attributes; those of a fully denied Device page when the byte is not mapped.</summary>
    public Stage2Attributes Attributes => IsMapped ? Stage2LeafFields.FromCode((int)(_packed >> FormatField)).Decode(_descriptor) : default;

    /// <summary>Gets a value indicating whether the walk ended at a descriptor that is invalid only for a moment, because a change of the tables is between break and make: the access is to be made again.</summary>
    public bool IsInTransition => Stage2Format.IsInTransition(_descriptor);

    /// <summary>Gets the physical address of the last descriptor that the walk read or tried to read; 0 when it needed none.</summary>
    public Pa DescriptorAddress => new(_descriptorAddress);

    /// <summary>Gets the last descriptor that was read, 0 when there is none.</summary>
    public ulong Descriptor => _descriptor;

    /// <summary>Gets how many bytes the last descriptor stands for, whether it maps them or not.</summary>
    internal ulong DescriptorSpan => 1UL << Shift;

    private int Shift => (int)(_packed >> ShiftField) & 0x3F;

    /// <summary>Formats the translation or the fault.</summary>
    /// <returns>For example <c>0x40001000 (level 3, rwx NormalWriteBack InnerShareable)</c>.</returns>
    public override string ToString() => IsFault
        ? Status.ToString()
        : Pa + " (level " + Level.ToString(CultureInfo.InvariantCulture) + ", " + Attributes + ")";

    /// <summary>Gets what results of one walker have in common.</summary>
    /// <param name="pageShift">log2 of the size of a page, which tells the granule.</param>
    /// <param name="leafFields">Where a descriptor holds its attributes.</param>
    internal static uint PackFormat(int pageShift, Stage2LeafFields leafFields) => ((uint)pageShift << PageShiftField) | ((uint)leafFields.Code << FormatField);

    /// <summary>Makes the result of a walk that found what is not denied.</summary>
    /// <param name="pa">The physical address.</param>
    /// <param name="descriptorAddress">Where the descriptor is.</param>
    /// <param name="descriptor">The block or page descriptor.</param>
    /// <param name="shift">log2 of the size of the block or page.</param>
    /// <param name="packedFormat">What <see cref="PackFormat"/> gave.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Stage2Translation Mapped(ulong pa, ulong descriptorAddress, ulong descriptor, int shift, uint packedFormat) =>
        new(pa, descriptorAddress, descriptor, packedFormat | ((uint)shift << ShiftField) | MappedBit);

    /// <summary>Makes a fault; only after an Access flag or Permission fault the byte is mapped.</summary>
    /// <param name="kind">Why.</param>
    /// <param name="pa">The physical address if there is one.</param>
    /// <param name="descriptorAddress">Where the last descriptor is.</param>
    /// <param name="descriptor">The last descriptor that was read.</param>
    /// <param name="shift">log2 of what a descriptor of the last level that was reached maps.</param>
    /// <param name="packedFormat">What <see cref="PackFormat"/> gave.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static Stage2Translation Fault(FaultKind kind, ulong pa, ulong descriptorAddress, ulong descriptor, int shift, uint packedFormat)
    {
        bool isMapped = kind is FaultKind.AccessFlag or FaultKind.Permission;
        uint code = FaultStatus.Create(kind, LevelOf(shift, PageShiftOf(packedFormat))).Code;
        return new Stage2Translation(
            isMapped ? pa : 0, descriptorAddress, descriptor, packedFormat | ((uint)shift << ShiftField) | (isMapped ? MappedBit : 0) | FaultBit | code);
    }

    private static int PageShiftOf(uint packed) => (int)(packed >> PageShiftField) & 0x3F;

    // A walk does not divide: most of its callers never ask for the level.
    private static int LevelOf(int shift, int pageShift) =>
        TranslationGranule.LastLevel - ((shift - pageShift) / TranslationGranule.StrideOf(pageShift));
}
