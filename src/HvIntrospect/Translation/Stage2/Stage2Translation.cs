using System.Globalization;
using HvIntrospect.Registers;

namespace HvIntrospect.Translation.Stage2;

/// <summary>The outcome of a Stage 2 walk: a physical address with its attributes, or a fault.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
public readonly struct Stage2Translation
{
    private readonly FaultStatus _status;
    private readonly sbyte _level;
    private readonly byte _sizeLog2;
    private readonly bool _isFault;

    internal Stage2Translation(Pa pa, Pa descriptorAddress, ulong descriptor, int level, int sizeLog2)
    {
        Pa = pa;
        DescriptorAddress = descriptorAddress;
        Descriptor = descriptor;
        _level = (sbyte)level;
        _sizeLog2 = (byte)sizeLog2;
        _status = default;
        _isFault = false;
    }

    internal Stage2Translation(FaultKind kind, Pa pa, Pa descriptorAddress, ulong descriptor, int level, int sizeLog2)
        : this(pa, descriptorAddress, descriptor, level, sizeLog2)
    {
        _status = FaultStatus.Create(kind, level);
        _isFault = true;
    }

    /// <summary>Gets a value indicating whether the access faults.</summary>
    public bool IsFault => _isFault;

    /// <summary>Gets the fault status. Meaningful when <see cref="IsFault"/>.</summary>
    public FaultStatus Status => _status;

    /// <summary>Gets a value indicating whether the byte is mapped, so that <see cref="Pa"/>, <see cref="Size"/> and <see cref="Attributes"/> are valid: without a fault and after an Access flag or Permission fault.</summary>
    public bool IsMapped => _sizeLog2 != 0;

    /// <summary>Gets the physical address of the byte; 0 when it is not mapped.</summary>
    public Pa Pa { get; }

    /// <summary>Gets the size in bytes of the block or page; 0 when the byte is not mapped.</summary>
    public ulong Size => _sizeLog2 == 0 ? 0 : 1UL << _sizeLog2;

    /// <summary>Gets the lookup level at which the walk ended, 0 to 3.</summary>
    public int Level => _level;

    /// <summary>Gets the attributes; those of a fully denied Device page when the byte is not mapped.</summary>
    public Stage2Attributes Attributes => Stage2Attributes.FromDescriptor(IsMapped ? Descriptor : 0);

    /// <summary>Gets the physical address of the last descriptor that the walk read or tried to read; 0 when it needed none.</summary>
    public Pa DescriptorAddress { get; }

    /// <summary>Gets the last descriptor that was read, 0 when there is none.</summary>
    public ulong Descriptor { get; }

    /// <summary>Formats the translation or the fault.</summary>
    /// <returns>For example <c>0x40001000 (level 3, All, NormalWriteBack, InnerShareable)</c>.</returns>
    public override string ToString() => _isFault
        ? _status.ToString()
        : Pa + " (level " + _level.ToString(CultureInfo.InvariantCulture) + ", " + Attributes + ")";
}
