using System.Runtime.CompilerServices;

namespace HvIntrospect.Translation.Stage2;

/// <summary>How Stage 2 descriptors of one geometry are laid out: the one place that knows.</summary>
/// <remarks>
/// Arm Architecture Reference Manual (DDI 0487), "VMSAv8-64 descriptor formats". Immutable and thread-safe. Hardware ignores bits
/// 58:55 of every descriptor and all but bit 0 of an invalid one; the names below that end in Mark say how software uses them.
/// </remarks>
internal sealed class Stage2Format
{
    /// <summary>Bit 0: the descriptor is valid.</summary>
    public const ulong Valid = 1;

    /// <summary>Bits 1:0.</summary>
    public const ulong TypeMask = 3;

    /// <summary>Bits 1:0 of a table descriptor, at level 3 of a page descriptor.</summary>
    public const ulong TableOrPage = 3;

    /// <summary>Bit 1: what tells a page from a block.</summary>
    public const ulong PageBit = 2;

    /// <summary>Bits 1:0 of a block descriptor.</summary>
    public const ulong Block = 1;

    /// <summary>The bits of S2AP and XN, which may change in place.</summary>
    public const ulong AccessMask = Stage2LeafFields.AccessMask;

    /// <summary>Bit 7, S2AP[1]: writes are permitted.</summary>
    public const ulong Write = 1UL << 7;

    /// <summary>Bit 10, AF: a block or page may be used; with AF = 0 it is never in a TLB.</summary>
    public const ulong AccessFlag = 1UL << 10;

    /// <summary>Bit 16 of a block, nT (FEAT_BBM): the block replaces a table, or is to be replaced by one.</summary>
    public const ulong NoTranslation = 1UL << 16;

    /// <summary>Bit 51, DBM.</summary>
    public const ulong DirtyBitModifier = 1UL << 51;

    /// <summary>Bit 52: the block or page is one of a run that a TLB may hold as one entry.</summary>
    public const ulong Contiguous = 1UL << 52;

    /// <summary>Bit 55 of a table descriptor: the table replaced a block and may become one again.</summary>
    public const ulong SplitMark = 1UL << 55;

    /// <summary>Bit 55 of a block or page that denies writes: it was written before, and the log is still to report it.</summary>
    public const ulong WrittenMark = 1UL << 55;

    /// <summary>Bit 56 of an invalid descriptor: a change is between break and make; the other bits hold what it becomes.</summary>
    public const ulong TransitionMark = 1UL << 56;

    /// <summary>Bit 57 of a view's table descriptor: the table belongs to the base view.</summary>
    public const ulong SharedMark = 1UL << 57;

    /// <summary>Bit 57 of a block or page that denies writes: they are logged as soon as they are permitted.</summary>
    public const ulong LogMark = 1UL << 57;

    /// <summary>Bit 58 of a block or page, left to whoever makes the mapping: <see cref="Stage2Attributes.HasSoftwareBit"/>.</summary>
    public const ulong EmbedderBit = 1UL << 58;

    /// <summary>Makes the format of a geometry.</summary>
    /// <param name="layout">Where addresses lie.</param>
    /// <param name="leafFields">Where attributes lie.</param>
    public Stage2Format(DescriptorLayout layout, Stage2LeafFields leafFields)
    {
        Layout = layout;
        LeafFields = leafFields;
        AttributeMask = leafFields.Mask;
        MemoryMask = leafFields.MemoryMask;
    }

    /// <summary>Gets where addresses lie.</summary>
    public DescriptorLayout Layout { get; }

    /// <summary>Gets where attributes lie.</summary>
    public Stage2LeafFields LeafFields { get; }

    /// <summary>Gets the granule.</summary>
    public TranslationGranule Granule => Layout.Granule;

    /// <summary>Gets the bits of a block or page that attributes decide.</summary>
    public ulong AttributeMask { get; }

    /// <summary>Gets the bits of a block or page, but for its address, that may change only by break-before-make: memory type and shareability.</summary>
    public ulong MemoryMask { get; }

