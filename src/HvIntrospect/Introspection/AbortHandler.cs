using System;
using HvIntrospect.A64;
using HvIntrospect.Interception;
using HvIntrospect.LoadStores;
using HvIntrospect.Registers;
using HvIntrospect.Translation;
using HvIntrospect.Watchpoints;

namespace HvIntrospect.Introspection;

/// <summary>Decides Stage 2 aborts: whose they are, what the instruction is, and what becomes of it.</summary>
internal sealed class AbortHandler
{
    private const string AArch32 = "AArch32";
    private const int DescriptorSize = 8;
    private const int SmallestPage = 4096;

    private readonly Services _services;
    private readonly DescriptorFinder _descriptors;
    private readonly FetchHandler _fetches;

    /// <summary>Makes a handler.</summary>
    /// <param name="services">What is shared.</param>
    public AbortHandler(Services services)
    {
        _services = services;
        _descriptors = new DescriptorFinder(services);
        _fetches = new FetchHandler(services, this);
    }

    /// <summary>Decides a data abort.</summary>
    /// <param name="vcpu">The vCPU.</param>
    /// <param name="state">What is remembered of it.</param>
    /// <param name="exit">The exit.</param>
    /// <param name="abort">Its syndrome.</param>
    /// <returns>What to do.</returns>
    public VcpuAction HandleData(IVcpu vcpu, VcpuState state, in VcpuExit exit, DataAbortSyndrome abort)
    {
        if (abort.IsVncr || !IsStage2(abort.Status))
        {
            return VcpuAction.Unhandled(UnhandledReason.OtherAbort);
        }

        if (state.Records.TakeStop(vcpu.Core))
        {
            return VcpuAction.Stop(StopReason.Watch);
        }

        var site = new AbortSite(vcpu, state, exit);
        bool isAArch32 = vcpu.Core.Pstate.IsAArch32;
        if (isAArch32 && !exit.TryGetIpa(out _))
        {
            // The tables may be in AArch32's formats, which nobody here walks.
            _services.Reporter.ReportUnsupported(state.Index, site.Pc, default, 0, AArch32);
            return VcpuAction.Stop(StopReason.Unsupported, AArch32);
        }

        if (!TryFindIpa(vcpu, exit, out Ipa ipa))
        {
            return Refute(site, 0, "FAR");
        }

        if (abort.IsStage1Walk)
        {
            return HandleWalk(site, exit, ipa, abort.Status);
        }

        PageStanding standing = _services.Pages.Judge(ipa, NeededBy(abort, ipa));
        switch (standing)
        {
            case PageStanding.NotMapped:
                return VcpuAction.Unhandled(UnhandledReason.NotMapped);
            case PageStanding.Protected:
                return VcpuAction.Unhandled(UnhandledReason.Protected);
            case PageStanding.Permitted when state.Retries.TryAgain(site.Pc, exit.Esr.Value, 0):
                return Retry(state);
        }

        WatchKinds kinds = abort.IsWrite ? WatchKinds.Write : WatchKinds.Read;
        if (isAArch32)
        {
            return HandleAArch32(site, exit.Esr, abort, ipa, standing, kinds);
        }

        uint word = exit.Opcode;
        if (!exit.HasOpcode && !InstructionFetcher.TryFetch(_services, vcpu, out word))
        {
            return Refute(site, 0, "ELR");
        }

        if (abort.IsCacheMaintenance || ConsistencyCheck.IsMaintenance(word))
        {
            return ConsistencyCheck.FirstContradictionOfMaintenance(word, abort) is string wrong
                ? Refute(site, word, wrong)
                : HandleMaintenance(site, word, ipa, standing);
        }

        if (CacheInstruction.IsZero(word))
        {
            return HandleZero(site, word, exit, abort, ipa, standing);
        }

        LoadStoreStatus status = _services.Decoder.DecodeLoadStore(word, out LoadStoreAccess access);
        if (status == LoadStoreStatus.NotLoadStore && MayAccessMemory(word))
        {
            return HandleUnsupported(site, new UnsupportedAccess(ipa.AlignDown(SmallestPage), site.Far, SmallestPage, standing, word, kinds, "NotLoadStore"));
        }

        if (status is not (LoadStoreStatus.Valid or LoadStoreStatus.ConstrainedUnpredictable) || access.Kind == LoadStoreKind.Prefetch)
        {
            return Refute(site, word, "Opcode");
        }

        if (ConsistencyCheck.FirstContradiction(access, abort) is string field
            && Contradict(site, word, field) is VcpuAction contradiction)
        {
            return contradiction;
        }

        return Perform(site, access, new ExitFacts(exit.HasFar ? exit.Far : null, ipa), ipa, standing);
    }

