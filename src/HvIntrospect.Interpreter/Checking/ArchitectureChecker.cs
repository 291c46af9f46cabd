using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Threading;
using HvIntrospect.Registers;

namespace HvIntrospect.Interpreter.Checking;

/// <summary>Watches what a hypervisor does at EL2 and reports, by the name of the rule, what silicon would punish at random: a forgotten barrier, half an invalidation, a foreign VMID, a replaced instruction.</summary>
/// <remarks>
/// <para>It sees the operations of each core through <see cref="Check(int, IEl2Operations)"/> and the tables in memory, and must be told when a core enters and leaves its guest; a machine does all that
/// itself (<see cref="MachineOptions.ChecksArchitecture"/>). It changes nothing and never throws for what it finds. It knows the architecture's rules, not what any core happens to do: code that works on all
/// cores of a laboratory may break them.</para>
/// <para>Stage 2 of the EL1&amp;0 regime with VMSAv8-64 descriptors of up to 48 bits is checked. Stage 1 of the guest and Stage 1 of EL2 are the business of their owners.</para>
/// <para>Safe to call from any thread. Arm Architecture Reference Manual (DDI 0487), "TLB maintenance", "Using break-before-make when updating translation table entries",
/// "Synchronization requirements for AArch64 System registers", "Concurrent modification and execution of instructions".</para>
/// </remarks>
public sealed class ArchitectureChecker : IFindings
{
    /// <summary>How many findings are kept; the rest is counted.</summary>
    public const int MostKept = 1000;

    private const ushort NarrowVmidMask = 0xFF;

    // The bits of HCR_EL2 on which translation or TLB maintenance depends; those that pend interrupts or trap are written at any time.
    private const HcrBits RegimeBits = HcrBits.Vm | HcrBits.Dc | HcrBits.Tge | HcrBits.E2h | HcrBits.Rw | HcrBits.Fb | HcrBits.Ptw | HcrBits.Cd | HcrBits.Id | HcrBits.Fwb | HcrBits.Nv | HcrBits.Nv1;

    private static readonly HashSet<SystemRegister> s_regimeRegisters =
    [
        SystemRegister.HcrEl2, SystemRegister.VtcrEl2, SystemRegister.VttbrEl2, SystemRegister.SctlrEl1, SystemRegister.TcrEl1, SystemRegister.Ttbr0El1, SystemRegister.Ttbr1El1,
        SystemRegister.MairEl1,
    ];

    private readonly Lock _lock = new();
    private readonly IPhysicalMemory _memory;
    private readonly CheckedCore[] _cores;
    private readonly Dictionary<(ushort Vmid, ulong Root), TableTree> _trees = [];
    private readonly List<ushort[]> _views = [];
    private readonly List<ReplacedWord> _replaced = [];
    private readonly List<ArchitectureViolation> _violations = [];
    private int _breakBeforeMakeLevel;
    private int _pauses;

    /// <summary>Makes a checker.</summary>
    /// <param name="memory">The memory that holds the tables.</param>
    /// <param name="coreCount">The number of cores that run the vCPUs, at least 1: with one core, local maintenance is enough.</param>
    /// <exception cref="ArgumentNullException"><paramref name="memory"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="coreCount"/> is less than 1.</exception>
    public ArchitectureChecker(IPhysicalMemory memory, int coreCount)
    {
        ArgumentNullException.ThrowIfNull(memory);
        ArgumentOutOfRangeException.ThrowIfLessThan(coreCount, 1);
        _memory = memory;
        _cores = new CheckedCore[coreCount];
        for (int i = 0; i < coreCount; i++)
        {
            _cores[i] = new CheckedCore();
        }
    }

    /// <summary>Raised for each finding, on the thread that caused it and while the checker is locked: the handler must not call back.</summary>
    public event Action<ArchitectureViolation>? Found;

