using System;
using System.Globalization;

namespace HvIntrospect.Translation.Stage2;

/// <summary>Where and how a Stage 2 block or page descriptor holds its attributes: with FWB or without, XN of one or two bits, SH there or in VTCR_EL2.</summary>
/// <remarks>
/// Arm Architecture Reference Manual (DDI 0487), "VMSAv8-64 Block descriptor and Page descriptor attributes". One byte, so that the result
/// of a walk carries it. Immutable and thread-safe.
/// </remarks>
internal readonly struct Stage2LeafFields
{
    /// <summary>The bits of S2AP and XN.</summary>
    public const ulong AccessMask = (3UL << AccessAt) | ExecuteNeverMask;

    private const byte ForcedWriteBackBit = 1;
    private const byte TwoExecuteNeverBits = 2;
    private const byte NoShareabilityBit = 4;
    private const int ImpliedShareabilityAt = 3;

    private const int MemAttrAt = 2;
    private const int AccessAt = 6;
    private const int ShareabilityAt = 8;
    private const int ExecuteNeverAt = 53;
    private const ulong MemAttrMask = 0xFUL << MemAttrAt;
    private const ulong ShareabilityMask = 3UL << ShareabilityAt;
    private const ulong ExecuteNeverMask = 3UL << ExecuteNeverAt;

    /// <summary>Makes the fields of a format.</summary>
    /// <param name="forcedWriteBack">HCR_EL2.FWB.</param>
    /// <param name="twoExecuteNeverBits">FEAT_XNX.</param>
    /// <param name="impliedShareability">VTCR_EL2.SH0 where descriptors have no SH field (DS = 1), else null.</param>
    public Stage2LeafFields(bool forcedWriteBack, bool twoExecuteNeverBits, Shareability? impliedShareability)
    {
        Code = (byte)((forcedWriteBack ? ForcedWriteBackBit : 0)
            | (twoExecuteNeverBits ? TwoExecuteNeverBits : 0)
            | (impliedShareability is Shareability implied ? NoShareabilityBit | ((int)implied << ImpliedShareabilityAt) : 0));
    }

    private Stage2LeafFields(byte code)
    {
        Code = code;
    }

    /// <summary>Gets the fields as a number of 5 bits.</summary>
    public byte Code { get; }

    /// <summary>Gets the fields that may change only by break-before-make.</summary>
    public ulong MemoryMask => HasShareability ? MemAttrMask | ShareabilityMask : MemAttrMask;

    /// <summary>Gets all bits that <see cref="Encode"/> decides.</summary>
    public ulong Mask => AccessMask | MemoryMask | Stage2Format.AccessFlag | Stage2Format.DirtyBitModifier | Stage2Format.EmbedderBit;

    private bool HasForcedWriteBack => (Code & ForcedWriteBackBit) != 0;

    private bool HasTwoExecuteNeverBits => (Code & TwoExecuteNeverBits) != 0;

    private bool HasShareability => (Code & NoShareabilityBit) == 0;

    private Shareability ImpliedShareability => ShareabilityOf(Code >> ImpliedShareabilityAt);

    /// <summary>Gets the fields of a number.</summary>
    public static Stage2LeafFields FromCode(int code) => new((byte)code);

    /// <summary>Gets the bits of S2AP and XN.</summary>
    public static ulong EncodeAccess(Stage2Access access) => ((ulong)(access & Stage2Access.ReadWrite) << AccessAt) | ((access & Stage2Access.Execute) switch
    {
        Stage2Access.Execute => 0UL,
        Stage2Access.ExecuteEl0 => 1UL,
        Stage2Access.None => 2UL,
        _ => 3UL,
    } << ExecuteNeverAt);

    /// <summary>Gets what a block or page permits by S2AP and XN. Without FEAT_XNX, bit 53 is RES0 and ignored.</summary>
    public Stage2Access AccessIn(ulong descriptor) =>
        (Stage2Access)((descriptor >> AccessAt) & 3) | ((int)(descriptor >> ExecuteNeverAt) & (HasTwoExecuteNeverBits ? 3 : 2)) switch
        {
            0 => Stage2Access.Execute,
            1 => Stage2Access.ExecuteEl0,
            2 => Stage2Access.None,
            _ => Stage2Access.ExecuteEl1,
        };

    /// <summary>Makes of what a block or page permits what a view permits.</summary>
    public ulong Override(ulong leaf, Stage2ViewAccess access) => access.FollowsBase ? leaf : (leaf & ~AccessMask) | EncodeAccess(access.Of(AccessIn(leaf)));

    /// <summary>Tells whether descriptors can permit something, or deny it beside what else they deny.</summary>
    public bool AllowsAccess(Stage2Access access) => HasTwoExecuteNeverBits || (access & Stage2Access.Execute) is Stage2Access.None or Stage2Access.Execute;

    /// <summary>Gets the bits of attributes.</summary>
    /// <param name="attributes">The attributes, which <see cref="WhyNot"/> has nothing against.</param>
    /// <returns>Bits within <see cref="Mask"/>.</returns>
    public ulong Encode(Stage2Attributes attributes)
    {
        ulong type = (ulong)attributes.MemoryType;
        if (HasForcedWriteBack)
        {
            type = attributes.MemoryType switch
            {
                Stage2MemoryType.NormalWriteBack => 0b0110,
                Stage2MemoryType.Stage1Decides => 0b0111,
                _ => type,
            };
        }

        return EncodeAccess(attributes.Access)
            | (type << MemAttrAt)
            | (HasShareability ? (ulong)attributes.Shareability << ShareabilityAt : 0)
            | (attributes.HasAccessFlag ? Stage2Format.AccessFlag : 0)
            | (attributes.HasDirtyBitModifier ? Stage2Format.DirtyBitModifier : 0)
            | (attributes.HasSoftwareBit ? Stage2Format.EmbedderBit : 0);
    }

    /// <summary>Gets the attributes in a block or page descriptor.</summary>
    /// <remarks>
    /// CONSTRAINED UNPREDICTABLE choices: the reserved value 0b0100 of MemAttr with FWB is Device-nGnRnE; bit 3 of it, which is RES0
    /// then, is ignored; the reserved SH = 1 is Non-shareable.
    /// </remarks>
    public Stage2Attributes Decode(ulong descriptor) => new Stage2Attributes(
        AccessIn(descriptor),
        TypeIn(descriptor),
        HasShareability ? ShareabilityOf((int)(descriptor >> ShareabilityAt) & 3) : ImpliedShareability,
        (descriptor & Stage2Format.AccessFlag) != 0)
    {
        HasDirtyBitModifier = (descriptor & Stage2Format.DirtyBitModifier) != 0,
        IsContiguous = (descriptor & Stage2Format.Contiguous) != 0,
        HasSoftwareBit = (descriptor & Stage2Format.EmbedderBit) != 0,
    };

    /// <summary>Gets why attributes cannot be encoded, null when they can.</summary>
    public string? WhyNot(Stage2Attributes attributes)
    {
        if (!AllowsAccess(attributes.Access))
        {
            return "Execution at one Exception level alone needs FEAT_XNX.";
        }

        if (HasForcedWriteBack
            && attributes.MemoryType is > Stage2MemoryType.DeviceGRE
                and not (Stage2MemoryType.NormalNonCacheable or Stage2MemoryType.NormalWriteBack or Stage2MemoryType.Stage1Decides))
        {
            return "With HCR_EL2.FWB = 1, memory is Device, Normal Non-cacheable, Normal Write-Back or what Stage 1 decides.";
        }

        if (!HasForcedWriteBack && !IsMemAttr((int)attributes.MemoryType))
        {
            return "Without HCR_EL2.FWB, MemAttr has two bits for each of the outer and inner cacheability, and neither is 0 for Normal memory.";
        }

        if (attributes.Shareability == (Shareability)1)
        {
            return "Shareability 1 is reserved.";
        }

        return !HasShareability && !attributes.IsDevice && attributes.Shareability != ImpliedShareability
            ? "With VTCR_EL2.DS = 1 all Normal memory has the shareability of VTCR_EL2.SH0, which is " + ImpliedShareability.ToString() + "."
            : null;
    }

    /// <summary>Throws where attributes cannot be encoded.</summary>
    /// <exception cref="ArgumentException">They cannot.</exception>
    public void Check(Stage2Attributes attributes, string parameterName)
    {
        if (WhyNot(attributes) is string reason)
        {
            throw new ArgumentException(string.Format(CultureInfo.InvariantCulture, "The attributes {0} do not fit: {1}", attributes, reason), parameterName);
        }
    }

    private static Shareability ShareabilityOf(int sh) => sh == 1 ? Shareability.NonShareable : (Shareability)sh;

    private static bool IsMemAttr(int type) => type <= 0b0011 || (type <= 0b1111 && (type & 3) != 0);

    private Stage2MemoryType TypeIn(ulong descriptor)
    {
        int type = (int)(descriptor >> MemAttrAt) & 0xF;
        return !HasForcedWriteBack ? (Stage2MemoryType)type : (type & 7) switch
        {
            0b0100 => Stage2MemoryType.DeviceNGnRnE,
            0b0110 => Stage2MemoryType.NormalWriteBack,
            0b0111 => Stage2MemoryType.Stage1Decides,
            int same => (Stage2MemoryType)same,
        };
    }
}
