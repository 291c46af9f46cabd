using System;
using HvIntrospect.A64;
using HvIntrospect.Interception;
using HvIntrospect.LoadStores;
using HvIntrospect.Mmio;
using HvIntrospect.Registers;
using HvIntrospect.Translation;
using HvIntrospect.Watchpoints;

namespace HvIntrospect.Introspection;

/// <summary>One access of one vCPU: translation, owners, watches, and then all of it or nothing.</summary>
/// <remarks>
/// The order is fixed: every page is translated; every device is found; devices and memory are read; watches are asked about every element; only then is
/// anything written, devices before memory, because devices may throw. One transaction belongs to one vCPU and is used again for its next access, so that none is allocated.
/// </remarks>
internal sealed class AccessTransaction
{
    private const int LastLevel = 3;
    private const int MostDescriptorChanges = 8;

    private readonly Services _services;
    private readonly VcpuState _state;
    private readonly bool[] _isMemory = new bool[2];
    private readonly int[] _level = new int[2];
    private readonly IEl2Operations? _el2;
    private IVcpu _vcpu;
    private Va _pc;
    private uint _opcode;
    private ExitFacts _facts;

    /// <summary>Makes the transaction of a vCPU.</summary>
    /// <param name="services">What is shared.</param>
    /// <param name="state">What is remembered of the vCPU.</param>
    /// <param name="vcpu">The vCPU.</param>
    public AccessTransaction(Services services, VcpuState state, IVcpu vcpu)
    {
        _services = services;
        _state = state;
        _vcpu = vcpu;
        Tags = services.Machine.TryGetCapability(out ITagMemory? tags) ? tags : null;
        PointerAuthentication = vcpu.TryGetCapability(out IPointerAuthentication? authentication) ? authentication : null;
        _el2 = vcpu.TryGetCapability(out IEl2Operations? el2) ? el2 : null;
    }

    /// <summary>Gets the guest's Allocation Tags, where the backend offers them.</summary>
    public ITagMemory? Tags { get; }

    /// <summary>Gets what authenticates pointers, where the backend offers it.</summary>
    public IPointerAuthentication? PointerAuthentication { get; }

    /// <summary>Gets a value indicating whether the guest's cores have FEAT_LSE2.</summary>
    public bool HasUnalignedAtomics => (_services.Machine.Features & A64Features.LSE2) != 0;

    /// <summary>Gets what is done where the architecture leaves a choice.</summary>
    public LoadStoreChoices Choices => _services.Options.LoadStoreChoices;

    /// <summary>Gets why the last access was refused.</summary>
    public Refusal Refusal { get; private set; }

