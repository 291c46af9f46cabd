using System;
using HvIntrospect.A64;
using HvIntrospect.Registers;

namespace HvIntrospect.LoadStores;

/// <summary>What <see cref="LoadStoreSemantics"/> performs an access against: a vCPU's registers, its address translation and its memory.</summary>
/// <remarks>
/// Implemented by structs, so that the semantics are compiled for each of them without a virtual call. The calls come in this order:
/// registers and environment, <see cref="Translate"/> for each page, one of the transfers, registers. Until the transfer nothing may change;
/// a transfer either does all of its elements or nothing.
/// </remarks>
public interface ILoadStoreBus
{
    /// <summary>Gets the state that the access depends on.</summary>
    LoadStoreEnvironment Environment { get; }

    /// <summary>Gets or sets the current stack pointer.</summary>
    ulong StackPointer { get; set; }

    /// <summary>
    /// Gets a value indicating whether the vCPU's exclusive monitor may hold anything. While it is open a store-exclusive fails without an access and so
    /// without a fault of translation (an IMPLEMENTATION DEFINED choice).
    /// </summary>
    bool MayStoreExclusive { get; }

    /// <summary>Gets or sets NZCV in bits 31:28; the other bits are 0.</summary>
    uint Flags { get; set; }

    /// <summary>Gets a value indicating whether Allocation Tags can be read and written.</summary>
    bool HasTags { get; }

    /// <summary>Reads a general-purpose register.</summary>
    /// <param name="index">0 to 30; never the zero register or the stack pointer.</param>
    /// <returns>All 64 bits.</returns>
    ulong GetGeneral(int index);

    /// <summary>Writes a general-purpose register.</summary>
    /// <param name="index">0 to 30; never the zero register or the stack pointer.</param>
    /// <param name="value">All 64 bits.</param>
    void SetGeneral(int index, ulong value);

    /// <summary>Reads a SIMD&amp;FP register.</summary>
    /// <param name="index">0 to 31.</param>
    /// <returns>All 128 bits.</returns>
    VectorRegister GetVector(int index);

    /// <summary>Writes a SIMD&amp;FP register.</summary>
    /// <param name="index">0 to 31.</param>
    /// <param name="value">All 128 bits.</param>
    void SetVector(int index, VectorRegister value);

    /// <summary>Reads a system register that few instructions depend on.</summary>
    /// <param name="register">The register.</param>
    /// <param name="value">Its 64 bits.</param>
    /// <returns>False when it cannot be read.</returns>
    bool TryReadSystemRegister(SystemRegister register, out ulong value);

    /// <summary>Reads a system register that is 128 bits wide; see <see cref="IWideSystemRegisters"/>.</summary>
    /// <param name="register">The register.</param>
    /// <param name="value">Its 128 bits.</param>
    /// <returns>False when it cannot be read, or only half of it.</returns>
    bool TryReadWideSystemRegister(SystemRegister register, out VectorRegister value);

    /// <summary>Authenticates a data pointer; see <see cref="IPointerAuthentication"/>.</summary>
    /// <param name="key">The key.</param>
    /// <param name="pointer">The pointer with its code.</param>
    /// <param name="modifier">The modifier.</param>
    /// <param name="authenticated">The pointer without its code.</param>
    /// <returns>False when the keys cannot be used.</returns>
    bool TryAuthenticate(PointerAuthenticationKey key, ulong pointer, ulong modifier, out ulong authenticated);

    /// <summary>Translates an address of the access and checks its permissions, without any effect.</summary>
    /// <param name="access">The instruction, which tells the privilege.</param>
    /// <param name="direction">What is to be done there.</param>
    /// <param name="address">The first byte of the access in its page.</param>
    /// <param name="page">Which of the access's pages this is: 0 or 1.</param>
    /// <returns>Where the byte lies, or why there is no access.</returns>
    LoadStorePage Translate(in LoadStoreAccess access, LoadStoreDirection direction, Va address, int page);

