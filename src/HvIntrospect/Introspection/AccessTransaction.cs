using System;
using HvIntrospect.A64;
using HvIntrospect.LoadStores;
using HvIntrospect.Registers;
using HvIntrospect.Watchpoints;

namespace HvIntrospect.Introspection;

/// <summary>One access of one vCPU: translation, owners, watches, and then all of it or nothing.</summary>
/// <remarks>
/// The order is fixed: every page is translated; every device is found; devices and memory are read; watches are asked about every element; only then is
/// anything written, devices before memory, because devices may throw. One transaction belongs to one vCPU and is used again for its next access, so that none is allocated.
/// </remarks>
internal sealed class AccessTransaction
{
    private readonly Services _services;
    private readonly CurrentAccess _current;
    private readonly GuestTranslation _translation;
    private readonly ElementTransfer _transfer;
    private readonly ExclusiveAccess _exclusive;
    private readonly WatchInquiry _inquiry;
    private readonly IEl2Operations? _el2;
    private ExitFacts _facts;

    /// <summary>Makes the transaction of a vCPU.</summary>
    /// <param name="services">What is shared.</param>
    /// <param name="state">What is remembered of the vCPU.</param>
    /// <param name="vcpu">The vCPU.</param>
    public AccessTransaction(Services services, VcpuState state, IVcpu vcpu)
    {
        _services = services;
        _current = new CurrentAccess(services, state, vcpu);
        _translation = new GuestTranslation(_current);
        _transfer = new ElementTransfer(_current);
        _exclusive = new ExclusiveAccess(_current);
        _inquiry = new WatchInquiry(_current);
        Tags = services.Machine.TryGetCapability(out ITagMemory? tags) ? tags : null;
        PointerAuthentication = vcpu.TryGetCapability(out IPointerAuthentication? authentication) ? authentication : null;
        WideSystemRegisters = vcpu.TryGetCapability(out IWideSystemRegisters? wide) ? wide : null;
        _el2 = vcpu.TryGetCapability(out IEl2Operations? el2) ? el2 : null;
    }

    /// <summary>Gets the guest's Allocation Tags, where the backend offers them.</summary>
    public ITagMemory? Tags { get; }

    /// <summary>Gets what authenticates pointers, where the backend offers it.</summary>
    public IPointerAuthentication? PointerAuthentication { get; }

    /// <summary>Gets what reads the system registers that are 128 bits wide, where the backend offers it.</summary>
    public IWideSystemRegisters? WideSystemRegisters { get; }

    /// <summary>Gets SCTLR_EL1 as accesses to Allocation Tags depend on it: without ATA and ATA0 where EL2 keeps the tags from the guest.</summary>
    public Sctlr SystemControl
    {
        get
        {
            var sctlr = new Sctlr(_current.Vcpu.Translation.SctlrEl1);
            bool isDenied = Tags is not null && sctlr.Has(SctlrBits.Ata | SctlrBits.Ata0)
                && TryReadSystemRegister(SystemRegister.HcrEl2, out ulong hcr) && !new Hcr(hcr).Has(HcrBits.Ata);
            return isDenied ? sctlr.With(SctlrBits.Ata | SctlrBits.Ata0, false) : sctlr;
        }
    }

    /// <summary>Gets a value indicating whether the guest's cores have FEAT_LSE2.</summary>
    public bool HasUnalignedAtomics => (_services.Machine.Features & A64Features.LSE2) != 0;

    /// <summary>Gets what is done where the architecture leaves a choice.</summary>
    public LoadStoreChoices Choices => _services.Options.LoadStoreChoices;

    /// <summary>Gets why the last access was refused.</summary>
    public Refusal Refusal => _current.Refusal;

    /// <summary>Performs one instruction.</summary>
    /// <param name="vcpu">The vCPU; its registers are those before the instruction.</param>
    /// <param name="access">The decoded instruction.</param>
    /// <param name="facts">What the exit tells of the access.</param>
    /// <returns>How it ended; for <see cref="EmulationOutcome.Refused"/> see <see cref="Refusal"/>.</returns>
    public EmulationResult Perform(IVcpu vcpu, in LoadStoreAccess access, in ExitFacts facts)
    {
        // What a memory copy or set does next the registers say; the exit may have been about a byte further on.
        Begin(vcpu, access.Word, access.Stage == MemoryOperationStage.None ? facts : default);
        try
        {
            var bus = new ExitBus(this, vcpu);
            return LoadStoreSemantics.Perform(access, ref bus);
        }
        finally
        {
            _current.End();
        }
    }