    /// <summary>Performs a decoded instruction and ends its exit.</summary>
    /// <param name="site">Where it happened.</param>
    /// <param name="access">The instruction.</param>
    /// <param name="facts">What the exit tells of the access.</param>
    /// <param name="ipa">The faulting IPA.</param>
    /// <param name="standing">What the page means for it.</param>
    /// <returns>What to do.</returns>
    public VcpuAction Perform(in AbortSite site, in LoadStoreAccess access, in ExitFacts facts, Ipa ipa, PageStanding standing)
    {
        if (access.IsVector && (site.Vcpu.AvailableRegisters & RegisterGroups.Vector) == 0)
        {
            return HandleUnsupported(site, Describe(access, ipa, site.Far, standing, UnsupportedReason.VectorRegisters));
        }

        EmulationResult result = site.State.Transaction.Perform(site.Vcpu, access, facts);
        return Conclude(site, result, access, ipa, standing);
    }

    /// <summary>Performs a decoded instruction that stands in a page whose fetches are denied, wherever its data lie.</summary>
    /// <param name="site">Where it is.</param>
    /// <param name="access">The instruction.</param>
    /// <param name="ipa">The IPA of the instruction.</param>
    /// <param name="action">What to do.</param>
    /// <returns>False when the library does not perform it, or when it reaches memory whose faults are the embedder's; then nothing was done.</returns>
    public bool TryPerform(in AbortSite site, in LoadStoreAccess access, Ipa ipa, out VcpuAction action)
    {
        action = default;
        if (!LoadStoreSemantics.IsSupported(access) || (access.IsVector && (site.Vcpu.AvailableRegisters & RegisterGroups.Vector) == 0))
        {
            return false;
        }

        EmulationResult result = site.State.Transaction.Perform(site.Vcpu, access, default);
        if (result.Outcome == EmulationOutcome.Unsupported
            || (result.Outcome == EmulationOutcome.Refused && site.State.Transaction.Refusal.Kind == RefusalKind.Unhandled))
        {
            return false;
        }

        action = Conclude(site, result, access, ipa, PageStanding.Denied);
        return true;
    }

    /// <summary>Deals with an exit that is not to be believed, and by which no instruction can be performed.</summary>
    /// <param name="site">Where it happened.</param>
    /// <param name="word">The instruction word, 0 when it is not known.</param>
    /// <param name="field">The field that contradicts the instruction.</param>
    /// <returns>What to do.</returns>
    public VcpuAction Refute(in AbortSite site, uint word, string field) => Contradict(site, word, field) ?? Stop(site, word, field);

