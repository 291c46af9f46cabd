using HvIntrospect.Registers;

namespace HvIntrospect.Translation.Stage2;

/// <summary>The memory behind some addresses and how a guest has it there; the default value where nothing is mapped.</summary>
internal readonly struct MappedMemory
{
    /// <summary>Describes mapped memory.</summary>
    /// <param name="range">The memory.</param>
    /// <param name="attributes">How the guest has it.</param>
    public MappedMemory(PaRange range, Stage2Attributes attributes)
    {
        Range = range;
        Attributes = attributes;
    }

    /// <summary>Gets the memory.</summary>
    public PaRange Range { get; }

    /// <summary>Gets how the guest has it.</summary>
    public Stage2Attributes Attributes { get; }

    /// <summary>Gets a value indicating whether anything is mapped.</summary>
    public bool IsMapped => Range.Length != 0;

    /// <summary>Gets a value indicating whether the guest may execute it. What may be executed of a device is no business of caches.</summary>
    public bool IsExecutable => IsMapped && (Attributes.Access & Stage2Access.Execute) != 0 && !Attributes.IsDevice;

    /// <summary>Describes a part of what a descriptor maps.</summary>
    /// <remarks>The address is that of the descriptor's own bits: a block that is to be parted may get one that no block can have.</remarks>
    /// <param name="format">The format of descriptors.</param>
    /// <param name="leaf">The block or page descriptor, or one that is invalid.</param>
    /// <param name="offset">Where the part begins in the block or page.</param>
    /// <param name="length">Its length in bytes.</param>
    public static MappedMemory Of(Stage2Format format, ulong leaf, ulong offset, ulong length) => Stage2Format.IsValid(leaf)
        ? new MappedMemory(new PaRange(new Pa(format.TableIn(leaf) + offset), length), format.AttributesIn(leaf))
        : default;

    /// <summary>Tells whether the guest may execute memory now that it might not before.</summary>
    public bool IsNewlyExecutable(in MappedMemory before) => IsExecutable && !(before.IsExecutable && before.Range == Range);
}
