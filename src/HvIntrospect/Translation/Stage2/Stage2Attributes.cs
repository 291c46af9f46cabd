using System.Text;

namespace HvIntrospect.Translation.Stage2;

/// <summary>The attributes of a Stage 2 block or page, whatever the format of the descriptor that holds them.</summary>
/// <remarks>
/// <para>Arm Architecture Reference Manual (DDI 0487), "VMSAv8-64 Block descriptor and Page descriptor attributes". Not every format has a field for every value:
/// what refuses attributes names the field. Change one property of a value by <c>with</c>.</para>
/// <para>The default value permits nothing: Device-nGnRnE, Non-shareable, AF = 0. Immutable and thread-safe.</para>
/// </remarks>
public readonly record struct Stage2Attributes
{
    private const int TypeAt = 4;
    private const int ShareabilityAt = 9;
    private const int AccessFlagAt = 11;
    private const int DirtyBitModifierAt = 12;
    private const int ContiguousAt = 13;
    private const int SoftwareBitAt = 14;

    private readonly ushort _bits;

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
        Access = access;
        MemoryType = memoryType;
        Shareability = shareability;
        HasAccessFlag = accessFlag;
    }

    /// <summary>Gets the attributes of ordinary RAM: everything permitted, Normal Write-Back, Inner Shareable.</summary>
    public static Stage2Attributes Ram => new(Stage2Access.All);

    /// <summary>Gets the attributes of a device that is passed through: reads and writes, Device-nGnRE.</summary>
    public static Stage2Attributes Device => new(Stage2Access.ReadWrite, Stage2MemoryType.DeviceNGnRE, Shareability.NonShareable);

    /// <summary>Gets what is permitted (S2AP and XN). Execution at one Exception level alone needs FEAT_XNX.</summary>
    public Stage2Access Access
    {
        get => (Stage2Access)_bits & Stage2Access.All;
        init => _bits = Changed(0, (int)Stage2Access.All, (int)value);
    }

    /// <summary>Gets the memory type (MemAttr).</summary>
    public Stage2MemoryType MemoryType
    {
        get => (Stage2MemoryType)((_bits >> TypeAt) & 0x1F);
        init => _bits = Changed(TypeAt, 0x1F, (int)value);
    }

    /// <summary>Gets a value indicating whether Stage 2 says that the memory is Device.</summary>
    public bool IsDevice => MemoryType <= Stage2MemoryType.DeviceGRE;

    /// <summary>Gets the shareability (SH).</summary>
    public Shareability Shareability
    {
        get => (Shareability)((_bits >> ShareabilityAt) & 3);
        init => _bits = Changed(ShareabilityAt, 3, (int)value);
    }

    /// <summary>Gets a value indicating whether the Access flag (AF) is set.</summary>
    public bool HasAccessFlag
    {
        get => Has(AccessFlagAt);
        init => _bits = Changed(AccessFlagAt, 1, value ? 1 : 0);
    }

    /// <summary>Gets a value indicating whether hardware with VTCR_EL2.HD makes the memory writable at the first write (DBM).</summary>
    public bool HasDirtyBitModifier
    {
        get => Has(DirtyBitModifierAt);
        init => _bits = Changed(DirtyBitModifierAt, 1, value ? 1 : 0);
    }

    /// <summary>Gets a value indicating whether the descriptor is one of a contiguous run. Walks report it; tables set it where a run allows it, whatever they are given.</summary>
    public bool IsContiguous
    {
        get => Has(ContiguousAt);
        init => _bits = Changed(ContiguousAt, 1, value ? 1 : 0);
    }

    /// <summary>Gets a value indicating whether the bit that is left to whoever makes the mapping is set: descriptor bit 58, which hardware ignores.</summary>
    public bool HasSoftwareBit
    {
        get => Has(SoftwareBitAt);
        init => _bits = Changed(SoftwareBitAt, 1, value ? 1 : 0);
    }

    /// <summary>Gets what is permitted, if need be with the help of what notes the first write.</summary>
    internal Stage2Access Permitted => HasDirtyBitModifier ? Access | Stage2Access.Write : Access;

    /// <summary>Gets these attributes without some of what they permit.</summary>
    /// <param name="denied">What is no longer permitted. To write means also that hardware does not permit it (DBM).</param>
    /// <returns>The changed attributes.</returns>
    public Stage2Attributes Without(Stage2Access denied) =>
        this with { Access = Access & ~denied, HasDirtyBitModifier = HasDirtyBitModifier && (denied & Stage2Access.Write) == 0 };

    /// <summary>Formats the attributes: what is permitted, the type and the shareability, then what is not usual.</summary>
    /// <returns>For example <c>rwx NormalWriteBack InnerShareable</c>, or <c>r-x(EL0) DeviceNGnRE AF=0 DBM</c>.</returns>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append((Access & Stage2Access.Read) != 0 ? 'r' : '-').Append((Access & Stage2Access.Write) != 0 ? 'w' : '-');
        text.Append((Access & Stage2Access.Execute) switch
        {
            Stage2Access.None => "-",
            Stage2Access.ExecuteEl0 => "x(EL0)",
            Stage2Access.ExecuteEl1 => "x(EL1)",
            _ => "x",
        });
        text.Append(' ').Append(MemoryType.ToString());
        if (!IsDevice)
        {
            text.Append(' ').Append(Shareability.ToString());
        }

        return text
            .Append(HasAccessFlag ? string.Empty : " AF=0")
            .Append(HasDirtyBitModifier ? " DBM" : string.Empty)
            .Append(IsContiguous ? " contiguous" : string.Empty)
            .Append(HasSoftwareBit ? " marked" : string.Empty)
            .ToString();
    }

    private bool Has(int bit) => ((_bits >> bit) & 1) != 0;

    private ushort Changed(int at, int mask, int value) => (ushort)((_bits & ~(mask << at)) | ((value & mask) << at));
}
