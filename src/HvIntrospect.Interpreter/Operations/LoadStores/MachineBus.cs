using System;
using HvIntrospect.A64;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.Memory;
using HvIntrospect.Interpreter.Mmu;
using HvIntrospect.Interpreter.Operations.PointerAuthentication;
using HvIntrospect.Interpreter.Operations.SystemInstructions;
using HvIntrospect.Interpreter.State;
using HvIntrospect.LoadStores;
using HvIntrospect.Registers;

namespace HvIntrospect.Interpreter.Operations.LoadStores;

/// <summary>The machine as the reference semantics see it: the state of a vCPU, its translation and the RAM behind it.</summary>
internal unsafe struct MachineBus : ILoadStoreBus
{
    private const int El1 = 1;
    private const int AtomicBytes = 16;

    private readonly CpuState* _cpu;
    private readonly ulong _pc;
    private MachinePage _first;
    private MachinePage _second;
    private FaultRecord _fault;
    private bool _isFaulting;
    private bool _isStage2Device;

    /// <summary>Initialises a bus.</summary>
    /// <param name="cpu">The vCPU.</param>
    /// <param name="operation">The instruction.</param>
    public MachineBus(CpuState* cpu, Operation* operation)
    {
        _cpu = cpu;
        _pc = Flow.Pc(cpu, operation);
        _first = default;
        _second = default;
        _fault = default;
        _isFaulting = false;
        _isStage2Device = false;
        Authentication = AuthenticationOutcome.Done;
    }

    /// <inheritdoc/>
    public readonly LoadStoreEnvironment Environment
    {
        get
        {
            var pstate = new Spsr(_cpu->Pstate);
            Sctlr sctlr = DerivedState.SctlrForTags(_cpu);
            TagCheckControls checks = _cpu->ChecksTags == 0 ? default : new TagCheckControls(pstate, sctlr, RegimeControls.Tcr(_cpu));
            return new(new Va(_pc), pstate, sctlr, (Settings.Features & A64Features.LSE2) != 0, Settings.LoadStoreChoices, checks, isCore: true);
        }
    }

    /// <inheritdoc/>
    public readonly ulong StackPointer
    {
        get => _cpu->Sp;
        set => _cpu->Sp = value;
    }

    /// <inheritdoc/>
    public readonly bool MayStoreExclusive => _cpu->MonitorSize != 0;

    /// <summary>Gets how the last authentication ended.</summary>
    public AuthenticationOutcome Authentication { get; private set; }

    private readonly CoreSettings Settings => Processor.Of(_cpu).Settings;

    /// <inheritdoc/>
    public readonly uint Flags
    {
        get => ProcessState.ReadFlags(_cpu);
        set => ProcessState.WriteFlags(_cpu, value);
    }

    /// <inheritdoc/>
    public readonly bool HasTags => Settings.Tags is not null;

    /// <summary>Gets the machine's name of a key.</summary>
    /// <param name="key">Data key A or B.</param>
    /// <returns>The key.</returns>
    public static PointerKey KeyOf(PointerAuthenticationKey key) => key == PointerAuthenticationKey.DataB ? PointerKey.DataB : PointerKey.DataA;

    /// <summary>Makes the fault that the vCPU takes for a result.</summary>
    /// <param name="result">A Data Abort, or <see cref="EmulationOutcome.Refused"/>.</param>
    /// <returns>The fault.</returns>
    public readonly FaultRecord FaultOf(in EmulationResult result)
    {
        // What translation or memory refused was noted; alignment and the kind of memory are the semantics' own.
        bool isNoted = result.Outcome == EmulationOutcome.Refused || (_isFaulting && _fault.Status == result.Status);
        return isNoted
            ? _fault
            : new FaultRecord { Status = result.Status, IsStage2 = _isStage2Device, IsWrite = result.IsWrite, Va = result.Address.Value };
    }

    /// <inheritdoc/>
    public readonly ulong GetGeneral(int index) => _cpu->X[index];

    /// <inheritdoc/>
    public readonly void SetGeneral(int index, ulong value) => _cpu->X[index] = value;

    /// <inheritdoc/>
    public readonly VectorRegister GetVector(int index) => new(_cpu->V[2 * index], _cpu->V[(2 * index) + 1]);

    /// <inheritdoc/>
    public readonly void SetVector(int index, VectorRegister value)
    {
        _cpu->V[2 * index] = value.Low;
        _cpu->V[(2 * index) + 1] = value.High;
    }