    /// <summary>Performs DC ZVA, DC GVA or DC GZVA.</summary>
    /// <param name="vcpu">The vCPU.</param>
    /// <param name="opcode">The instruction word.</param>
    /// <param name="stored">What it stores.</param>
    /// <param name="size">The size of the block in bytes.</param>
    /// <param name="facts">What the exit tells of the access.</param>
    /// <returns>How it ended; for <see cref="EmulationOutcome.Refused"/> see <see cref="Refusal"/>.</returns>
    public EmulationResult PerformZero(IVcpu vcpu, uint opcode, BlockStore stored, int size, in ExitFacts facts)
    {
        Begin(vcpu, opcode, facts);
        try
        {
            var bus = new ExitBus(this, vcpu);
            return ZeroBlock.Perform(stored, CacheInstruction.AddressOf(vcpu.Core, opcode), size, ref bus);
        }
        finally
        {
            _current.End();
        }
    }

    /// <summary>Transfers an access whose elements are known already.</summary>
    /// <param name="vcpu">The vCPU; its registers are those before the instruction.</param>
    /// <param name="opcode">The instruction word; 0 when it is not known.</param>
    /// <param name="isMemory">False when the access is to a device.</param>
    /// <param name="isWrite">True for a store.</param>
    /// <param name="elements">The elements; they receive what a load reads.</param>
    /// <returns>What was done.</returns>
    public LoadStoreAnswer Transfer(IVcpu vcpu, uint opcode, bool isMemory, bool isWrite, Span<LoadStoreElement> elements)
    {
        Begin(vcpu, opcode, default);
        _current.Place(0, isMemory);
        try
        {
            return isWrite ? Store(elements) : Load(default, elements);
        }
        finally
        {
            _current.End();
        }
    }

    /// <summary>Translates an address by both stages.</summary>
    public LoadStorePage Translate(in LoadStoreAccess access, LoadStoreDirection direction, Va address, int page) =>
        _translation.Translate(access, direction, address, page);

    /// <summary>Reads a system register of EL1 that no register group holds.</summary>
    public bool TryReadSystemRegister(SystemRegister register, out ulong value)
    {
        value = 0;
        if (_el2 is null)
        {
            return false;
        }

        try
        {
            value = _el2.ReadSystemRegister(register);
            return true;
        }
        catch (ArgumentException)
        {
            // The core does not implement it; the capability has no other way to tell.
            return false;
        }
    }

    /// <summary>Reads the tag of a granule.</summary>
    public bool TryLoadTag(int page, Ipa granule, out int tag)
    {
        tag = _current.IsTagged(page) ? Tags!.ReadTag(granule) : 0;
        return _current.IsTagged(page);
    }

    /// <summary>Writes the tag of a granule, where the page is Tagged.</summary>
    public void StoreTag(int page, Ipa granule, int tag)
    {
        if (_current.IsTagged(page))
        {
            Tags!.WriteTag(granule, tag);
        }
    }

    /// <summary>Notes a failed tag check in the guest's register, where EL2 can write it.</summary>
    public void NoteTagCheckFailure(bool isUser, bool isUpper)
    {
        SystemRegister register = isUser ? SystemRegister.Tfsre0El1 : SystemRegister.TfsrEl1;
        if (TryReadSystemRegister(register, out ulong failures))
        {
            _el2!.WriteSystemRegister(register, failures | (isUpper ? 2UL : 1UL));
        }
    }