    /// <summary>Decides an instruction abort.</summary>
    /// <param name="vcpu">The vCPU.</param>
    /// <param name="state">What is remembered of it.</param>
    /// <param name="exit">The exit.</param>
    /// <param name="abort">Its syndrome.</param>
    /// <returns>What to do.</returns>
    public VcpuAction HandleFetch(IVcpu vcpu, VcpuState state, in VcpuExit exit, InstructionAbortSyndrome abort)
    {
        if (!IsStage2(abort.Status))
        {
            return VcpuAction.Unhandled(UnhandledReason.OtherAbort);
        }

        var site = new AbortSite(vcpu, state, exit);
        if (!TryFindIpa(vcpu, exit, out Ipa ipa))
        {
            return Refute(site, 0, "FAR");
        }

        if (abort.IsStage1Walk)
        {
            return HandleWalk(site, exit, ipa, abort.Status);
        }

        switch (_services.Pages.Judge(ipa, Stage2Access.Execute))
        {
            case PageStanding.NotMapped:
                return VcpuAction.Unhandled(UnhandledReason.NotMapped);
            case PageStanding.Protected:
                return VcpuAction.Unhandled(UnhandledReason.Protected);
            case PageStanding.Permitted when state.Retries.TryAgain(site.Pc, exit.Esr.Value, 0):
                return Retry(state);
            case PageStanding.Permitted or PageStanding.Denied when vcpu.Core.Pstate.IsAArch32:
                return HandleUnsupported(site, new UnsupportedAccess(ipa, site.Far, sizeof(uint), PageStanding.Denied, 0, WatchKinds.Execute, "AArch32"));
            case PageStanding.Permitted or PageStanding.Denied:
                return _fetches.Handle(site, exit, ipa);
            default:
                return RefuseFetch(site, exit, ipa, FaultStatus.Create(FaultKind.SynchronousExternal));
        }
    }

    /// <summary>Injects the abort of a fetch for which there is no memory, or no table.</summary>
    private VcpuAction RefuseFetch(in AbortSite site, in VcpuExit exit, Ipa ipa, FaultStatus status)
    {
        _services.Reporter.ReportUnowned(IntrospectionReportKind.UnownedFetch, site.State.Index, site.Pc, ipa, 0, "fetch");
        if (!FaultInjector.CanInject(site.Vcpu))
        {
            return VcpuAction.Stop(StopReason.UnownedAccess);
        }

        return InjectFetchAbort(site, status, exit.HasFar ? exit.Far : site.Pc);
    }

    /// <summary>Makes the guest take an Instruction Abort.</summary>
    /// <param name="site">Where it happened; exceptions can be injected there.</param>
    /// <param name="status">The fault status.</param>
    /// <param name="address">The faulting address.</param>
    /// <returns>What to do.</returns>
    public VcpuAction InjectFetchAbort(in AbortSite site, FaultStatus status, Va address)
    {
        FaultInjector.InjectInstructionAbort(site.Vcpu, _services.Machine.Features, status, address);
        return Injected(site.State);
    }

    /// <summary>Ends a refused transaction.</summary>
    /// <param name="site">Where it happened.</param>
    /// <param name="word">The instruction word.</param>
    /// <param name="ipa">The IPA.</param>
    /// <returns>What to do.</returns>
    public VcpuAction ConcludeRefusal(in AbortSite site, uint word, Ipa ipa)
    {
        Refusal refusal = site.State.Transaction.Refusal;
        switch (refusal.Kind)
        {
            case RefusalKind.StopByWatch:
                return VcpuAction.Stop(StopReason.Watch);
            case RefusalKind.StopAtUnowned:
                return VcpuAction.Stop(StopReason.UnownedAccess);
            case RefusalKind.Abort:
                return InjectDataAbort(site, refusal.Status, refusal.Address, refusal.IsWrite);
            case RefusalKind.Unhandled:
                return VcpuAction.Unhandled(refusal.Unhandled);
            case RefusalKind.Inconsistent:
                // Not to be trusted whatever the policy: the instruction does not reach the address of the exit.
                return site.State.Retries.TryAgain(site.Pc, site.Esr, word) ? Retry(site.State) : Inconsistent(site, word, refusal.Field!);
            default:
                _services.Reporter.ReportUnsupported(site.State.Index, site.Pc, ipa, word, refusal.Field!);
                return VcpuAction.Stop(StopReason.Unsupported, refusal.Field);
        }
    }

    /// <summary>Moves the vCPU behind an instruction that was performed.</summary>
    /// <param name="vcpu">The vCPU.</param>
    /// <param name="state">What is remembered of it.</param>
    /// <param name="length">The length of the instruction in bytes; 2 for some of T32.</param>
    /// <returns>The action that runs it again.</returns>
    public static VcpuAction Advance(IVcpu vcpu, VcpuState state, int length = sizeof(uint))
    {
        // An instruction performed by software has taken its software step and is no branch.
        ref CoreRegisters core = ref vcpu.ModifyCore();
        core.Pc += (ulong)length;
        core.Pstate = core.Pstate.AfterInstruction().WithSoftwareStep(false);
        state.Retries.Reset();
        state.Counters.Emulated++;
        return VcpuAction.Resume;
    }

