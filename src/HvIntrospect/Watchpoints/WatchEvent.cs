using System;
using HvIntrospect.A64;

namespace HvIntrospect.Watchpoints;

/// <summary>One element of a guest's access that overlaps a watch, before it is performed, or one instruction, before it is executed.</summary>
/// <remarks>
/// <para>An element is what the architecture names by one register: a pair makes two, a 16-byte SIMD&amp;FP register two of 8 bytes, an unaligned access of a
/// general-purpose register one. Every watch that overlaps an element of its kind gets it, in the order of registration.</para>
/// <para>An instruction is one element of 4 bytes at PC whose old and new value are its word.</para>
/// <para>The value is valid during the call; <see cref="ToRecord"/> copies it.</para>
/// </remarks>
public readonly ref struct WatchEvent
{
    private readonly A64Decoder _decoder;

    internal WatchEvent(
        Watch watch, IVcpu vcpu, in WatchedAccess access, long sequence, ReadOnlySpan<byte> oldValue, ReadOnlySpan<byte> newValue, A64Decoder decoder)
    {
        Watch = watch;
        Vcpu = vcpu;
        Sequence = sequence;
        Pc = access.Pc;
        Va = access.Va;
        Ipa = access.Ipa;
        Size = access.Size;
        Kind = access.Kind;
        Opcode = access.Opcode;
        IsExact = access.IsExact;
        OldValue = oldValue;
        NewValue = newValue;
        _decoder = decoder;
    }

    /// <summary>Gets the watch.</summary>
    public Watch Watch { get; }

    /// <summary>Gets the number of the element among all that watches have seen, from 1. Several watches that see one element see one number.</summary>
    public long Sequence { get; }

    /// <summary>Gets the vCPU; its registers are those before the instruction.</summary>
    public IVcpu Vcpu { get; }

    /// <summary>Gets the instruction's address.</summary>
    public Va Pc { get; }

    /// <summary>Gets the virtual address of the first byte; 0 for an access that is not exact and whose address is not known.</summary>
    public Va Va { get; }

    /// <summary>Gets the IPA of the first byte. An unaligned element may go on in another page.</summary>
    public Ipa Ipa { get; }

    /// <summary>
    /// Gets the size in bytes of the element, as the architecture makes it single-copy atomic: 1, 2, 4 or 8; 16 for atomics and store-exclusives of two doublewords, and with FEAT_LSE2
    /// for LDP, STP and their kin in 16 aligned bytes of Write-Back memory; 64 for LD64B and its kin. Of an access that is not exact the number of bytes that it may touch in the page.
    /// </summary>
    public int Size { get; }

    /// <summary>Gets whether it is a read, a write or both, or an instruction that is executed.</summary>
    public WatchKinds Kind { get; }

    /// <summary>Gets the bytes in memory before the access, in memory order. Empty for a store to a device, where reading would have effects, and for an access that is not exact.</summary>
    public ReadOnlySpan<byte> OldValue { get; }

    /// <summary>Gets the bytes that a store writes or a load reads, in memory order. Empty for an access that is not exact.</summary>
    public ReadOnlySpan<byte> NewValue { get; }

    /// <summary>Gets the instruction word.</summary>
    public uint Opcode { get; }

    /// <summary>Gets the decoded instruction, with which it can be printed. Decoded when asked for; without an encoding when the word is not a load or store.</summary>
    public LoadStoreAccess Access
    {
        get
        {
            _decoder.DecodeLoadStore(Opcode, out LoadStoreAccess access);
            return access;
        }
    }

    /// <summary>
    /// Gets a value indicating whether address, size and values are those of one element. False for an access that the library cannot perform, and for an
    /// update of a descriptor by a Stage 1 walk: the page is opened for one step, and the bytes are those that may be touched. Of these and of the reads of a
    /// Stage 1 walk, which are exact, <see cref="WatchResponseKind.Skip"/> and <see cref="WatchResponseKind.Replace"/> have no effect.
    /// </summary>
    public bool IsExact { get; }

    /// <summary>Gets a value indicating whether every vCPU is subject to the watch. False once its removal is queued by a handler.</summary>
    public bool IsEffective => Watch.IsEffective;

    /// <summary>Copies the event, so that it can be kept.</summary>
    /// <returns>The copy.</returns>
    public WatchRecord ToRecord() => new(this);
}
