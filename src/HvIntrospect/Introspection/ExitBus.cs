using System;
using HvIntrospect.A64;
using HvIntrospect.LoadStores;
using HvIntrospect.Registers;

namespace HvIntrospect.Introspection;

/// <summary>The bus of an exit: the vCPU's registers, and a transaction for translation and memory.</summary>
internal readonly struct ExitBus : ILoadStoreBus
{
    private const uint FlagsMask = 0xF000_0000;

    private readonly AccessTransaction _transaction;
    private readonly IVcpu _vcpu;

    public ExitBus(AccessTransaction transaction, IVcpu vcpu)
    {
        _transaction = transaction;
        _vcpu = vcpu;
    }

    /// <inheritdoc/>
    public LoadStoreEnvironment Environment
    {
        get
        {
            Sctlr sctlr = _transaction.SystemControl;
            Spsr pstate = _vcpu.Core.Pstate;
            TagCheckControls checks = _transaction.Tags is null ? default : new TagCheckControls(pstate, sctlr, new Tcr(_vcpu.Translation.TcrEl1));
            return new(_vcpu.Core.Pc, pstate, sctlr, _transaction.HasUnalignedAtomics, _transaction.Choices, checks);
        }
    }

    /// <inheritdoc/>
    public ulong StackPointer
    {
        get => _vcpu.Core.Sp;
        set => _vcpu.ModifyCore().Sp = value;
    }

    /// <inheritdoc/>
    public bool MayStoreExclusive => true;

    /// <inheritdoc/>
    public uint Flags
    {
        get => (uint)_vcpu.Core.Pstate.Value & FlagsMask;
        set => _vcpu.ModifyCore().Pstate = new Spsr((_vcpu.Core.Pstate.Value & ~(ulong)FlagsMask) | value);
    }

    /// <inheritdoc/>
    public bool HasTags => _transaction.Tags is not null;

    /// <inheritdoc/>
    public ulong GetGeneral(int index) => _vcpu.Core[index];

    /// <inheritdoc/>
    public void SetGeneral(int index, ulong value) => _vcpu.ModifyCore()[index] = value;

    /// <inheritdoc/>
    public VectorRegister GetVector(int index) => _vcpu.Vector[index];

    /// <inheritdoc/>
    public void SetVector(int index, VectorRegister value) => _vcpu.ModifyVector()[index] = value;

    /// <inheritdoc/>
    public bool TryReadSystemRegister(SystemRegister register, out ulong value) => _transaction.TryReadSystemRegister(register, out value);

    /// <inheritdoc/>
    public bool TryReadWideSystemRegister(SystemRegister register, out VectorRegister value)
    {
        value = default;
        return _transaction.WideSystemRegisters?.TryReadWideSystemRegister(register, out value) ?? false;
    }

    /// <inheritdoc/>
    public bool TryAuthenticate(PointerAuthenticationKey key, ulong pointer, ulong modifier, out ulong authenticated)
    {
        authenticated = 0;
        return _transaction.PointerAuthentication?.TryAuthenticateData(key == PointerAuthenticationKey.DataB, pointer, modifier, out authenticated) ?? false;
    }

    /// <inheritdoc/>
    public LoadStorePage Translate(in LoadStoreAccess access, LoadStoreDirection direction, Va address, int page) =>
        _transaction.Translate(access, direction, address, page);

    /// <inheritdoc/>
    public LoadStoreAnswer Load(in LoadStoreAccess access, Span<LoadStoreElement> elements) => _transaction.Load(access, elements);

    /// <inheritdoc/>
    public LoadStoreAnswer Store(in LoadStoreAccess access, Span<LoadStoreElement> elements) => _transaction.Store(elements);

    /// <inheritdoc/>
    public LoadStoreAnswer Copy(in LoadStoreAccess access, Span<LoadStoreElement> from, Span<LoadStoreElement> to) => _transaction.Copy(from, to);

    /// <inheritdoc/>
    public LoadStoreAnswer StoreExclusive(in LoadStoreAccess access, Span<LoadStoreElement> elements, out bool stored) =>
        _transaction.StoreExclusive(access, elements, out stored);

    /// <inheritdoc/>
    public LoadStoreAnswer Modify(in LoadStoreAccess access, Span<LoadStoreElement> elements, in AtomicUpdate update) =>
        _transaction.Modify(elements, update);

    /// <inheritdoc/>
    public bool TryLoadTag(int page, Ipa granule, out int tag) => _transaction.TryLoadTag(page, granule, out tag);

    /// <inheritdoc/>
    public void NoteTagCheckFailure(bool isUser, bool isUpper) => _transaction.NoteTagCheckFailure(isUser, isUpper);

    /// <inheritdoc/>
    public void StoreTag(int page, Ipa granule, int tag) => _transaction.StoreTag(page, granule, tag);
}