    /// <summary>Lets the guest execute its instruction again.</summary>
    /// <param name="state">What is remembered of the vCPU.</param>
    /// <returns>The action that runs it again.</returns>
    public static VcpuAction Retry(VcpuState state)
    {
        state.Counters.Retries++;
        return VcpuAction.Resume;
    }

    /// <summary>The faults that Stage 2 raises for ordinary accesses.</summary>
    private static bool IsStage2(FaultStatus status) =>
        status.Kind is FaultKind.Translation or FaultKind.Permission or FaultKind.AccessFlag or FaultKind.AddressSize;

    /// <summary>System instructions (DC ZVA and its kin) and the scalable extensions, which access memory outside of the load/store group.</summary>
    private static bool MayAccessMemory(uint word) =>
        (word & 0xFFF8_0000) == 0xD508_0000 || (word & 0x1E00_0000) == 0x0400_0000 || (word & 0x9E00_0000) == 0x8000_0000;

    private static UnsupportedAccess Describe(in LoadStoreAccess access, Ipa ipa, Va far, PageStanding standing, UnsupportedReason reason)
    {
        WatchKinds kinds = access.Kind switch
        {
            LoadStoreKind.Load => WatchKinds.Read,
            LoadStoreKind.Store => WatchKinds.Write,
            _ => WatchKinds.ReadWrite,
        };

        string name = reason == UnsupportedReason.Encoding ? access.EncodingId : access.EncodingId + ": " + reason;

        // The fault is at the first byte that faults, so the access ends at most its whole size behind it. Where a register tells the size
        // it may be anywhere in the page.
        int rest = SmallestPage - (int)ipa.OffsetIn(SmallestPage);
        return access.TotalSize == 0
            ? new UnsupportedAccess(ipa.AlignDown(SmallestPage), far, SmallestPage, standing, access.Word, kinds, name)
            : new UnsupportedAccess(ipa, far, System.Math.Min(access.TotalSize, rest), standing, access.Word, kinds, name);
    }

    private static VcpuAction Injected(VcpuState state)
    {
        state.Retries.Reset();
        state.Counters.Injected++;
        return VcpuAction.Resume;
    }

    private bool TryFindIpa(IVcpu vcpu, in VcpuExit exit, out Ipa ipa)
    {
        if (exit.TryGetIpa(out ipa))
        {
            return true;
        }

        if (!exit.HasFar)
        {
            return false;
        }

        // HPFAR is UNKNOWN after a Permission fault: walk Stage 1 on the unrestricted view.
        Stage1Translation translation = _services.Walker.Translate(exit.Far, Stage1Access.LookUp, vcpu.Translation);
        ipa = translation.Ipa;
        return translation.Size != 0;
    }

    private VcpuAction Conclude(in AbortSite site, in EmulationResult result, in LoadStoreAccess access, Ipa ipa, PageStanding standing)
    {
        switch (result.Outcome)
        {
            case EmulationOutcome.Completed:
                return Advance(site.Vcpu, site.State);
            case EmulationOutcome.GuestFault when result.Fault == GuestFaultKind.DataAbort:
                return InjectDataAbort(site, result.Status, result.Address, result.IsWrite);
            case EmulationOutcome.GuestFault when !FaultInjector.CanInject(site.Vcpu):
                return VcpuAction.Stop(StopReason.Unsupported, "exception registers");
            case EmulationOutcome.GuestFault:
                FaultInjector.Inject(site.Vcpu, _services.Machine.Features, result);
                return Injected(site.State);
            case EmulationOutcome.Retry:
            case EmulationOutcome.Progressed:
                return Retry(site.State);
            case EmulationOutcome.Refused:
                return ConcludeRefusal(site, access.Word, ipa);
            default:
                return HandleUnsupported(site, Describe(access, ipa, site.Far, standing, result.Reason));
        }
    }

