using System.Globalization;
using System.Runtime.CompilerServices;
using HvIntrospect.Registers;

namespace HvIntrospect.Translation.Stage2;

/// <summary>The outcome of a Stage 2 walk: a physical address with its attributes, or a fault.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
public readonly struct Stage2Translation
{
    internal const int SizeShift = 8;
    internal const int LevelShift = 16;
    private const uint FaultBit = 1U << 24;

    private readonly ulong _pa;
    private readonly ulong _descriptorAddress;
    private readonly ulong _descriptor;

    /// <summary>Status code, log2 of the size, level and whether it is a fault. With not more than four fields the result stays in registers.</summary>
    private readonly uint _packed;

    internal Stage2Translation(ulong pa, ulong descriptorAddress, ulong descriptor, uint packed)
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
    public bool IsMapped => SizeLog2 != 0;

    /// <summary>Gets the physical address of the byte; 0 when it is not mapped.</summary>
    public Pa Pa => new(_pa);

    /// <summary>Gets the size in bytes of the block or page; 0 when the byte is not mapped.</summary>
    public ulong Size => IsMapped ? 1UL << SizeLog2 : 0;

    /// <summary>Gets the lookup level at which the walk ended, 0 to 3.</summary>
    public int Level => (int)(_packed >> LevelShift) & 3;

    /// <summary>Gets the attributes; those of a fully denied Device page when the byte is not mapped.</summary>
    public Stage2Attributes Attributes => Stage2Attributes.FromDescriptor(IsMapped ? _descriptor : 0);

    /// <summary>Gets the physical address of the last descriptor that the walk read or tried to read; 0 when it needed none.</summary>
    public Pa DescriptorAddress => new(_descriptorAddress);

    /// <summary>Gets the last descriptor that was read, 0 when there is none.</summary>
    public ulong Descriptor => _descriptor;

    private int SizeLog2 => (int)(_packed >> SizeShift) & 0x3F;

    /// <summary>Formats the translation or the fault.</summary>
    /// <returns>For example <c>0x40001000 (level 3, All, NormalWriteBack, InnerShareable)</c>.</returns>
    public override string ToString() => IsFault
        ? Status.ToString()
        : Pa + " (level " + Level.ToString(CultureInfo.InvariantCulture) + ", " + Attributes + ")";

    /// <summary>Makes a fault; only after an Access flag or Permission fault the byte is mapped.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static Stage2Translation Fault(FaultKind kind, ulong pa, ulong descriptorAddress, ulong descriptor, int level, int sizeLog2)
    {
        bool isMapped = kind is FaultKind.AccessFlag or FaultKind.Permission;
        uint packed = Pack(level, isMapped ? sizeLog2 : 0) | FaultBit | FaultStatus.Create(kind, level).Code;
        return new Stage2Translation(isMapped ? pa : 0, descriptorAddress, descriptor, packed);
    }

    internal static uint Pack(int level, int sizeLog2) => ((uint)level << LevelShift) | ((uint)sizeLog2 << SizeShift);
}