    /// <summary>Reads the elements, low address first. A load-exclusive marks them in the exclusive monitor.</summary>
    /// <param name="access">The instruction.</param>
    /// <param name="elements">The elements; <see cref="LoadStoreElement.Data"/> receives the bytes.</param>
    /// <returns>What was done.</returns>
    LoadStoreAnswer Load(in LoadStoreAccess access, Span<LoadStoreElement> elements);

    /// <summary>Writes the elements, low address first.</summary>
    /// <param name="access">The instruction.</param>
    /// <param name="elements">The elements with the bytes to write.</param>
    /// <returns>What was done.</returns>
    LoadStoreAnswer Store(in LoadStoreAccess access, Span<LoadStoreElement> elements);

    /// <summary>Reads elements and writes their bytes to others, low address first, as one transfer: nobody is asked about its first half again because of the second.</summary>
    /// <param name="access">The instruction, a memory copy.</param>
    /// <param name="from">The elements to read, all in page 0; <see cref="LoadStoreElement.Data"/> receives the bytes.</param>
    /// <param name="to">The elements to write, all in page 1; see <see cref="LoadStoreElement.CopyData"/>.</param>
    /// <returns>What was done.</returns>
    LoadStoreAnswer Copy(in LoadStoreAccess access, Span<LoadStoreElement> from, Span<LoadStoreElement> to);

    /// <summary>Writes the elements as one single-copy atomic access if the exclusive monitor still holds them; clears the monitor.</summary>
    /// <param name="access">The instruction.</param>
    /// <param name="elements">The elements with the bytes to write, adjacent and together aligned to their size or, with FEAT_LSE2, within 16 aligned bytes.</param>
    /// <param name="stored">True when they were written; false when the monitor did not hold them and nothing was written.</param>
    /// <returns>What was done; <see cref="LoadStoreAnswer.Performed"/> in both cases.</returns>
    LoadStoreAnswer StoreExclusive(in LoadStoreAccess access, Span<LoadStoreElement> elements, out bool stored);

    /// <summary>Reads the elements and writes what an update makes of them, as one single-copy atomic access.</summary>
    /// <param name="access">The instruction.</param>
    /// <param name="elements">One element, or the two of a pair, adjacent and together aligned to their size or, with FEAT_LSE2, within 16 aligned bytes; <see cref="LoadStoreElement.Data"/> receives what memory held.</param>
    /// <param name="update">What to write.</param>
    /// <returns>What was done; <see cref="LoadStoreAnswer.Performed"/> also when the update wants nothing written.</returns>
    LoadStoreAnswer Modify(in LoadStoreAccess access, Span<LoadStoreElement> elements, in AtomicUpdate update);

    /// <summary>Reads an Allocation Tag. It has no effect on anything else. Called only while <see cref="HasTags"/>.</summary>
    /// <param name="page">Which of the access's translated pages holds the granule: 0 or 1.</param>
    /// <param name="granule">Its IPA, a multiple of 16.</param>
    /// <param name="tag">0 to 15; 0 with false.</param>
    /// <returns>False where the page is not Tagged memory, so that nothing is checked there.</returns>
    bool TryLoadTag(int page, Ipa granule, out int tag);

    /// <summary>Notes a failed tag check of an access that is made all the same: in TFSR_EL1, or in TFSRE0_EL1.</summary>
    /// <param name="isUser">True for an access of EL0.</param>
    /// <param name="isUpper">True for an address with bit 55 set.</param>
    void NoteTagCheckFailure(bool isUser, bool isUpper);

    /// <summary>Writes an Allocation Tag; nothing happens where the page is not Tagged memory. Called after the transfer of the access's data, if it has any.</summary>
    /// <param name="page">Which of the access's translated pages holds the granule: 0 or 1.</param>
    /// <param name="granule">Its IPA, a multiple of 16.</param>
    /// <param name="tag">0 to 15.</param>
    void StoreTag(int page, Ipa granule, int tag);
}