    private VcpuAction InjectDataAbort(in AbortSite site, FaultStatus status, Va address, bool isWrite)
    {
        if (!FaultInjector.CanInject(site.Vcpu))
        {
            return VcpuAction.Stop(StopReason.Unsupported, "exception registers");
        }

        FaultInjector.InjectDataAbort(site.Vcpu, _services.Machine.Features, status, address, isWrite);
        return Injected(site.State);
    }

    /// <summary>Deals with an exit that contradicts the instruction: tries again, or does what the policy says.</summary>
    /// <returns>What to do, or null when the instruction is to be believed.</returns>
    private VcpuAction? Contradict(in AbortSite site, uint word, string field)
    {
        if (site.State.Retries.TryAgain(site.Pc, site.Esr, word))
        {
            return Retry(site.State);
        }

        if (_services.Options.Inconsistency != InconsistencyPolicy.TrustOpcode)
        {
            return Inconsistent(site, word, field);
        }

        _services.Reporter.Report(IntrospectionReportKind.Inconsistent, site.State.Index, site.Pc, default, word, field);
        return null;
    }

    private VcpuAction Inconsistent(in AbortSite site, uint word, string field)
    {
        if (_services.Options.Inconsistency != InconsistencyPolicy.InjectExternalAbort)
        {
            return Stop(site, word, field);
        }

        _services.Reporter.Report(IntrospectionReportKind.Inconsistent, site.State.Index, site.Pc, default, word, field);
        FaultStatus status = FaultStatus.Create(FaultKind.SynchronousExternal);
        var esr = new Esr(site.Esr);
        return esr.TryGetInstructionAbort(out _) && FaultInjector.CanInject(site.Vcpu)
            ? InjectFetchAbort(site, status, site.Far)
            : InjectDataAbort(site, status, site.Far, esr.TryGetDataAbort(out DataAbortSyndrome abort) && abort.IsWrite);
    }

    private VcpuAction Stop(in AbortSite site, uint word, string field)
    {
        _services.Reporter.Report(IntrospectionReportKind.Inconsistent, site.State.Index, site.Pc, default, word, field);
        return VcpuAction.Stop(StopReason.Inconsistent, field);
    }

    /// <summary>What an abort says that it needs. Cache maintenance always says that it writes, also when reads are what is denied.</summary>
    private Stage2Access NeededBy(DataAbortSyndrome abort, Ipa ipa) =>
        !abort.IsWrite || (abort.IsCacheMaintenance && (_services.Pages.DeniedAt(ipa) & Stage2Access.ReadWrite) == Stage2Access.Read)
            ? Stage2Access.Read
            : Stage2Access.Write;

    /// <summary>Completes an access of AArch32 state from its syndrome. Its instruction is never fetched: nothing would decode it.</summary>
    private VcpuAction HandleAArch32(in AbortSite site, Esr esr, DataAbortSyndrome abort, Ipa ipa, PageStanding standing, WatchKinds kinds)
    {
        int offset = (int)ipa.OffsetIn(SmallestPage);
        if (abort.IsCacheMaintenance && standing == PageStanding.NoMemory)
        {
            return HandleMaintenance(site, 0, ipa, standing);
        }

        var access = abort.TryGetInstructionSyndrome(out InstructionSyndrome syndrome) ? new SyndromeAccess(syndrome, site.Vcpu.Core.Pstate) : default;

        // An access of memory that faults at the first byte of a page may have begun in the page before; to a device it may not.
        bool mayCross = offset + access.Size > SmallestPage || (offset == 0 && access.Size > 1 && standing != PageStanding.NoMemory);
        if (abort.IsCacheMaintenance || mayCross || !abort.TryGetInstructionSyndrome(out _))
        {
            return HandleUnsupported(site, new UnsupportedAccess(ipa, site.Far, 1, standing, 0, kinds, AArch32));
        }

        Span<LoadStoreElement> elements =
        [
            new LoadStoreElement
            {
                Va = site.Far, Ipa = ipa, Size = access.Size, FirstSize = access.Size, Data = abort.IsWrite ? access.Read(site.Vcpu.Core) : 0,
            },
        ];
        switch (site.State.Transaction.Transfer(site.Vcpu, 0, standing != PageStanding.NoMemory, abort.IsWrite, elements))
        {
            case LoadStoreAnswer.Performed:
                if (!abort.IsWrite)
                {
                    access.Write(ref site.Vcpu.ModifyCore(), elements[0].Data);
                }

                return Advance(site.Vcpu, site.State, esr.IL ? sizeof(uint) : sizeof(ushort));
            case LoadStoreAnswer.Skipped:
                return Advance(site.Vcpu, site.State, esr.IL ? sizeof(uint) : sizeof(ushort));
            case LoadStoreAnswer.Retry:
                return Retry(site.State);
            default:
                return ConcludeRefusal(site, 0, ipa);
        }
    }