    /// <inheritdoc/>
    public readonly bool TryReadSystemRegister(SystemRegister register, out ulong value)
    {
        SystemRegisterRule? rule = SystemRegisterTable.Find(register, Settings.Features);
        value = rule?.Read(_cpu, El1) ?? 0;
        return rule is not null;
    }

    /// <inheritdoc/>
    public readonly bool TryReadWideSystemRegister(SystemRegister register, out VectorRegister value)
    {
        // The machine has no 128-bit descriptors, nor the registers for them.
        value = default;
        return false;
    }

    /// <inheritdoc/>
    public bool TryAuthenticate(PointerAuthenticationKey key, ulong pointer, ulong modifier, out ulong authenticated)
    {
        authenticated = pointer;
        Authentication = PointerCodes.Authenticate(_cpu, KeyOf(key), isCombined: true, modifier, ref authenticated);
        return Authentication == AuthenticationOutcome.Done;
    }

    /// <inheritdoc/>
    public LoadStorePage Translate(in LoadStoreAccess access, LoadStoreDirection direction, Va address, int page)
    {
        AccessKind kind = direction switch
        {
            LoadStoreDirection.Read => AccessKind.Read,
            LoadStoreDirection.Write => AccessKind.Write,
            _ => AccessKind.Modify,
        };
        bool isFound = MachinePage.TryFind(_cpu, address.Value, kind, LevelOf(access, direction), out MachinePage found, out _fault);
        _isFaulting = !isFound;
        _isStage2Device = found.IsStage2Device;
        (page == 0 ? ref _first : ref _second) = found;
        return isFound
            ? LoadStorePage.Found(new Ipa(found.Ipa | address.OffsetIn(PhysicalMemory.PageSize)), found.IsDevice, takes64Bytes: found.IsDevice)
            : LoadStorePage.Fault(_fault.Status, found.IsDevice, _fault.IsWrite);
    }

    /// <inheritdoc/>
    public LoadStoreAnswer Load(in LoadStoreAccess access, Span<LoadStoreElement> elements)
    {
        if (!MayAccess(access, elements, LoadStoreDirection.Read))
        {
            return LoadStoreAnswer.Refused;
        }

        foreach (ref LoadStoreElement element in elements)
        {
            element.Data = Read(element);
        }

        if (access.IsExclusive)
        {
            _cpu->MonitorPa = PaOf(elements[0]);
            _cpu->MonitorSize = (uint)access.TotalSize;
            _cpu->MonitorKept = 0;
        }

        return LoadStoreAnswer.Performed;
    }

    /// <inheritdoc/>
    public LoadStoreAnswer Store(in LoadStoreAccess access, Span<LoadStoreElement> elements)
    {
        if (!MayAccess(access, elements, LoadStoreDirection.Write))
        {
            return LoadStoreAnswer.Refused;
        }

        foreach (ref readonly LoadStoreElement element in elements)
        {
            Write(element);
        }

        return LoadStoreAnswer.Performed;
    }

    /// <inheritdoc/>
    public LoadStoreAnswer Copy(in LoadStoreAccess access, Span<LoadStoreElement> from, Span<LoadStoreElement> to)
    {
        // What the store refuses comes before the load, which has no effect.
        if (!MayAccess(access, to, LoadStoreDirection.Write))
        {
            return LoadStoreAnswer.Refused;
        }

        LoadStoreAnswer answer = Load(access, from);
        LoadStoreElement.CopyData(from, to);
        return answer == LoadStoreAnswer.Performed ? Store(access, to) : answer;
    }

    /// <inheritdoc/>
    public LoadStoreAnswer StoreExclusive(in LoadStoreAccess access, Span<LoadStoreElement> elements, out bool stored)
    {
        stored = false;
        if (!MayAccess(access, elements, LoadStoreDirection.Write))
        {
            return LoadStoreAnswer.Refused;
        }

        // CONSTRAINED UNPREDICTABLE when the size is not the load's: the store fails.
        stored = _cpu->MonitorSize == (uint)access.TotalSize && _cpu->MonitorPa == PaOf(elements[0]);
        _cpu->MonitorSize = 0;
        return stored ? Store(access, elements) : LoadStoreAnswer.Performed;
    }