    /// <summary>Reads the elements.</summary>
    public LoadStoreAnswer Load(in LoadStoreAccess access, Span<LoadStoreElement> elements)
    {
        if (!IsConsistent(elements) || (access.IsExclusive && !IsExclusiveToMemory(elements, isWrite: false)))
        {
            return LoadStoreAnswer.Refused;
        }

        if (!TryEnter(elements, isWrite: false))
        {
            return LoadStoreAnswer.Retry;
        }

        try
        {
            if (!_transfer.TryFindOwners(elements, isWrite: false))
            {
                return LoadStoreAnswer.Refused;
            }

            _transfer.Read(elements);
            VectorRegister loaded = access.IsExclusive ? ElementTransfer.Join(elements) : default;
            LoadStoreAnswer answer = _inquiry.Ask(WatchKinds.Read, elements, []);
            if (answer != LoadStoreAnswer.Performed)
            {
                return answer;
            }

            for (int i = 0; i < elements.Length; i++)
            {
                elements[i].Data = _inquiry.Answered(elements, i);
            }

            if (access.IsExclusive)
            {
                _exclusive.Arm(elements[0].Ipa, access.TotalSize, loaded);
            }

            _current.Finish();
            return LoadStoreAnswer.Performed;
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>Writes the elements.</summary>
    public LoadStoreAnswer Store(Span<LoadStoreElement> elements)
    {
        if (!IsConsistent(elements))
        {
            return LoadStoreAnswer.Refused;
        }

        if (!TryEnter(elements, isWrite: true))
        {
            return LoadStoreAnswer.Retry;
        }

        try
        {
            return StoreOwned(elements);
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>Reads elements and writes their bytes to others, with one record of what was answered about both.</summary>
    public LoadStoreAnswer Copy(Span<LoadStoreElement> from, Span<LoadStoreElement> to)
    {
        if (_services.HasSeveralVcpus && !_services.InFlight.TryEnter(_current.State.Index, from, to))
        {
            return LoadStoreAnswer.Retry;
        }

        _current.Record.Bind(from, to);
        try
        {
            if (!_transfer.TryFindOwners(from, isWrite: false))
            {
                return LoadStoreAnswer.Refused;
            }

            _transfer.Read(from);
            LoadStoreAnswer answer = _inquiry.Ask(WatchKinds.Read, from, []);
            if (answer != LoadStoreAnswer.Performed)
            {
                return answer;
            }

            for (int i = 0; i < from.Length; i++)
            {
                from[i].Data = _inquiry.Answered(from, i);
            }

            LoadStoreElement.CopyData(from, to);
            _current.Record.Select(from.Length, to);
            return StoreOwned(to);
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>Writes the elements if the monitor holds them.</summary>
    public LoadStoreAnswer StoreExclusive(in LoadStoreAccess access, Span<LoadStoreElement> elements, out bool stored)
    {
        stored = false;
        if (!IsConsistent(elements) || !IsExclusiveToMemory(elements, isWrite: true))
        {
            return LoadStoreAnswer.Refused;
        }

        if (!TryEnter(elements, isWrite: true))
        {
            return LoadStoreAnswer.Retry;
        }

        try
        {
            Span<ulong> old = stackalloc ulong[elements.Length];
            _transfer.ReadOld(elements, old);
            VectorRegister found = ElementTransfer.Join(elements, old);
            if (!_exclusive.Holds(elements[0].Ipa, access.TotalSize, found))
            {
                _exclusive.Clear();
                return _exclusive.CanNextTrySucceed(access, elements[0].Ipa, found) ? LoadStoreAnswer.Performed : LoadStoreAnswer.Refused;
            }

            LoadStoreAnswer answer = _inquiry.Ask(WatchKinds.Write, elements, old);
            if (answer == LoadStoreAnswer.Skipped)
            {
                _exclusive.Clear();
            }

            if (answer != LoadStoreAnswer.Performed)
            {
                return answer;
            }

            for (int i = 0; i < elements.Length; i++)
            {
                old[i] = _inquiry.Answered(elements, i);
            }

            if (!_transfer.TryExchange(elements[0].Ipa, access.TotalSize, found, ElementTransfer.Join(elements, old), out stored))
            {
                return LoadStoreAnswer.Refused;
            }

            _exclusive.Clear();
            if (stored)
            {
                _exclusive.OnStored(elements[0].Ipa, access.TotalSize);
            }
            else
            {
                _current.ReportRace(elements[0].Ipa, "the store-exclusive failed after its event");
            }

            _current.Finish();
            return LoadStoreAnswer.Performed;
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>Reads the elements and writes what the update makes of them, as one access that watches see as both.</summary>
    public LoadStoreAnswer Modify(Span<LoadStoreElement> elements, in AtomicUpdate update)
    {
        // Whoever needs an atomic access needs memory: elsewhere it is an unsupported one, an IMPLEMENTATION DEFINED fault.
        if (!IsConsistent(elements) || !IsExclusiveToMemory(elements, isWrite: false))
        {
            return LoadStoreAnswer.Refused;
        }

        if (!TryEnter(elements, isWrite: false))
        {
            return LoadStoreAnswer.Retry;
        }

        try
        {
            int size = elements.Length * elements[0].Size;
            Span<ulong> old = stackalloc ulong[elements.Length];
            Span<ulong> written = stackalloc ulong[elements.Length];
            _transfer.ReadOld(elements, old);
            VectorRegister found = ElementTransfer.Join(elements, old);
            bool isWrite = update.TryApply(found, out VectorRegister updated);
            ElementTransfer.Split(elements, updated);
            LoadStoreAnswer answer = _inquiry.Ask(isWrite ? WatchKinds.ReadWrite : WatchKinds.Read, elements, old);
            if (answer != LoadStoreAnswer.Performed)
            {
                return answer;
            }

            for (int i = 0; i < elements.Length; i++)
            {
                // What replaces the data is what is written; without a write it is what is read.
                written[i] = _inquiry.Answered(elements, i);
                elements[i].Data = isWrite ? old[i] : written[i];
            }

            if (isWrite)
            {
                if (!_transfer.TryExchange(elements[0].Ipa, size, found, ElementTransfer.Join(elements, written), out bool stored))
                {
                    return LoadStoreAnswer.Refused;
                }

                if (!stored)
                {
                    // Somebody whose accesses do not come here was faster: what was decided was about another value.
                    _current.ReportRace(elements[0].Ipa, "the atomic is executed again after its event");
                    _current.Finish();
                    return LoadStoreAnswer.Retry;
                }

                _services.Monitors.OnStore(_current.State.Index, elements[0].Ipa, size);
            }

            _current.Finish();
            return LoadStoreAnswer.Performed;
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>Tells watches of an access that is not performed here.</summary>
    /// <param name="vcpu">The vCPU.</param>
    /// <param name="access">The access, as far as it is known.</param>
    /// <returns>False when it must not be made: see <see cref="Refusal"/>.</returns>
    public bool TryAsk(IVcpu vcpu, in UnsupportedAccess access) => _inquiry.TryAsk(vcpu, access);

    private void Begin(IVcpu vcpu, uint opcode, in ExitFacts facts)
    {
        _facts = facts;
        _current.Begin(vcpu, opcode);
    }

    private LoadStoreAnswer StoreOwned(Span<LoadStoreElement> elements)
    {
        if (!_transfer.TryFindOwners(elements, isWrite: true))
        {
            return LoadStoreAnswer.Refused;
        }

        Span<ulong> old = stackalloc ulong[elements.Length];
        _transfer.ReadOld(elements, old);
        LoadStoreAnswer answer = _inquiry.Ask(WatchKinds.Write, elements, old);
        if (answer != LoadStoreAnswer.Performed)
        {
            return answer;
        }

        for (int i = 0; i < elements.Length; i++)
        {
            elements[i].Data = _inquiry.Answered(elements, i);
        }

        _transfer.Write(elements, old);
        _current.Finish();
        return LoadStoreAnswer.Performed;
    }

    private bool TryEnter(ReadOnlySpan<LoadStoreElement> elements, bool isWrite)
    {
        if (_services.HasSeveralVcpus && !_services.InFlight.TryEnter(_current.State.Index, elements))
        {
            return false;
        }

        _current.Record.Bind(elements, isWrite);
        return true;
    }

    private void Leave()
    {
        if (_services.HasSeveralVcpus)
        {
            _services.InFlight.Leave(_current.State.Index);
        }
    }

    private bool IsConsistent(ReadOnlySpan<LoadStoreElement> elements)
    {
        ref readonly LoadStoreElement last = ref elements[elements.Length - 1];
        int total = (int)(last.Va - elements[0].Va) + last.Size;
        if (!_facts.FarLiesIn(elements[0].Va, total))
        {
            return _current.Refuse(Refusal.Inconsistent("FAR"));
        }

        if (!_facts.PageIsOneOf(elements[0].Ipa, last.IpaOf(last.Size - 1)))
        {
            return _current.Refuse(Refusal.Inconsistent("IPA"));
        }

        return true;
    }

    /// <summary>Exclusives reach memory only: elsewhere they are an unsupported exclusive access, an IMPLEMENTATION DEFINED fault.</summary>
    private bool IsExclusiveToMemory(ReadOnlySpan<LoadStoreElement> elements, bool isWrite) =>
        _current.IsMemory(0)
        || _current.Refuse(Refusal.Abort(FaultStatus.Create(FaultKind.UnsupportedExclusiveOrAtomic), elements[0].Va, isWrite));
}
