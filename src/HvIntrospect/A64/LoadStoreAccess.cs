using System;

namespace HvIntrospect.A64;

/// <summary>
/// A decoded load/store: the operands of every encoding of the group in one normalised form, so that what performs an access
/// needs no knowledge of encodings.
/// </summary>
/// <remarks>
/// <para>Arm Architecture Reference Manual (DDI 0487), "Loads and stores" of "A64 instruction set encoding". 32 bytes, immutable and thread-safe; pass it by <c>in</c>.</para>
/// <para>Register numbers are 0 to 31. 31 is SP for <see cref="Rn"/> and the zero register (or V31) for every other,
    /// except where a property says so. A register that the encoding does not
/// name reads as 31 too, the register that reads as zero and ignores writes; <see cref="Operands"/> tells the two apart.</para>
/// </remarks>
public readonly partial struct LoadStoreAccess
{
    // Four words of which each property takes its part: the decoder fills the record by OR of registers into a row's template,
    // without a store that a later wider load would have to wait for.
    private readonly ulong _wordAndImmediate;
    private readonly ulong _registersAndFlags;
    private readonly ulong _identity;
    private readonly ulong _sizes;

    internal LoadStoreAccess(ulong wordAndImmediate, ulong registersAndFlags, ulong identity, ulong sizes)
    {
        _wordAndImmediate = wordAndImmediate;
        _registersAndFlags = registersAndFlags;
        _identity = identity;
        _sizes = sizes;
    }

    /// <summary>Gets the instruction word.</summary>
    public uint Word => (uint)_wordAndImmediate;

    /// <summary>Gets the place of the encoding in the table, from 1; 0 when the word was not decoded. Stable within one build of the library.</summary>
    public int EncodingIndex => (ushort)_identity;

    /// <summary>Gets Arm's encoding id, for example <c>LDR_64_ldst_immpost</c>; empty when the word was not decoded.</summary>
    public string EncodingId => EncodingTable.Instance.GetId(EncodingIndex);

    /// <summary>Gets the encoding class.</summary>
    public LoadStoreClass Class => (LoadStoreClass)(byte)(_identity >> 16);

    /// <summary>Gets what the instruction does to memory.</summary>
    public LoadStoreKind Kind => (LoadStoreKind)((uint)(_identity >> 24) & 0xF);

    /// <summary>Gets how the address is formed.</summary>
    public AddressingMode AddressingMode => (AddressingMode)((uint)(_identity >> 28) & 0xF);

    /// <summary>Gets what is done with the data beyond moving it.</summary>
    public LoadStoreOperation Operation => (LoadStoreOperation)(byte)(_identity >> 32);

    /// <summary>Gets the reasons why the effect is CONSTRAINED UNPREDICTABLE; none for a predictable instruction.</summary>
    public ConstrainedUnpredictable Unpredictable => (ConstrainedUnpredictable)(byte)(_identity >> 40);

    /// <summary>Gets the number of 16-byte tag granules that are touched: 0, 1 or 2; 0 for LDGM, STGM and STZGM, whose number a register tells.</summary>
    public int TagGranules => (int)(_identity >> 48) & 0xF;

    /// <summary>Gets the registers that the encoding names beside the base.</summary>
    public LoadStoreOperands Operands => (LoadStoreOperands)(byte)(_identity >> 56);

    /// <summary>
    /// Gets the first transfer register; 31 is SP for STG, STZG, ST2G and STZ2G. Of a structure the first of <see cref="RegisterCount"/>, which wrap from V31 to V0; of CPY* and
    /// SET* the same as <see cref="Rd"/>.
    /// </summary>
    public int Rt => (int)_registersAndFlags & 0x1F;

    /// <summary>Gets the base register; 31 is SP, and without meaning for a literal. Of CPY* and SET* the register of the size, where 31 is not allowed.</summary>
    public int Rn => (int)(_registersAndFlags >> 5) & 0x1F;

    /// <summary>Gets the second transfer register of a pair.</summary>
    public int Rt2 => (int)(_registersAndFlags >> 10) & 0x1F;

    /// <summary>
    /// Gets the status register of a store-exclusive or ST64BV, the comparand of a compare and swap, the source of another atomic,
    /// the source address of CPY* or the data of SET*.
    /// </summary>
    public int Rs => (Operands & LoadStoreOperands.Rs) != 0 ? UpperRegister : 31;

    /// <summary>Gets the second comparand of a compare and swap pair.</summary>
    public int Rs2 => (Operands & LoadStoreOperands.Rs2) != 0 ? UpperRegister + 1 : 31;

    /// <summary>Gets the index register of a register offset, or the increment of a post-indexed structure.</summary>
    public int Rm => (Operands & LoadStoreOperands.Rm) != 0 ? UpperRegister : 31;

    /// <summary>Gets the destination address register of CPY* and SET*.</summary>
    public int Rd => Rt;

    /// <summary>
    /// Gets the byte offset of the address from its base (Offset, Unscaled, PreIndexed) or from the instruction's own address (Literal), or what is added
    /// to the base afterwards (PostIndexed). -1048576 to 1048572.
    /// </summary>
    public int Immediate => (int)(_wordAndImmediate >> 32);

    /// <summary>
    /// Gets the bytes in memory of one register, or of one element of a structure: 1, 2, 4, 8 or 16. 0 for prefetches, CPY*, SET* and instructions that
    /// move tags without data.
    /// </summary>
    public int ElementSize => (byte)_sizes;

    /// <summary>Gets the number of registers that are transferred: 1, 2, up to 4 for structures, 8 for 64-byte accesses; 0 for prefetches, CPY* and SET*.</summary>
    public int RegisterCount => (byte)(_sizes >> 8);

    /// <summary>Gets the width in bits of the transfer register that is read or written: 8 to 128; 0 when there is none.</summary>
    /// <remarks>For a load of a general-purpose register the value is extended to this width, and the bits above it are zeroed.</remarks>
    public int RegisterBits => (byte)(_sizes >> 16) * 8;

    /// <summary>Gets the bytes of data that are accessed in all, 0 to 64; 0 when there are none or a register tells how many (CPY*, SET*, LDGM, STGM, STZGM).</summary>
    public int TotalSize => (byte)(_sizes >> 24);

    /// <summary>Gets the extension of the index register.</summary>
    public IndexExtension Extension =>
        AddressingMode != AddressingMode.RegisterOffset
            ? IndexExtension.None
            : (IndexExtension)((uint)IndexExtension.Uxtw + ((Word >> 14) & 2) + ((Word >> 13) & 1));

    /// <summary>Gets the left shift of the extended index register: 0 to 4.</summary>
    public int ShiftAmount => ScalesIndex ? (byte)(_sizes >> 32) : 0;

    /// <summary>Gets the number of elements of one structure (1 to 4); 0 when the instruction does not transfer structures.</summary>
    public int StructureElements => (byte)(_sizes >> 40);

    /// <summary>Gets the lane of a single structure, 0 to 15; 0 in other classes and for LD1R to LD4R.</summary>
    public int Lane => (byte)(_sizes >> 48);

    /// <summary>Gets a value indicating whether one lane of each register is transferred (LD1 to LD4, ST1 to ST4 of a single structure).</summary>
    public bool IsSingleLane => Has(LoadStoreFlags.SingleLane);

    /// <summary>Gets a value indicating whether one structure is replicated to all lanes of the whole registers (LD1R to LD4R).</summary>
    public bool Replicates => Has(LoadStoreFlags.Replicates);

    /// <summary>Gets a value indicating whether the base register is written back; of CPY* and SET* that the address and size registers are.</summary>
    public bool HasWriteback => Has(LoadStoreFlags.Writeback);

    /// <summary>Gets a value indicating whether a load sign-extends the element to <see cref="RegisterBits"/>; otherwise it zero-extends.</summary>
    public bool SignExtends => Has(LoadStoreFlags.SignExtends);

    /// <summary>Gets a value indicating whether the transfer registers are SIMD&amp;FP registers.</summary>
    public bool IsVector => Has(LoadStoreFlags.Vector);

    /// <summary>Gets a value indicating whether acquire semantics are encoded. Atomics other than CAS lose them at run time when Rt is 31.</summary>
    public bool IsAcquire => Has(LoadStoreFlags.Acquire);

    /// <summary>Gets a value indicating whether it has release semantics.</summary>
    public bool IsRelease => Has(LoadStoreFlags.Release);

    /// <summary>Gets a value indicating whether it has RCpc acquire semantics (LDAPR and its kin).</summary>
    public bool IsAcquirePc => Has(LoadStoreFlags.AcquirePc);

    /// <summary>Gets a value indicating whether acquire or release is limited to the LORegion (LDLAR, STLLR).</summary>
    public bool IsLORegion => Has(LoadStoreFlags.LORegion);

    /// <summary>Gets a value indicating whether it uses the exclusive monitors.</summary>
    public bool IsExclusive => Has(LoadStoreFlags.Exclusive);

    /// <summary>Gets a value indicating whether the access is made as if at EL0 (LDTR, STTR, GCSSTTR).</summary>
    public bool IsUnprivileged => Has(LoadStoreFlags.Unprivileged);

    /// <summary>Gets a value indicating whether the pair carries the non-temporal hint (LDNP, STNP).</summary>
    public bool IsNonTemporal => Has(LoadStoreFlags.NonTemporal);

    /// <summary>Gets the key that authenticates the base address.</summary>
    public PointerAuthenticationKey PointerAuthenticationKey => (PointerAuthenticationKey)((uint)(_registersAndFlags >> (32 + 10)) & 3);

    /// <summary>Gets a value indicating whether Allocation Tags are read or written.</summary>
    public bool AccessesTags => Has(LoadStoreFlags.Tags);

    /// <summary>Gets a value indicating whether a tag store zeroes the data too (STZG, STZ2G, STZGM).</summary>
    public bool ZeroesData => Has(LoadStoreFlags.Zeroes);

    /// <summary>Gets a value indicating whether it is a store to a Guarded Control Stack.</summary>
    public bool IsGuardedControlStack => Has(LoadStoreFlags.GuardedControlStack);

    /// <summary>Gets a value indicating whether it is a read-check-write atomic (FEAT_THE).</summary>
    public bool IsReadCheckWrite => Has(LoadStoreFlags.ReadCheckWrite);

    /// <summary>Gets a value indicating whether it is a software read-check-write atomic (RCWS*).</summary>
    public bool IsSoftReadCheckWrite => Has(LoadStoreFlags.Soft);

    /// <summary>Gets the stage of CPY* or SET*.</summary>
    public MemoryOperationStage Stage => (MemoryOperationStage)((uint)(_registersAndFlags >> (32 + 25)) & 3);

    /// <summary>Gets a value indicating whether CPY* or SET* writes as if at EL0.</summary>
    public bool WritesUnprivileged => Has(LoadStoreFlags.WriteUnprivileged);

    /// <summary>Gets a value indicating whether CPY* reads as if at EL0.</summary>
    public bool ReadsUnprivileged => Has(LoadStoreFlags.ReadUnprivileged);

    /// <summary>Gets a value indicating whether the writes of CPY* or SET* carry the non-temporal hint.</summary>
    public bool WritesNonTemporal => Has(LoadStoreFlags.WriteNonTemporal);

    /// <summary>Gets a value indicating whether the reads of CPY* carry the non-temporal hint.</summary>
    public bool ReadsNonTemporal => Has(LoadStoreFlags.ReadNonTemporal);

    /// <summary>Gets a value indicating whether the S bit of a register offset is set. With byte elements it changes the text only.</summary>
    public bool ScalesIndex => AddressingMode == AddressingMode.RegisterOffset && (Word & 0x1000) != 0;

    /// <summary>
    /// Gets a value indicating whether the architecture's pseudocode records a syndrome for the instruction, so that a Stage 2 abort of it reports ISV=1.
    /// An implementation may report ISV=0 all the same.
    /// </summary>
    /// <remarks>Arm Architecture Reference Manual (DDI 0487), "ISS encoding for an exception from a Data Abort". 64-byte accesses report it for Translation, Access flag and Permission faults only.</remarks>
    public bool ReportsSyndrome => Has(LoadStoreFlags.ReportsSyndrome);

    /// <summary>
    /// Gets a value indicating whether ISV=1 contradicts nothing: where <see cref="ReportsSyndrome"/> is true, and for LDR (literal), LDAPR and STLR with
    /// writeback, where the manual's words and its pseudocode differ.
    /// </summary>
    public bool MayReportSyndrome => Has(LoadStoreFlags.MayReportSyndrome);

    /// <summary>Gets the prefetch operation: 0 to 31 for PRFM and PRFUM, 0 to 63 for RPRFM; 0 for anything else.</summary>
    public int PrefetchOperation
    {
        get
        {
            if (Kind != LoadStoreKind.Prefetch)
            {
                return 0;
            }

            // RPRFM is the prefetch with an index register and a plain base; its number is option<2>:option<0>:S:Rt<2:0>.
            uint word = Word;
            return AddressingMode != AddressingMode.Base
                ? (int)(word & 0x1F)
                : (int)(((word >> 15) & 1) << 5 | ((word >> 13) & 1) << 4 | ((word >> 12) & 1) << 3 | (word & 7));
        }
    }

    /// <summary>Writes the instruction as text; see <see cref="A64Formatter"/>.</summary>
    /// <param name="destination">Receives the text.</param>
    /// <param name="charsWritten">Receives the number of characters written; 0 on failure.</param>
    /// <returns>False when the text does not fit; then <paramref name="destination"/> may hold a part of it.</returns>
    public bool TryFormat(Span<char> destination, out int charsWritten) => A64Formatter.TryFormat(this, destination, out charsWritten);

    /// <summary>Gets the instruction as text; see <see cref="A64Formatter"/>.</summary>
    /// <returns>For example <c>ldr x2, [x1], #8</c>.</returns>
    public override string ToString() => A64Formatter.ToText(this);

    private int UpperRegister => (int)(_registersAndFlags >> 16) & 0x1F;

    private bool Has(LoadStoreFlags flag) => ((uint)(_registersAndFlags >> 32) & (uint)flag) != 0;
}