    private VcpuAction HandleMaintenance(in AbortSite site, uint word, Ipa ipa, PageStanding standing)
    {
        if (standing == PageStanding.NoMemory)
        {
            _services.Reporter.ReportUnowned(
                IntrospectionReportKind.UnownedMaintenance, site.State.Index, site.Pc, ipa, 0, "cache maintenance, skipped");
            return Advance(site.Vcpu, site.State);
        }

        if (CacheInstruction.TryMaintain(site.Vcpu, site.State.El2, _services.Pages, word, ipa))
        {
            return Advance(site.Vcpu, site.State);
        }

        // It moves no data, so that no watch is asked.
        bool mayStep = _services.Options.UnsupportedAccess is UnsupportedAccessPolicy.Automatic or UnsupportedAccessPolicy.OpenAndStep;
        return mayStep && site.State.Stepper is not null && standing == PageStanding.Denied
            ? OpenAndStep(site, ipa)
            : HandleUnsupported(site, new UnsupportedAccess(ipa, site.Far, 1, PageStanding.Permitted, word, WatchKinds.Write, "cache maintenance"));
    }

    private VcpuAction HandleZero(in AbortSite site, uint word, in VcpuExit exit, DataAbortSyndrome abort, Ipa ipa, PageStanding standing)
    {
        string? prohibition = CacheInstruction.FindZeroBlock(site.Vcpu, site.State.El2, _services.Options.ZeroBlockSize, out int size);
        if ((!abort.IsWrite ? "WnR" : abort.TryGetInstructionSyndrome(out _) ? "ISV" : prohibition) is string field)
        {
            return Contradict(site, word, field) ?? Stop(site, word, field);
        }

        if (size == 0)
        {
            return HandleUnsupported(
                site, new UnsupportedAccess(ipa.AlignDown(SmallestPage), site.Far, SmallestPage, standing, word, WatchKinds.Write, "DC ZVA"));
        }

        EmulationResult result = site.State.Transaction.PerformZero(site.Vcpu, word, size, new ExitFacts(exit.HasFar ? exit.Far : null, ipa));
        return result.Outcome == EmulationOutcome.Refused ? ConcludeRefusal(site, word, ipa) : Conclude(site, result, default, ipa, standing);
    }