    /// <summary>Gets the level of FEAT_BBM that the cores have: 0 to 2. The default is 0, on which everything runs.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The level is not 0 to 2.</exception>
    public int BreakBeforeMakeLevel
    {
        get => _breakBeforeMakeLevel;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 2);
            _breakBeforeMakeLevel = value;
        }
    }

    /// <summary>Gets a value indicating whether new code must be cleaned from the data cache (CTR_EL0.IDC = 0). The default is true.</summary>
    public bool NeedsDataCacheClean { get; init; } = true;

    /// <summary>Gets a value indicating whether the instruction cache must be invalidated for new code (CTR_EL0.DIC = 0). The default is true.</summary>
    public bool NeedsInstructionCacheInvalidation { get; init; } = true;

    /// <summary>Gets the findings so far, the first <see cref="MostKept"/> of them: a copy.</summary>
    public IReadOnlyList<ArchitectureViolation> Violations
    {
        get
        {
            lock (_lock)
            {
                return [.. _violations];
            }
        }
    }

    /// <summary>Gets the number of all findings so far.</summary>
    public ulong ViolationCount { get; private set; }

    /// <summary>Decorates the operations of a core: who uses the result is checked.</summary>
    /// <param name="core">The core's number, from 0.</param>
    /// <param name="operations">What performs the operations. The checker reads registers through it.</param>
    /// <returns>The decorated operations.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="operations"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="core"/> is not the number of a core.</exception>
    public IEl2Operations Check(int core, IEl2Operations operations)
    {
        ArgumentNullException.ThrowIfNull(operations);
        lock (_lock)
        {
            CoreAt(core).Operations = operations;
        }

        return new CheckedEl2Operations(this, core, operations);
    }

    /// <summary>Decorates what stops the vCPUs: a stopped one has left its guest.</summary>
    /// <param name="pause">What stops them.</param>
    /// <returns>The decorated capability.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="pause"/> is null.</exception>
    public IPauseAll Check(IPauseAll pause)
    {
        ArgumentNullException.ThrowIfNull(pause);
        return new CheckedPause(this, pause);
    }

    /// <summary>Decorates the memory through which EL2 replaces instructions of guests, which other cores may be executing. Not for what is written on a guest's behalf.</summary>
    /// <param name="memory">The memory.</param>
    /// <returns>The decorated memory.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="memory"/> is null.</exception>
    public IPhysicalMemory CheckCode(IPhysicalMemory memory)
    {
        ArgumentNullException.ThrowIfNull(memory);
        return new CheckedCodeMemory(this, memory);
    }

    /// <summary>Says which guest a core enters next, so that a change of VTTBR_EL2 is meant.</summary>
    /// <param name="core">The core's number.</param>
    /// <param name="vttbr">The guest's VTTBR_EL2.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="core"/> is not the number of a core.</exception>
    public void DeclareGuest(int core, Vttbr vttbr)
    {
        lock (_lock)
        {
            CheckedCore checkedCore = CoreAt(core);
            checkedCore.Guest = vttbr;
            checkedCore.HasVisited = true;
        }
    }

    /// <summary>Says which VMIDs are views of one VM: a TLBI of its guest must reach them all.</summary>
    /// <param name="vmids">The VMIDs, at least two.</param>
    /// <exception cref="ArgumentNullException"><paramref name="vmids"/> is null.</exception>
    /// <exception cref="ArgumentException">There are fewer than two.</exception>
    public void DeclareViews(params ushort[] vmids)
    {
        ArgumentNullException.ThrowIfNull(vmids);
        if (vmids.Length < 2)
        {
            throw new ArgumentException("Views are at least two VMIDs.", nameof(vmids));
        }

        lock (_lock)
        {
            _views.Add([.. vmids]);
        }
    }

    /// <summary>A core is about to return to EL1 or EL0; no other core is in the middle of a change of the tables.</summary>
    /// <param name="core">The core's number.</param>
    /// <param name="state">The state with which it enters: SPSR_EL2.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="core"/> is not the number of a core.</exception>
    /// <exception cref="InvalidOperationException">The core's operations are not known: <see cref="Check(int, IEl2Operations)"/> was not called for it.</exception>
    public void GuestEntered(int core, Spsr state)
    {
        lock (_lock)
        {
            CheckedCore entered = CoreAt(core);
            IEl2Operations operations = entered.Operations
                ?? throw new InvalidOperationException("The operations of core " + core.ToString(System.Globalization.CultureInfo.InvariantCulture) + " are not checked.");
            entered.IsInGuest = true;
            entered.State = state;
            entered.Written.Clear();
            CheckEntry(core, entered, operations);
        }
    }

    /// <summary>A core has taken an exception to EL2.</summary>
    /// <param name="core">The core's number.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="core"/> is not the number of a core.</exception>
    public void GuestExited(int core)
    {
        lock (_lock)
        {
            CheckedCore exited = CoreAt(core);
            exited.IsInGuest = false;
            exited.Written.Clear();
        }
    }

    /// <summary>A guest has issued a TLBI that was not trapped.</summary>
    /// <param name="core">The core's number.</param>
    /// <param name="isBroadcast">Whether it reaches the other cores, by itself or by HCR_EL2.FB.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="core"/> is not the number of a core.</exception>
    public void GuestInvalidated(int core, bool isBroadcast)
    {
        lock (_lock)
        {
            CheckedCore issuer = CoreAt(core);
            ushort vmid = VttbrOf(issuer).Vmid;
            foreach (ushort[] views in _views)
            {
                if (Array.IndexOf(views, vmid) < 0)
                {
                    continue;
                }

                foreach (ushort other in views)
                {
                    if (other != vmid)
                    {
                        MarkMissed(other, issuer, isBroadcast);
                    }
                }
            }
        }
    }

    /// <inheritdoc/>
    void IFindings.Add(ArchitectureRule rule, int core, string detail) => Add(rule, core, detail);

    /// <summary>Follows an MSR.</summary>
    /// <param name="core">The core.</param>
    /// <param name="register">The register.</param>
    /// <param name="value">Its new value.</param>
    internal void FollowWrite(int core, SystemRegister register, ulong value)
    {
        if (!s_regimeRegisters.Contains(register))
        {
            return;
        }

        lock (_lock)
        {
            CheckedCore writer = _cores[core];
            if (register == SystemRegister.HcrEl2 && !new Hcr(value ^ HcrOf(writer).Value).Has(RegimeBits))
            {
                return;
            }

            bool turnsOn = register == SystemRegister.HcrEl2 && new Hcr(value).Has(HcrBits.Vm) && !HcrOf(writer).Has(HcrBits.Vm);
            if (turnsOn && (writer.Written.Contains(SystemRegister.VttbrEl2) || writer.Written.Contains(SystemRegister.VtcrEl2)))
            {
                Add(ArchitectureRule.MissingInstructionBarrier, core, "HCR_EL2.VM is set, and nothing orders that behind the write of VTTBR_EL2 or VTCR_EL2: a walk may use the old tables");
            }

            writer.Written.Add(register);
        }
    }

    /// <summary>Follows a TLBI.</summary>
    /// <param name="core">The core.</param>
    /// <param name="operation">The instruction.</param>
    /// <param name="operand">Xt.</param>
    internal void FollowTlbi(int core, TlbiOperation operation, ulong operand)
    {
        lock (_lock)
        {
            CheckedCore issuer = _cores[core];
            CheckSynchronized(core, issuer, "TLBI " + operation);
            Vttbr vttbr = VttbrOf(issuer);
            var invalidation = Invalidation.Of(core, vttbr.Vmid, operation, operand);

            // Combined entries alone are what the way into a guest invalidates; Stage 2 is what changes of tables do.
            bool isOfStage2 = invalidation.IsByIpa || (invalidation.ReachesStage2 && !invalidation.IsOfEveryVmid);
            if (isOfStage2 && issuer.Guest is Vttbr guest && guest.Vmid != vttbr.Vmid)
            {
                issuer.HasVisited = true;
            }

            foreach (TableTree tree in _trees.Values)
            {
                tree.Observe(core);
                tree.Follow(invalidation, _cores.Length == 1);
            }

            if (invalidation.ReachesCombined)
            {
                issuer.Unfinished.Add(invalidation);
            }
        }
    }

    /// <summary>Follows a DSB.</summary>
    /// <param name="core">The core.</param>
    /// <param name="option">Its domain and access types.</param>
    internal void FollowDsb(int core, BarrierOption option)
    {
        bool isShareable = option is not (BarrierOption.Nsh or BarrierOption.Nshst or BarrierOption.Nshld) || _cores.Length == 1;
        bool isForStores = option is not (BarrierOption.Ishld or BarrierOption.Oshld or BarrierOption.Nshld or BarrierOption.Ld);
        bool isForAll = option is BarrierOption.Ish or BarrierOption.Osh or BarrierOption.Nsh or BarrierOption.Sy;
        lock (_lock)
        {
            foreach (TableTree tree in _trees.Values)
            {
                tree.Observe(core);
                tree.Follow(core, isShareable && isForStores, isShareable && isForAll);
            }

            if (isForAll)
            {
                Finish(_cores[core], isShareable);
            }

            if (isShareable && isForAll)
            {
                foreach (ReplacedWord word in _replaced)
                {
                    word.Synchronize(core, NeedsInstructionCacheInvalidation);
                }

                _replaced.RemoveAll(static word => word.IsDone);
            }
        }
    }

    /// <summary>Follows an ISB.</summary>
    /// <param name="core">The core.</param>
    internal void FollowIsb(int core)
    {
        lock (_lock)
        {
            _cores[core].Written.Clear();
        }
    }

    /// <summary>Follows an IC.</summary>
    /// <param name="core">The core.</param>
    /// <param name="operation">The instruction.</param>
    /// <param name="address">The address of one by address.</param>
    internal void FollowInstructionCache(int core, InstructionCacheOperation operation, Pa address)
    {
        lock (_lock)
        {
            foreach (ReplacedWord word in _replaced)
            {
                word.Invalidate(core, operation, address.Value, _cores.Length == 1);
            }
        }
    }

    /// <summary>Follows a DC.</summary>
    /// <param name="operation">The instruction.</param>
    /// <param name="address">The address.</param>
    internal void FollowDataCache(DataCacheOperation operation, Pa address)
    {
        lock (_lock)
        {
            foreach (ReplacedWord word in _replaced)
            {
                word.Clean(operation, address.Value);
            }
        }
    }

    /// <summary>Follows an AT.</summary>
    /// <param name="core">The core.</param>
    internal void FollowTranslation(int core)
    {
        lock (_lock)
        {
            CheckSynchronized(core, _cores[core], "AT");
        }
    }

    /// <summary>All cores have left their guests.</summary>
    internal void FollowPause()
    {
        lock (_lock)
        {
            _pauses++;
        }
    }

    /// <summary>The cores that were stopped enter their guests.</summary>
    internal void FollowResume()
    {
        lock (_lock)
        {
            _pauses--;
            for (int i = 0; i < _cores.Length && _pauses == 0; i++)
            {
                if (_cores[i] is { IsInGuest: true, Guest: Vttbr guest })
                {
                    CheckCode(i);

                    // Its registers are as they were: nothing of them is read, as the core's own thread may be using them.
                    if (_trees.TryGetValue((guest.Vmid, guest.Base.Value), out TableTree? tree))
                    {
                        tree.Enter(i);
                    }
                }
            }
        }
    }

    /// <summary>Follows the replacement of instructions.</summary>
    /// <param name="first">The physical address of the first word.</param>
    /// <param name="before">What the words were.</param>
    /// <param name="now">What they are.</param>
    internal void FollowReplacement(Pa first, ReadOnlySpan<byte> before, ReadOnlySpan<byte> now)
    {
        lock (_lock)
        {
            int running = _pauses != 0 ? -1 : Array.FindIndex(_cores, static core => core.IsInGuest);
            for (int i = 0; i < now.Length; i += sizeof(uint))
            {
                uint old = BinaryPrimitives.ReadUInt32LittleEndian(before[i..]);
                uint word = BinaryPrimitives.ReadUInt32LittleEndian(now[i..]);
                if (old == word)
                {
                    continue;
                }

                ulong address = first.Value + (ulong)i;
                if (running >= 0 && !(ConcurrentlyModifiable.Contains(old) && ConcurrentlyModifiable.Contains(word)))
                {
                    Add(ArchitectureRule.ConcurrentModification, running, $"the instruction at 0x{address:x} was replaced, 0x{old:x8} by 0x{word:x8}, while the core is in its guest");
                }

                _replaced.RemoveAll(other => other.Address == address);
                _replaced.Add(new ReplacedWord(address, NeedsDataCacheClean));
            }
        }
    }

    private static Hcr HcrOf(CheckedCore core) => new(core.Operations!.ReadSystemRegister(SystemRegister.HcrEl2));

    private static Vttbr VttbrOf(CheckedCore core) => new(core.Operations!.ReadSystemRegister(SystemRegister.VttbrEl2));

    private CheckedCore CoreAt(int core)
    {
        if ((uint)core >= (uint)_cores.Length)
        {
            throw new ArgumentOutOfRangeException(nameof(core), core, $"There are {_cores.Length} cores.");
        }

        return _cores[core];
    }

    private void Add(ArchitectureRule rule, int core, string detail)
    {
        var violation = new ArchitectureViolation(rule, core, detail);
        ViolationCount++;
        if (_violations.Count < MostKept)
        {
            _violations.Add(violation);
        }

        Found?.Invoke(violation);
    }

    private void CheckSynchronized(int core, CheckedCore issuer, string instruction)
    {
        foreach (SystemRegister register in issuer.Written)
        {
            Add(ArchitectureRule.MissingInstructionBarrier, core, $"{instruction} follows a write of {register} without an ISB");
        }

        issuer.Written.Clear();
    }

    private void Finish(CheckedCore issuer, bool isShareable)
    {
        foreach (Invalidation invalidation in issuer.Unfinished)
        {
            foreach (CheckedCore core in _cores)
            {
                if (core != issuer && !(invalidation.IsBroadcast && isShareable))
                {
                    continue;
                }

                if (invalidation.IsOfEveryVmid)
                {
                    core.Roots.Clear();
                    core.Missed.Clear();
                }
                else
                {
                    core.Missed.Remove(invalidation.Vmid);
                    if (invalidation.ReachesStage2)
                    {
                        core.Roots.Remove(invalidation.Vmid);
                    }
                }
            }
        }

        issuer.Unfinished.Clear();

        // Tables that no core uses any more may become anything.
        foreach ((ushort Vmid, ulong Root) key in new List<(ushort Vmid, ulong Root)>(_trees.Keys))
        {
            if (!Array.Exists(_cores, core => core.Guest is Vttbr guest && (guest.Vmid, guest.Base.Value) == key) && !Array.Exists(_cores, core => core.Roots.ContainsKey(key.Vmid)))
            {
                _trees.Remove(key);
            }
        }
    }

    private void MarkMissed(ushort vmid, CheckedCore issuer, bool isBroadcast)
    {
        foreach (CheckedCore core in _cores)
        {
            if (core == issuer || isBroadcast)
            {
                core.Missed.Add(vmid);
            }
        }
    }

    private void CheckEntry(int core, CheckedCore entered, IEl2Operations operations)
    {
        Hcr hcr = HcrOf(entered);
        bool isHost = hcr.Has(HcrBits.E2h) && hcr.Has(HcrBits.Tge);
        CheckReturn(core, entered, hcr);
        CheckCode(core);
        if (isHost)
        {
            return;
        }

        bool isStage1On = (operations.ReadSystemRegister(SystemRegister.SctlrEl1) & (ulong)SctlrBits.M) != 0;
        bool isStage2On = hcr.Has(HcrBits.Vm) || hcr.Has(HcrBits.Dc);
        Once(entered, core, ArchitectureRule.Stage1OffUnderTge, isStage1On && hcr.Has(HcrBits.Tge), "SCTLR_EL1.M is 1, and HCR_EL2.TGE without E2H turns Stage 1 off");
        Once(
            entered, core, ArchitectureRule.UntranslatedGuest, !isStage2On && (!isStage1On || hcr.Has(HcrBits.Tge)),
            "both stages are off: the guest reads and writes physical memory");
        Vttbr vttbr = VttbrOf(entered);
        CheckVmid(core, entered, vttbr, isStage2On ? vttbr.Base.Value : CheckedCore.NoTables);
        if (isStage2On)
        {
            EnterTables(core, entered, vttbr, new Vtcr(operations.ReadSystemRegister(SystemRegister.VtcrEl2)));
        }
    }

    private void CheckReturn(int core, CheckedCore entered, Hcr hcr)
    {
        const ulong AArch32 = 0x10;
        ulong state = entered.State.Value;
        int level = (int)(state >> 2) & 3;
        bool needsAArch64 = (state & AArch32) == 0 && !(level == 0 && hcr.Has(HcrBits.Tge));
        Once(
            entered, core, ArchitectureRule.IllegalReturn, (needsAArch64 && !hcr.Has(HcrBits.Rw)) || (level == 1 && (state & AArch32) == 0 && hcr.Has(HcrBits.Tge)),
            $"HCR_EL2 {hcr} excludes a return to EL{level} in AArch64");
    }

    private void CheckCode(int core)
    {
        foreach (ReplacedWord word in _replaced)
        {
            Add(ArchitectureRule.MissingCodeMaintenance, core, $"the instruction at 0x{word.Address:x} was replaced; missing: {word.Missing}");
        }

        _replaced.Clear();
    }

    private void CheckVmid(int core, CheckedCore entered, Vttbr vttbr, ulong root)
    {
        if (entered.Guest is Vttbr guest && guest.Vmid != vttbr.Vmid && entered.HasVisited)
        {
            Add(ArchitectureRule.ForeignVttbr, core, $"the guest was entered with VTTBR_EL2 {vttbr}, which maintenance left there; its own is {guest}");
        }

        entered.Guest = vttbr;
        entered.HasVisited = false;
        if (entered.Roots.TryGetValue(vttbr.Vmid, out ulong used) && used != root)
        {
            Add(ArchitectureRule.VmidOfTwoTables, core, $"VMID {vttbr.Vmid} is used with {Text(root)}, and the TLB may have entries of {Text(used)}");
        }

        entered.Roots[vttbr.Vmid] = root;
        foreach (CheckedCore other in _cores)
        {
            if (other != entered && root != CheckedCore.NoTables && other.Guest is Vttbr theirs && theirs.Vmid == vttbr.Vmid && theirs.Base != vttbr.Base
                && theirs.IsCommonNotPrivate && vttbr.IsCommonNotPrivate)
            {
                Add(ArchitectureRule.CommonNotPrivate, core, $"CnP is 1 in VTTBR_EL2 {vttbr} and in {theirs} of another core, and the tables differ");
            }
        }

        if (entered.Missed.Remove(vttbr.Vmid))
        {
            Add(ArchitectureRule.GuestInvalidationMissesView, core, $"the guest was entered in the view of VMID {vttbr.Vmid}, which a TLBI in another view did not reach");
        }

        static string Text(ulong root) => root == CheckedCore.NoTables ? "Stage 2 off" : $"tables at 0x{root:x}";
    }

    private void EnterTables(int core, CheckedCore entered, Vttbr vttbr, Vtcr vtcr)
    {
        bool isLegal = TableShape.TryRead(vtcr, out TableShape shape);
        Once(entered, core, ArchitectureRule.IllegalGeometry, !isLegal, $"VTCR_EL2 {vtcr}: every access of the guest is a translation fault");
        if (!isLegal)
        {
            return;
        }

        // Tables of fewer than 64 bytes are aligned to 64.
        ulong size = Math.Max(64, (ulong)shape.RootEntries * sizeof(ulong));
        bool isPresent = (vttbr.Base.Value & (size - 1)) == 0 && TableTree.IsPresent(_memory, vttbr.Base.Value, shape.RootEntries);
        bool isNarrow = vtcr.HasWideVmid || vttbr.Vmid <= NarrowVmidMask;
        Once(
            entered, core, ArchitectureRule.IllegalVttbr, !isPresent || !isNarrow,
            isNarrow ? $"VTTBR_EL2 {vttbr} does not point to {size} bytes of memory, aligned" : $"VTTBR_EL2 {vttbr} has a VMID above 255, and VTCR_EL2.VS is 0");
        if (!isPresent)
        {
            return;
        }

        (ushort Vmid, ulong) key = (vttbr.Vmid, vttbr.Base.Value);
        if (_trees.TryGetValue(key, out TableTree? tree))
        {
            tree.Enter(core);
        }
        else
        {
            _trees.Add(key, new TableTree(_memory, this, vttbr, shape, core));
        }
    }

    /// <summary>Reports a lasting condition once, until it has ended.</summary>
    private void Once(CheckedCore entered, int core, ArchitectureRule rule, bool isBroken, string detail)
    {
        if (!isBroken)
        {
            entered.Known.Remove(rule);
        }
        else if (entered.Known.Add(rule))
        {
            Add(rule, core, detail);
        }
    }
}