    private AccessRecord Record => _state.Records.Current;

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
            _state.Records.End(vcpu.Core);
        }
    }

    /// <summary>Performs DC ZVA.</summary>
    /// <param name="vcpu">The vCPU.</param>
    /// <param name="opcode">The instruction word.</param>
    /// <param name="size">The size of the block in bytes.</param>
    /// <param name="facts">What the exit tells of the access.</param>
    /// <returns>How it ended; for <see cref="EmulationOutcome.Refused"/> see <see cref="Refusal"/>.</returns>
    public EmulationResult PerformZero(IVcpu vcpu, uint opcode, int size, in ExitFacts facts)
    {
        Begin(vcpu, opcode, facts);
        try
        {
            var bus = new ExitBus(this, vcpu);
            return ZeroBlock.Perform(CacheInstruction.AddressOf(vcpu.Core, opcode), size, ref bus);
        }
        finally
        {
            _state.Records.End(vcpu.Core);
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
        _isMemory[0] = isMemory;
        _level[0] = LastLevel;
        try
        {
            return isWrite ? Store(elements) : Load(default, elements);
        }
        finally
        {
            _state.Records.End(vcpu.Core);
        }
    }

    /// <summary>Translates an address by both stages.</summary>
    public LoadStorePage Translate(in LoadStoreAccess access, LoadStoreDirection direction, Va address, int page)
    {
        bool isUnprivileged = LoadStoreSemantics.IsUnprivileged(access, direction);
        if (!TryTranslateStage1(address, direction, isUnprivileged, out Stage1Translation translation))
        {
            return LoadStorePage.Refused;
        }

        if (translation.IsFault)
        {
            // Of both permissions that of the write is missing when a read alone would pass.
            bool isWriteFault = direction == LoadStoreDirection.Modify && translation.Status.Kind == FaultKind.Permission
                && !TranslateStage1(address, Stage1AccessKind.Read, isUnprivileged).IsFault;
            return LoadStorePage.Fault(translation.Status, translation.Attributes.IsDevice, isWriteFault);
        }

        switch (_services.Pages.Judge(translation.Ipa, Stage2Of(direction)))
        {
            case PageStanding.NotMapped:
                Refusal = Refusal.NotOurs(UnhandledReason.NotMapped);
                return LoadStorePage.Refused;
            case PageStanding.Protected:
                Refusal = Refusal.NotOurs(UnhandledReason.Protected);
                return LoadStorePage.Refused;
            case PageStanding.NoMemory:
                _isMemory[page] = false;
                break;
            default:
                _isMemory[page] = true;
                break;
        }

        // While Stage 1 is off there is no level to report; an injected Permission fault then says 3.
        _level[page] = translation.Level == 0 ? LastLevel : translation.Level;

        // IMPLEMENTATION DEFINED: devices take 64 bytes at once, memory does not.
        return LoadStorePage.Found(translation.Ipa, translation.Attributes.IsDevice, takes64Bytes: !_isMemory[page]);
    }

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
            if (!TryFindOwners(elements, isWrite: false))
            {
                return LoadStoreAnswer.Refused;
            }

            ReadElements(elements);
            VectorRegister loaded = access.IsExclusive ? Join(elements) : default;
            LoadStoreAnswer answer = Ask(WatchKinds.Read, elements, []);
            if (answer != LoadStoreAnswer.Performed)
            {
                return answer;
            }

            for (int i = 0; i < elements.Length; i++)
            {
                elements[i].Data = Answered(elements, i);
            }

            if (access.IsExclusive)
            {
                ArmMonitor(elements[0].Ipa, access.TotalSize, loaded);
            }

            Finish();
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
            if (!TryFindOwners(elements, isWrite: true))
            {
                return LoadStoreAnswer.Refused;
            }

            Span<ulong> old = stackalloc ulong[elements.Length];
            ReadOldValues(elements, old);
            LoadStoreAnswer answer = Ask(WatchKinds.Write, elements, old);
            if (answer != LoadStoreAnswer.Performed)
            {
                return answer;
            }

            for (int i = 0; i < elements.Length; i++)
            {
                elements[i].Data = Answered(elements, i);
            }

            // Devices first: when one throws, no memory has changed.
            WriteParts(elements, old, toMemory: false);
            WriteParts(elements, old, toMemory: true);
            Finish();
            return LoadStoreAnswer.Performed;
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
            ReadOldValues(elements, old);
            VectorRegister found = Join(elements, old);
            if (!MonitorHolds(elements[0].Ipa, access.TotalSize, found))
            {
                ClearMonitor();
                return CanNextTrySucceed(access, elements[0].Ipa, found) ? LoadStoreAnswer.Performed : LoadStoreAnswer.Refused;
            }

            LoadStoreAnswer answer = Ask(WatchKinds.Write, elements, old);
            if (answer == LoadStoreAnswer.Skipped)
            {
                ClearMonitor();
            }

            if (answer != LoadStoreAnswer.Performed)
            {
                return answer;
            }

            for (int i = 0; i < elements.Length; i++)
            {
                old[i] = Answered(elements, i);
            }

            if (!TryExchange(elements[0].Ipa, access.TotalSize, found, Join(elements, old), out stored))
            {
                Refusal = Refusal.NotAtomic;
                return LoadStoreAnswer.Refused;
            }

            ClearMonitor();
            if (stored)
            {
                _services.Monitors.OnStore(_state.Index, elements[0].Ipa, access.TotalSize);
                _services.ExclusivePages.Release(elements[0].Ipa);
            }
            else
            {
                ReportRace(elements[0].Ipa, "the store-exclusive failed after its event");
            }

            Finish();
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
            ReadOldValues(elements, old);
            VectorRegister found = Join(elements, old);
            bool isWrite = update.TryApply(found, out VectorRegister updated);
            Split(elements, updated);
            LoadStoreAnswer answer = Ask(isWrite ? WatchKinds.ReadWrite : WatchKinds.Read, elements, old);
            if (answer != LoadStoreAnswer.Performed)
            {
                return answer;
            }

            for (int i = 0; i < elements.Length; i++)
            {
                // What replaces the data is what is written; without a write it is what is read.
                written[i] = Answered(elements, i);
                elements[i].Data = isWrite ? old[i] : written[i];
            }

            if (isWrite)
            {
                if (!TryExchange(elements[0].Ipa, size, found, Join(elements, written), out bool stored))
                {
                    Refusal = Refusal.NotAtomic;
                    return LoadStoreAnswer.Refused;
                }

                if (!stored)
                {
                    // Somebody whose accesses do not come here was faster: what was decided was about another value.
                    ReportRace(elements[0].Ipa, "the atomic is executed again after its event");
                    Finish();
                    return LoadStoreAnswer.Retry;
                }

                _services.Monitors.OnStore(_state.Index, elements[0].Ipa, size);
            }

            Finish();
            return LoadStoreAnswer.Performed;
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>Tells watches of an access that is not performed here.</summary>
    /// <param name="vcpu">The vCPU.</param>
    /// <param name="asked">The access, as far as it is known.</param>
    /// <returns>False when it must not be made: see <see cref="Refusal"/>.</returns>
    public bool TryAsk(IVcpu vcpu, in UnsupportedAccess asked)
    {
        Begin(vcpu, asked.Word, default);
        var access = new WatchedAccess
        {
            Pc = _pc,
            Va = asked.Va,
            Ipa = asked.Ipa,
            Size = asked.Size,
            FirstSize = asked.Size,
            Opcode = asked.Word,
            Kind = asked.Kinds,
            IsExact = asked.Data.HasValue,
            HasOldData = asked.Data.HasValue,
            OldData = asked.Data.GetValueOrDefault(),
            NewData = asked.Data.GetValueOrDefault(),
        };
        Record.Bind(asked.Ipa, 0, isWrite: false);
        ref WatchDecision decision = ref Record.Decision(0);
        try
        {
            if (_services.Watches.IsWatched(access))
            {
                _state.Counters.Events += _services.Watches.Ask(vcpu, access, ref decision);
            }

            return MayBeMade(access, ref decision);
        }
        finally
        {
            _state.Records.End(vcpu.Core);
        }
    }

    private static Refusal Injection(WatchResponseKind kind, int level, Va address, bool isWrite) => Refusal.Abort(
        kind == WatchResponseKind.InjectExternalAbort
            ? FaultStatus.Create(FaultKind.SynchronousExternal)
            : FaultStatus.Create(FaultKind.Permission, level),
        address,
        isWrite);

    private static Stage1AccessKind KindOf(LoadStoreDirection direction) => direction switch
    {
        LoadStoreDirection.Read => Stage1AccessKind.Read,
        LoadStoreDirection.Write => Stage1AccessKind.Write,
        _ => Stage1AccessKind.ReadWrite,
    };

    private static Stage2Access Stage2Of(LoadStoreDirection direction) => direction switch
    {
        LoadStoreDirection.Read => Stage2Access.Read,
        LoadStoreDirection.Write => Stage2Access.Write,
        _ => Stage2Access.ReadWrite,
    };

    /// <summary>Joins the values of one element or two adjacent ones to what one access of all of them reads.</summary>
    private static VectorRegister Join(ReadOnlySpan<LoadStoreElement> elements, ReadOnlySpan<ulong> values) => elements.Length switch
    {
        1 => new VectorRegister(values[0], 0),
        _ when elements[0].Size == sizeof(ulong) => new VectorRegister(values[0], values[1]),
        _ => new VectorRegister(values[0] | (values[1] << (8 * elements[0].Size)), 0),
    };

    private static VectorRegister Join(ReadOnlySpan<LoadStoreElement> elements) => elements.Length == 1
        ? Join(elements, [elements[0].Data])
        : Join(elements, [elements[0].Data, elements[1].Data]);

    /// <summary>Takes apart what <see cref="Join(ReadOnlySpan{LoadStoreElement}, ReadOnlySpan{ulong})"/> has joined.</summary>
    private static void Split(Span<LoadStoreElement> elements, VectorRegister value)
    {
        elements[0].Data = value.Low & elements[0].DataMask;
        if (elements.Length == 2)
        {
            elements[1].Data = elements[0].Size == sizeof(ulong) ? value.High : value.Low >> (8 * elements[0].Size);
        }
    }

    /// <summary>Translates by Stage 1 and does to the descriptor what walker hardware does for an access; it may do so even if the access faults afterwards.</summary>
    /// <returns>False when the descriptor cannot be updated: see <see cref="Refusal"/>.</returns>
    private bool TryTranslateStage1(Va address, LoadStoreDirection direction, bool isUnprivileged, out Stage1Translation translation)
    {
        bool isWrite = direction != LoadStoreDirection.Read;
        for (int i = 0; i < MostDescriptorChanges; i++)
        {
            translation = TranslateStage1(address, KindOf(direction), isUnprivileged);
            if (translation.IsFault || _services.Walker.DescriptorAfter(translation, isWrite, _vcpu.Translation) == translation.Descriptor)
            {
                return true;
            }

            if (_services.Watches.Overlaps(translation.DescriptorAddress, sizeof(ulong), WatchKinds.Write))
            {
                Refusal = Refusal.WatchedDescriptor;
                return false;
            }

            // The guest names the address of its table: what it may not write is not written for it.
            PageStanding standing = _services.Pages.Judge(translation.DescriptorAddress, Stage2Access.Write);
            if (standing is PageStanding.Protected or PageStanding.NotMapped)
            {
                Refusal = Refusal.NotOurs(standing == PageStanding.Protected ? UnhandledReason.Protected : UnhandledReason.NotMapped);
                return false;
            }

            switch (_services.Walker.UpdateDescriptor(translation, isWrite, _vcpu.Translation))
            {
                case CompareExchangeResult.Exchanged:
                    return true;
                case CompareExchangeResult.Different:
                    break;
                default:
                    Refusal = Refusal.NotAtomic;
                    return false;
            }
        }

        // The guest changes its table all the time: it shall try again.
        translation = default;
        Refusal = Refusal.Inconsistent("descriptor");
        return false;
    }

    private Stage1Translation TranslateStage1(Va address, Stage1AccessKind kind, bool isUnprivileged) =>
        _services.Walker.Translate(address, Stage1Access.ForData(_vcpu.Core.Pstate, kind, isUnprivileged), _vcpu.Translation);

    /// <summary>Tells whether handlers let an access that is not exact be made.</summary>
    private bool MayBeMade(in WatchedAccess access, ref WatchDecision decision)
    {
        if (decision.Stops)
        {
            decision.ClearStop();
            Refusal = Refusal.StopByWatch;
            return false;
        }

        if (decision.Kind >= WatchResponseKind.InjectExternalAbort)
        {
            Refusal = Injection(decision.Kind, LastLevel, access.Va, (access.Kind & WatchKinds.Read) == 0);
            Finish();
            return false;
        }

        if (decision.Kind != WatchResponseKind.Continue)
        {
            _services.Reporter.Report(
                IntrospectionReportKind.ResponseNotPossible, _state.Index, _pc, access.Ipa, _opcode, decision.Kind + " of an access that is not performed here");
        }

        return true;
    }

    private void Begin(IVcpu vcpu, uint opcode, in ExitFacts facts)
    {
        _vcpu = vcpu;
        _pc = vcpu.Core.Pc;
        _opcode = opcode;
        _facts = facts;
        Refusal = default;
        _state.Records.Begin(vcpu.Core, opcode);
    }

    private void Finish() => Record.Clear();

    private bool TryEnter(ReadOnlySpan<LoadStoreElement> elements, bool isWrite)
    {
        if (_services.HasSeveralVcpus && !_services.InFlight.TryEnter(_state.Index, elements))
        {
            return false;
        }

        Record.Bind(elements, isWrite);
        return true;
    }

    private void Leave()
    {
        if (_services.HasSeveralVcpus)
        {
            _services.InFlight.Leave(_state.Index);
        }
    }

    private bool IsConsistent(ReadOnlySpan<LoadStoreElement> elements)
    {
        ref readonly LoadStoreElement last = ref elements[elements.Length - 1];
        int total = (int)(last.Va - elements[0].Va) + last.Size;
        if (!_facts.FarLiesIn(elements[0].Va, total))
        {
            Refusal = Refusal.Inconsistent("FAR");
            return false;
        }

        if (!_facts.PageIsOneOf(elements[0].Ipa, last.IpaOf(last.Size - 1)))
        {
            Refusal = Refusal.Inconsistent("IPA");
            return false;
        }

        return true;
    }

    /// <summary>Exclusives reach memory only: elsewhere they are an unsupported exclusive access, an IMPLEMENTATION DEFINED fault.</summary>
    private bool IsExclusiveToMemory(ReadOnlySpan<LoadStoreElement> elements, bool isWrite)
    {
        if (_isMemory[0])
        {
            return true;
        }

        Refusal = Refusal.Abort(FaultStatus.Create(FaultKind.UnsupportedExclusiveOrAtomic), elements[0].Va, isWrite);
        return false;
    }

    // Owners.
    private bool TryFindOwners(ReadOnlySpan<LoadStoreElement> elements, bool isWrite)
    {
        for (int i = 0; i < elements.Length; i++)
        {
            for (int half = 0; half < 2; half++)
            {
                ElementPart part = ElementPart.Of(elements[i], half);
                if (part.Size != 0 && !_isMemory[part.Page] && !TryFindDevice(part, out _, out _)
                    && !TryCompleteUnowned(part, (2 * i) + half, isWrite, elements[i].Data))
                {
                    return false;
                }
            }
        }

        return true;
    }

    private bool TryFindDevice(in ElementPart part, out IMmioDevice? device, out ulong offset)
    {
        bool isFound = _services.Mmio.TryFind(part.Ipa, out device, out IpaRange range) && range.Contains(part.Ipa, (ulong)part.Size);
        offset = isFound ? part.Ipa.Value - range.Start.Value : 0;
        return isFound;
    }

    /// <summary>Decides about bytes that nobody owns. What a load reads there is noted as if a device had returned it.</summary>
    private bool TryCompleteUnowned(in ElementPart part, int slot, bool isWrite, ulong data)
    {
        if (Record.TryGetDevice(slot, out _))
        {
            return true;
        }

        _services.Reporter.ReportUnowned(
            IntrospectionReportKind.UnownedAccess, _state.Index, _pc, part.Ipa, _opcode, isWrite ? "write" : "read");
        UnownedAccessResponse response = _services.Options.UnownedAccess switch
        {
            UnownedAccessPolicy.ReadZeroIgnoreWrite => UnownedAccessResponse.Complete(),
            UnownedAccessPolicy.Stop => UnownedAccessResponse.Stop,
            UnownedAccessPolicy.Handler => _services.Options.UnownedAccessHandler!(new UnownedAccess(
                _state.Index, _pc, part.Va, part.Ipa, part.Size, isWrite, isWrite ? part.Extract(data) : 0)),
            _ => UnownedAccessResponse.InjectExternalAbort,
        };
        switch (response.Action)
        {
            case UnownedAccessPolicy.ReadZeroIgnoreWrite:
                Record.NoteDevice(slot, response.Data);
                return true;
            case UnownedAccessPolicy.Stop:
                Refusal = Refusal.StopAtUnowned;
                return false;
            default:
                Refusal = Refusal.Abort(FaultStatus.Create(FaultKind.SynchronousExternal), part.Va, isWrite);
                return false;
        }
    }

    // Data.
    private void ReadElements(Span<LoadStoreElement> elements)
    {
        for (int i = 0; i < elements.Length; i++)
        {
            elements[i].Data = ReadPart(ElementPart.Of(elements[i], 0), 2 * i);
            if (elements[i].CrossesPage)
            {
                elements[i].Data |= ReadPart(ElementPart.Of(elements[i], 1), (2 * i) + 1);
            }
        }
    }

    private ulong ReadPart(in ElementPart part, int slot)
    {
        if (_isMemory[part.Page])
        {
            return part.Place(GuestData.Read(_services.Memory, part.Ipa, part.Size));
        }

        if (!Record.TryGetDevice(slot, out ulong data) && TryFindDevice(part, out IMmioDevice? device, out ulong offset))
        {
            data = device!.Read(offset, part.Size);
            Record.NoteDevice(slot, data);
        }

        return part.Place(data);
    }

    /// <summary>Reads what stores will overwrite. Devices are left alone: reading them would have effects.</summary>
    private void ReadOldValues(ReadOnlySpan<LoadStoreElement> elements, Span<ulong> old)
    {
        for (int i = 0; i < elements.Length; i++)
        {
            old[i] = 0;
            for (int half = 0; half < 2; half++)
            {
                ElementPart part = ElementPart.Of(elements[i], half);
                if (part.Size != 0 && _isMemory[part.Page])
                {
                    old[i] |= part.Place(GuestData.Read(_services.Memory, part.Ipa, part.Size));
                }
            }
        }
    }

    /// <summary>Writes the parts of all elements that lie in memory, or those that lie in devices.</summary>
    private void WriteParts(ReadOnlySpan<LoadStoreElement> elements, ReadOnlySpan<ulong> old, bool toMemory)
    {
        for (int i = 0; i < elements.Length; i++)
        {
            for (int half = 0; half < 2; half++)
            {
                ElementPart part = ElementPart.Of(elements[i], half);
                if (part.Size == 0 || _isMemory[part.Page] != toMemory)
                {
                    continue;
                }

                ulong data = part.Extract(elements[i].Data);
                if (toMemory)
                {
                    WriteMemory(part, part.Extract(old[i]), data);
                }
                else
                {
                    WriteDevice(part, (2 * i) + half, data);
                }
            }
        }
    }

    private void WriteMemory(in ElementPart part, ulong old, ulong data)
    {
        ulong found = GuestData.Exchange(_services.Memory, part.Ipa, part.Size, old, data);
        _services.Monitors.OnStore(_state.Index, part.Ipa, part.Size);
        if (found != old)
        {
            ReportRace(part.Ipa, "the store replaced another value than its event told");
        }
    }

    /// <summary>Tells that an event was not true, if there was one.</summary>
    private void ReportRace(Ipa address, string detail)
    {
        if (Record.IsBegun)
        {
            _services.Reporter.Report(IntrospectionReportKind.RacedStore, _state.Index, _pc, address, _opcode, detail);
        }
    }

    private void WriteDevice(in ElementPart part, int slot, ulong data)
    {
        if (!Record.TryGetDevice(slot, out _) && TryFindDevice(part, out IMmioDevice? device, out ulong offset))
        {
            device!.Write(offset, part.Size, data);
            Record.NoteDevice(slot, 0);
        }
    }

    // Watches.
    private LoadStoreAnswer Ask(WatchKinds kind, ReadOnlySpan<LoadStoreElement> elements, ReadOnlySpan<ulong> old)
    {
        bool stops = false;
        var highest = WatchResponseKind.Continue;
        int highestAt = 0;
        for (int i = 0; i < elements.Length; i++)
        {
            ref readonly LoadStoreElement element = ref elements[i];
            ref WatchDecision decision = ref Record.Decision(i);
            var access = new WatchedAccess
            {
                Pc = _pc,
                Va = element.Va,
                Ipa = element.Ipa,
                SecondIpa = element.SecondIpa,
                Size = element.Size,
                FirstSize = element.FirstSize,
                Opcode = _opcode,
                Kind = kind,
                IsExact = true,
                HasOldData = old.IsEmpty || (_isMemory[element.Page] && (!element.CrossesPage || _isMemory[element.Page + 1])),
                OldData = old.IsEmpty ? element.Data : old[i],
                NewData = element.Data,
            };
            if (_services.Watches.IsWatched(access))
            {
                Ask(access, ref decision);
            }

            stops |= decision.Stops;
            if (decision.Kind > highest)
            {
                highest = decision.Kind;
                highestAt = i;
            }
        }

        if (stops)
        {
            for (int i = 0; i < elements.Length; i++)
            {
                Record.Decision(i).ClearStop();
            }

            Refusal = Refusal.StopByWatch;
            return LoadStoreAnswer.Refused;
        }

        switch (highest)
        {
            case WatchResponseKind.InjectExternalAbort:
            case WatchResponseKind.InjectPermissionFault:
                Refusal = Injection(highest, _level[elements[highestAt].Page], elements[highestAt].Va, (kind & WatchKinds.Read) == 0);
                Finish();
                return LoadStoreAnswer.Refused;
            case WatchResponseKind.Skip:
                Finish();
                return LoadStoreAnswer.Skipped;
            default:
                return LoadStoreAnswer.Performed;
        }
    }

    /// <summary>The data of an element as the handlers want it.</summary>
    private ulong Answered(ReadOnlySpan<LoadStoreElement> elements, int i) =>
        Record.Decision(i).Apply(elements[i].Data) & elements[i].DataMask;

    private void Ask(in WatchedAccess access, ref WatchDecision decision)
    {
        int events = _services.Watches.Ask(_vcpu, access, ref decision);
        _state.Counters.Events += events;
        if (events != 0 && decision.HasConflict)
        {
            _services.Reporter.Report(
                IntrospectionReportKind.ConflictingReplacements, _state.Index, _pc, access.Ipa, _opcode, "handlers replaced one byte by different values");
        }
    }

    // Exclusive monitors.
    private void ArmMonitor(Ipa address, int size, VectorRegister loaded)
    {
        if (_state.Monitor is IExclusiveMonitor monitor)
        {
            monitor.Arm(address, size);
        }
        else
        {
            _services.Monitors.Arm(_vcpu, address, size, loaded);
        }
    }

    private bool MonitorHolds(Ipa address, int size, VectorRegister found)
    {
        if (_state.Monitor is IExclusiveMonitor monitor)
        {
            return monitor.IsArmed(address, size);
        }

        return _services.Monitors.Holds(_vcpu, address, size, out VectorRegister loaded) && loaded == found;
    }

    /// <summary>Sees to it that the store of the guest's next try succeeds if nobody stores meanwhile.</summary>
    private bool CanNextTrySucceed(in LoadStoreAccess access, Ipa address, VectorRegister found)
    {
        if (_state.Monitor is not null || (_services.Pages.DeniedAt(address) & Stage2Access.Read) != 0)
        {
            return true;
        }

        // Every store to the page comes here: until the next one the guest's own load can only read what is there now. It stays native, because a core
        // whose monitor is open may fail the store without a trap. The load must be in the code right before, lest a store without one succeeds.
        if ((_services.Pages.DeniedAt(address) & Stage2Access.Write) != 0 && ExclusiveSequence.BeginsBefore(_services, _vcpu, access))
        {
            _services.Monitors.Arm(_vcpu, address, access.TotalSize, found);
            return true;
        }

        if (_services.ExclusivePages.TryAdd(address))
        {
            return true;
        }

        Refusal = Refusal.NoMonitor;
        return false;
    }

    private void ClearMonitor()
    {
        _state.Monitor?.Clear();
        _services.Monitors.Clear(_state.Index);
    }

    private bool TryExchange(Ipa address, int size, VectorRegister expected, VectorRegister replacement, out bool stored)
    {
        // Memory exchanges aligned bytes; what FEAT_LSE2 allows beyond that needs everybody else to stand still.
        CompareExchangeResult result = address.OffsetIn((ulong)size) == 0
            ? GuestData.CompareExchange(_services.Memory, address, size, expected, replacement)
            : CompareExchangeResult.NotAtomic;
        stored = result == CompareExchangeResult.Exchanged;
        if (result != CompareExchangeResult.NotAtomic)
        {
            return true;
        }

        if (_services.HasSeveralVcpus && _services.PauseAll is null)
        {
            return false;
        }

        _services.PauseAll?.Pause();
        try
        {
            int low = Math.Min(size, sizeof(ulong));
            stored = GuestData.Read(_services.Memory, address, low) == expected.Low
                && (size == low || GuestData.Read(_services.Memory, address + sizeof(ulong), low) == expected.High);
            if (stored)
            {
                GuestData.Write(_services.Memory, address, low, replacement.Low);
                if (size != low)
                {
                    GuestData.Write(_services.Memory, address + sizeof(ulong), low, replacement.High);
                }
            }

            return true;
        }
        finally
        {
            _services.PauseAll?.Resume();
        }
    }
}
