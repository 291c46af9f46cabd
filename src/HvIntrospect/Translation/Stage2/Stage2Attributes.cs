using System;

namespace HvIntrospect.Translation.Stage2;

/// <summary>The attributes of a Stage 2 block or page: S2AP and XN, MemAttr, SH and AF.</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), "VMSAv8-64 Block descriptor and Page descriptor attributes". Immutable and thread-safe.</remarks>
public readonly record struct Stage2Attributes
{
    internal const ulong AccessMask = (3UL << 6) | (3UL << 53);
    internal const ulong Mask = AccessMask | MemoryMask | AccessFlagBit;

    /// <summary>The fields that may change only by break-before-make.</summary>
    internal const ulong MemoryMask = (0xFUL << 2) | (3UL << 8);

    internal const ulong AccessFlagBit = 1UL << 10;
    private const ulong ReadBit = 1UL << 6;
    private const ulong WriteBit = 1UL << 7;
    private const ulong ExecuteNeverBit = 1UL << 54;

    /// <summary>Makes attributes.</summary>
    /// <param name="access">What is permitted.</param>
    /// <param name="memoryType">The memory type.</param>
    /// <param name="shareability">The shareability; it has no effect on Device memory.</param>
    /// <param name="accessFlag">AF: false makes every access an Access flag fault.</param>
    public Stage2Attributes(
        Stage2Access access,
        Stage2MemoryType memoryType = Stage2MemoryType.NormalWriteBack,
        Shareability shareability = Shareability.InnerShareable,
        bool accessFlag = true)
    {
        Bits = AccessBits(access) | (((ulong)memoryType & 0xF) << 2) | (((ulong)shareability & 3) << 8) | (accessFlag ? AccessFlagBit : 0);
    }

    private Stage2Attributes(ulong bits)
    {
        Bits = bits;
    }

    /// <summary>Gets the attributes of ordinary RAM: everything permitted, Normal Write-Back, Inner Shareable.</summary>
    public static Stage2Attributes Ram => new(Stage2Access.All);

    /// <summary>Gets the attributes of a device that is passed through: reads and writes, Device-nGnRE.</summary>
    public static Stage2Attributes Device => new(Stage2Access.ReadWrite, Stage2MemoryType.DeviceNGnRE, Shareability.NonShareable);

    /// <summary>Gets what is permitted. Execute means at EL0 and at EL1.</summary>
    public Stage2Access Access => AccessOf(Bits);

    /// <summary>Gets the memory type.</summary>
    public Stage2MemoryType MemoryType => (Stage2MemoryType)((Bits >> 2) & 0xF);

    /// <summary>Gets a value indicating whether the memory type is Device.</summary>
    public bool IsDevice => (Bits & (0b11UL << 4)) == 0;

    /// <summary>Gets the shareability.</summary>
    public Shareability Shareability => (Shareability)((Bits >> 8) & 3);

    /// <summary>Gets a value indicating whether AF is set.</summary>
    public bool AccessFlag => (Bits & AccessFlagBit) != 0;

    /// <summary>Gets XN[1:0], bits 54:53. Without FEAT_XNX bit 53 is RES0 and bit 54 means both levels. 0: executable at EL0 and EL1; 1: at EL0 only; 2: nowhere; 3: at EL1 only.</summary>
    public int ExecuteNever => (int)(Bits >> 53) & 3;

    /// <summary>Gets the fields in their places in a descriptor.</summary>
    internal ulong Bits { get; }

    /// <summary>Gets these attributes with another access.</summary>
    /// <param name="access">What is permitted.</param>
    /// <returns>The changed attributes.</returns>
    public Stage2Attributes WithAccess(Stage2Access access) => new((Bits & ~AccessMask) | AccessBits(access));

    /// <summary>Formats the attributes.</summary>
    /// <returns>For example <c>ReadWrite, NormalWriteBack, InnerShareable</c>.</returns>
    public override string ToString() => Access + ", " + MemoryType + ", " + Shareability + (AccessFlag ? string.Empty : ", AF=0");

    internal static Stage2Attributes FromDescriptor(ulong descriptor) => new(descriptor & Mask);

    internal static ulong AccessBits(Stage2Access access) =>
        ((access & Stage2Access.Read) != 0 ? ReadBit : 0)
        | ((access & Stage2Access.Write) != 0 ? WriteBit : 0)
        | ((access & Stage2Access.Execute) != 0 ? 0 : ExecuteNeverBit);

    internal static Stage2Access AccessOf(ulong descriptor) =>
        (Stage2Access)((descriptor >> 6) & 3) | ((descriptor & (3UL << 53)) == 0 ? Stage2Access.Execute : 0);
}
