using System.Globalization;
using HvIntrospect.Registers;

namespace HvIntrospect.Translation;

/// <summary>The outcome of a Stage 1 walk: an IPA with its attributes, or a fault.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
public readonly struct Stage1Translation
{
    private readonly FaultStatus _status;
    private readonly sbyte _level;
    private readonly byte _sizeLog2;
    private readonly bool _isFault;
    private readonly bool _isTableAbsent;

    private Stage1Translation(
        Ipa ipa,
        Ipa descriptorAddress,
        ulong descriptor,
        int level,
        int sizeLog2,
        MemoryAttributes attributes,
        Shareability shareability,
        TranslationPermissions permissions,
        FaultStatus status,
        bool isFault,
        bool isTableAbsent)
    {
        Ipa = ipa;
        DescriptorAddress = descriptorAddress;
        Descriptor = descriptor;
        Attributes = attributes;
        Shareability = shareability;
        Permissions = permissions;
        _status = status;
        _level = (sbyte)level;
        _sizeLog2 = (byte)sizeLog2;
        _isFault = isFault;
        _isTableAbsent = isTableAbsent;
    }

    /// <summary>Gets a value indicating whether the access faults.</summary>
    public bool IsFault => _isFault;

    /// <summary>Gets a value indicating whether the walk met a descriptor that is not in guest memory: <see cref="DescriptorAddress"/>. On hardware this is a Stage 2 fault on a Stage 1 walk (S1PTW) or an external abort on the walk, which only the owner of Stage 2 can tell.</summary>
    public bool IsTableAbsent => _isTableAbsent;

    /// <summary>Gets the fault status. Meaningful when <see cref="IsFault"/>; <see cref="FaultKind.SynchronousExternalOnWalk"/> when <see cref="IsTableAbsent"/>.</summary>
    public FaultStatus Status => _status;

    /// <summary>Gets the IPA of the byte. Valid without a fault, and also after an Access flag or Permission fault.</summary>
    public Ipa Ipa { get; }

    /// <summary>Gets the size in bytes of the block or page that holds the byte; 4096 while Stage 1 is off. 0 when <see cref="Ipa"/> is not valid.</summary>
    public ulong Size => _sizeLog2 == 0 ? 0 : 1UL << _sizeLog2;

    /// <summary>Gets the lookup level at which the walk ended, 0 to 3; 0 while Stage 1 is off.</summary>
    public int Level => _level;

    /// <summary>Gets the memory type. Valid where <see cref="Ipa"/> is.</summary>
    public MemoryAttributes Attributes { get; }

    /// <summary>Gets the shareability as the stage gives it; Device and Non-cacheable memory is Outer Shareable whatever this says. Valid where <see cref="Ipa"/> is.</summary>
    public Shareability Shareability { get; }

    /// <summary>Gets what is permitted. Valid where <see cref="Ipa"/> is.</summary>
    public TranslationPermissions Permissions { get; }

    /// <summary>Gets the IPA of the last descriptor that the walk read or tried to read; 0 when it needed none.</summary>
    public Ipa DescriptorAddress { get; }

    /// <summary>Gets the last descriptor that was read, 0 when there is none.</summary>
    public ulong Descriptor { get; }

    /// <summary>Formats the translation or the fault.</summary>
    /// <returns>For example <c>0x40001000 (level 3, Normal 0xff)</c>.</returns>
    public override string ToString() => _isFault
        ? _status + (_isTableAbsent ? " at " + DescriptorAddress : string.Empty)
        : Ipa + " (level " + _level.ToString(CultureInfo.InvariantCulture) + ", " + Attributes + ")";

    internal static Stage1Translation Leaf(
        Ipa ipa,
        int sizeLog2,
        int level,
        MemoryAttributes attributes,
        Shareability shareability,
        TranslationPermissions permissions,
        Ipa descriptorAddress,
        ulong descriptor) =>
        new(ipa, descriptorAddress, descriptor, level, sizeLog2, attributes, shareability, permissions, default, isFault: false, isTableAbsent: false);

    internal static Stage1Translation Fault(FaultKind kind, int level, Ipa descriptorAddress = default, ulong descriptor = 0) =>
        new(default, descriptorAddress, descriptor, level, 0, default, default, default, FaultStatus.Create(kind, level), isFault: true, isTableAbsent: false);

    internal static Stage1Translation Absent(int level, Ipa descriptorAddress) => new(
        default, descriptorAddress, 0, level, 0, default, default, default, FaultStatus.Create(FaultKind.SynchronousExternalOnWalk, level), isFault: true, isTableAbsent: true);

    internal Stage1Translation WithFault(FaultKind kind) => new(
        Ipa, DescriptorAddress, Descriptor, _level, _sizeLog2, Attributes, Shareability, Permissions, FaultStatus.Create(kind, _level), isFault: true, isTableAbsent: false);
}