    /// <summary>Tells whether a descriptor is valid.</summary>
    public static bool IsValid(ulong descriptor) => (descriptor & Valid) != 0;

    /// <summary>Tells whether a descriptor names a table of the next level.</summary>
    public static bool IsTable(ulong descriptor, int level) => level < TranslationGranule.LastLevel && (descriptor & TypeMask) == TableOrPage;

    /// <summary>Tells whether an invalid descriptor is one between break and make.</summary>
    public static bool IsInTransition(ulong descriptor) => (descriptor & (Valid | TransitionMark)) == TransitionMark;

    /// <summary>Tells whether a TLB may hold the translation of a block or page: it never does while AF is 0.</summary>
    public static bool MayBeCached(ulong leaf) => (leaf & (Valid | AccessFlag)) == (Valid | AccessFlag);

    /// <summary>Makes what stands in a place between break and make: no translation, but what it becomes, where hardware ignores it.</summary>
    public static ulong Broken(ulong descriptor) => (descriptor & ~Valid) | TransitionMark;

    /// <summary>Makes of a descriptor between break and make what it becomes.</summary>
    public static ulong Made(ulong broken) => (broken | Valid) & ~TransitionMark;

    /// <summary>Gets the bits of S2AP and XN that permit something at EL0 and EL1 alike.</summary>
    public static ulong EncodeAccess(Stage2Access access) => Stage2LeafFields.EncodeAccess(access);

    /// <summary>Gets the bits of a block or page descriptor that are no part of its address.</summary>
    public ulong BitsBesideAddress(ulong leaf) => leaf & ~(Layout.DirectMask | Layout.FoldedMask);

    /// <summary>Tells whether a descriptor of a level may map a block or page.</summary>
    public bool AllowsLeaf(int level) => level >= Layout.FirstLeafLevel;

    /// <summary>Gets log2 of how many descriptors make a contiguous run at a level; 0 where there are no runs.</summary>
    public int ContiguousLog2(int level) => Granule.ContiguousLog2(level);

    /// <summary>Makes a table descriptor.</summary>
    /// <param name="table">The physical address of the table, a multiple of the page size.</param>
    public ulong EncodeTable(ulong table) => Layout.Encode(table) | TableOrPage;

    /// <summary>Makes a block or page descriptor.</summary>
    /// <param name="address">The physical address, a multiple of what a descriptor of the level maps.</param>
    /// <param name="level">The level.</param>
    /// <param name="attributes">The bits of <see cref="Encode(Stage2Attributes)"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong EncodeLeaf(ulong address, int level, ulong attributes) =>
        Layout.Encode(address) | attributes | (level == TranslationGranule.LastLevel ? TableOrPage : Block);

    /// <summary>Gets how many bytes from an address on can be mapped by descriptors of one level that are each the one before plus the size it maps.</summary>
    public ulong PlainRun(ulong address) => Layout.PlainRun(address);

    /// <summary>Gets the bits of attributes that fit the format.</summary>
    public ulong Encode(Stage2Attributes attributes) => LeafFields.Encode(attributes);

    /// <summary>Gets the attributes in a block or page descriptor.</summary>
    public Stage2Attributes AttributesIn(ulong descriptor) => LeafFields.Decode(descriptor);

    /// <summary>Gets the physical address in a table or page descriptor.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong TableIn(ulong descriptor) => Layout.AddressIn(descriptor);

    /// <summary>Gets the physical address in a block or page descriptor of a level.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong LeafIn(ulong descriptor, int level) => Layout.AddressIn(descriptor) & ~((1UL << Granule.BlockSizeLog2(level)) - 1);

    /// <summary>Throws where attributes do not fit the format.</summary>
    /// <exception cref="System.ArgumentException">They do not: the message says why.</exception>
    public void Check(Stage2Attributes attributes, string parameterName) => LeafFields.Check(attributes, parameterName);
}