    /// <inheritdoc/>
    public LoadStoreAnswer Modify(in LoadStoreAccess access, Span<LoadStoreElement> elements, in AtomicUpdate update)
    {
        if (!MayAccess(access, elements, LoadStoreDirection.Modify))
        {
            return LoadStoreAnswer.Refused;
        }

        // One vCPU executes at a time, and whoever else writes memory pauses it for that: all between the read and the write is one access.
        byte* bytes = stackalloc byte[2 * AtomicBytes];
        foreach (ref LoadStoreElement element in elements)
        {
            element.Data = Read(element);
            *(ulong*)(bytes + (element.Va - elements[0].Va)) = element.Data;
        }

        if (update.TryApply(new VectorRegister(*(ulong*)bytes, *(ulong*)(bytes + 8)), out VectorRegister updated))
        {
            *(ulong*)(bytes + AtomicBytes) = updated.Low;
            *(ulong*)(bytes + AtomicBytes + 8) = updated.High;
            Processor.Of(_cpu).Memory.WriteInPage(PaOf(elements[0]), new ReadOnlySpan<byte>(bytes + AtomicBytes, access.TotalSize));
        }

        return LoadStoreAnswer.Performed;
    }

    /// <inheritdoc/>
    public readonly bool TryLoadTag(int page, Ipa granule, out int tag)
    {
        bool isTagged = PageOf(page).IsTagged;
        tag = isTagged ? Settings.Tags!.Read(PageOf(page).Pa | granule.OffsetIn(PhysicalMemory.PageSize)) : 0;
        return isTagged;
    }

    /// <inheritdoc/>
    public readonly void NoteTagCheckFailure(bool isUser, bool isUpper)
    {
        ref ulong failures = ref isUser ? ref _cpu->System.Tfsre0El1 : ref _cpu->System.TfsrEl1;
        failures |= isUpper ? 2UL : 1UL;
    }

    /// <inheritdoc/>
    public readonly void StoreTag(int page, Ipa granule, int tag)
    {
        if (PageOf(page).IsTagged)
        {
            Settings.Tags!.Write(PageOf(page).Pa | granule.OffsetIn(PhysicalMemory.PageSize), tag);
        }
    }

    /// <summary>Tells whether RAM answers at all bytes and none is watched; otherwise the access ends in an External abort or a Watchpoint exception.</summary>
    private bool MayAccess(in LoadStoreAccess access, ReadOnlySpan<LoadStoreElement> elements, LoadStoreDirection direction)
    {
        bool reads = direction != LoadStoreDirection.Write;
        bool writes = direction != LoadStoreDirection.Read;
        foreach (ref readonly LoadStoreElement element in elements)
        {
            if (PageOf(element.Page).Host is null || (element.CrossesPage && PageOf(element.Page + 1).Host is null))
            {
                bool isFirst = PageOf(element.Page).Host is null;
                _fault = FaultRecord.External(isFirst ? element.Va.Value : element.Va.Value + (ulong)element.FirstSize, !reads);
                return false;
            }

            if (FaultRecord.TryWatchpoint(_cpu, element.Va.Value, element.Size, LevelOf(access, direction), reads, writes, out FaultRecord watchpoint))
            {
                _fault = watchpoint;
                return false;
            }
        }

        return true;
    }

    private readonly int LevelOf(in LoadStoreAccess access, LoadStoreDirection direction) =>
        LoadStoreSemantics.IsUnprivileged(access, direction) ? ProcessState.UnprivilegedLevel(_cpu) : ProcessState.ExceptionLevel(_cpu);

    private readonly MachinePage PageOf(int page) => page == 0 ? _first : _second;

    private readonly ulong PaOf(in LoadStoreElement element) => PageOf(element.Page).Pa | element.Ipa.OffsetIn(PhysicalMemory.PageSize);

    private readonly ulong Read(in LoadStoreElement element)
    {
        ulong data = 0;
        var bytes = new Span<byte>(&data, element.Size);
        byte* host = PageOf(element.Page).Host + element.Ipa.OffsetIn(PhysicalMemory.PageSize);
        new ReadOnlySpan<byte>(host, element.FirstSize).CopyTo(bytes);
        if (element.CrossesPage)
        {
            new ReadOnlySpan<byte>(PageOf(element.Page + 1).Host, element.Size - element.FirstSize).CopyTo(bytes[element.FirstSize..]);
        }

        return data;
    }

    private readonly void Write(in LoadStoreElement element)
    {
        ulong data = element.Data;
        var bytes = new ReadOnlySpan<byte>(&data, element.Size);
        PhysicalMemory memory = Processor.Of(_cpu).Memory;
        memory.WriteInPage(PaOf(element), bytes[..element.FirstSize]);
        if (element.CrossesPage)
        {
            memory.WriteInPage(PageOf(element.Page + 1).Pa, bytes[element.FirstSize..]);
        }
    }
}