    /// <summary>Decides a Stage 2 fault on an access of the guest's own Stage 1 walk.</summary>
    private VcpuAction HandleWalk(in AbortSite site, in VcpuExit exit, Ipa page, FaultStatus status)
    {
        Stage2Access denied = _services.Pages.DeniedAt(page);
        Stage2Access needed = (denied & Stage2Access.ReadWrite) == 0 ? Stage2Access.Read : denied & Stage2Access.ReadWrite;
        switch (_services.Pages.Judge(page, needed))
        {
            case PageStanding.NotMapped:
                return VcpuAction.Unhandled(UnhandledReason.NotMapped);
            case PageStanding.Protected:
                return VcpuAction.Unhandled(UnhandledReason.Protected);
            case PageStanding.NoMemory when exit.Esr.TryGetInstructionAbort(out _):
                return RefuseFetch(site, exit, page, FaultStatus.Create(FaultKind.SynchronousExternalOnWalk, status.Level ?? 0));
            case PageStanding.NoMemory:
                return InjectDataAbort(
                    site, FaultStatus.Create(FaultKind.SynchronousExternalOnWalk, status.Level ?? 0), exit.HasFar ? exit.Far : default, isWrite: false);
            case PageStanding.Permitted:
                return site.State.Retries.TryAgain(site.Pc, site.Esr, 0) ? Retry(site.State) : Inconsistent(site, 0, "S1PTW");
        }

        // Where reads are permitted only an update of the Access flag or the dirty state can have faulted.
        WatchKinds kinds = (denied & Stage2Access.Read) != 0 ? WatchKinds.Read : WatchKinds.Write;
        bool isKnown = _descriptors.TryFind(site.Vcpu, exit, page, out Ipa descriptor);
        InstructionFetcher.TryFetch(_services, site.Vcpu, out uint word);
        if (!isKnown && exit.HasFar && Contradict(site, word, "S1PTW") is VcpuAction contradiction)
        {
            return contradiction;
        }

        return HandleUnsupported(site, new UnsupportedAccess(
            isKnown ? descriptor : page.AlignDown(SmallestPage),
            exit.HasFar ? exit.Far : default,
            isKnown ? DescriptorSize : SmallestPage,
            PageStanding.Denied,
            word,
            kinds,
            "Stage 1 walk",
            isKnown && kinds == WatchKinds.Read ? GuestData.Read(_services.Memory, descriptor, DescriptorSize) : null));
    }

    private VcpuAction HandleUnsupported(in AbortSite site, in UnsupportedAccess access)
    {
        UnsupportedAccessPolicy policy = _services.Options.UnsupportedAccess;

        // What no page can be opened for would fault again and again.
        bool isStepped = policy is UnsupportedAccessPolicy.Automatic or UnsupportedAccessPolicy.OpenAndStep
            && site.State.Stepper is not null && access.Standing == PageStanding.Denied;
        if (!isStepped || access.Data is null)
        {
            // A read whose value is known loses nothing by the step: its event is exact.
            _services.Reporter.ReportUnsupported(site.State.Index, site.Pc, access.Ipa, access.Word, access.Name);
        }

        if (policy == UnsupportedAccessPolicy.InjectExternalAbort)
        {
            return InjectDataAbort(site, FaultStatus.Create(FaultKind.SynchronousExternal), access.Va, (access.Kinds & WatchKinds.Read) == 0);
        }

        if (!isStepped)
        {
            return VcpuAction.Stop(StopReason.Unsupported, access.Name);
        }

        if (!site.State.Transaction.TryAsk(site.Vcpu, access))
        {
            Refusal refusal = site.State.Transaction.Refusal;
            return refusal.Kind == RefusalKind.Abort && new Esr(site.Esr).TryGetInstructionAbort(out _) && FaultInjector.CanInject(site.Vcpu)
                ? InjectFetchAbort(site, refusal.Status, site.Pc)
                : ConcludeRefusal(site, access.Word, access.Ipa);
        }

        return OpenAndStep(site, access.Ipa);
    }

    /// <summary>Lifts the denials of a page for one step of the vCPU.</summary>
    /// <param name="site">Where it is.</param>
    /// <param name="ipa">An IPA in the page.</param>
    /// <param name="lifted">What is permitted: all accesses, or fetches.</param>
    /// <returns>What to do.</returns>
    public VcpuAction OpenAndStep(in AbortSite site, Ipa ipa, Stage2Access lifted = Stage2Access.All)
    {
        OpenPages open = site.State.OpenPages;
        Ipa page = PageOf(ipa);
        if (open.Contains(page, lifted))
        {
            return site.State.Retries.TryAgain(site.Pc, site.Esr, 0) ? Retry(site.State) : Inconsistent(site, 0, "DFSC");
        }

        if (!open.TryBegin(site.Vcpu))
        {
            // The vCPU waits at its next run until the other one has stepped; then it tries again.
            return Retry(site.State);
        }

        open.Add(page, lifted, _services.Pages);
        return VcpuAction.Resume;
    }

    private Ipa PageOf(Ipa ipa) => ipa.AlignDown(_services.Pages.PageSize);
}
