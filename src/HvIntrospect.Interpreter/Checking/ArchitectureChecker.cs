using System;
using System.Collections.Generic;
using System.Globalization;
using System.Threading;
using HvIntrospect.Registers;
using HvIntrospect.Translation;

namespace HvIntrospect.Interpreter.Checking;

/// <summary>Watches what a hypervisor does at EL2 and reports, by the name of the rule, what silicon would punish at random: a forgotten barrier, half an invalidation, a foreign VMID, a replaced instruction.</summary>
/// <remarks>
/// <para>It sees the operations of each core through <see cref="Check(int, IEl2Operations)"/> and the tables in memory, and must be told when a core enters and leaves its guest; a machine does all that
/// itself (<see cref="MachineOptions.ChecksArchitecture"/>). It changes nothing and never throws for what it finds. It knows the architecture's rules, not what any core happens to do: code that works on all
/// cores of a laboratory may break them.</para>
/// <para>Stage 2 of the EL1&amp;0 regime with VMSAv8-64 descriptors is checked. Stage 1 of the guest and Stage 1 of EL2 are the business of their owners.</para>
/// <para>Safe to call from any thread. Arm Architecture Reference Manual (DDI 0487), "TLB maintenance", "Using break-before-make when updating translation table entries",
/// "Synchronization requirements for AArch64 System registers", "Concurrent modification and execution of instructions".</para>
/// </remarks>
public sealed class ArchitectureChecker
{
    /// <summary>How many findings are kept; the rest is counted.</summary>
    public const int MostKept = 1000;

    private readonly Lock _lock = new();
    private readonly CheckedSystem _system;
    private readonly ContextRules _context;
    private readonly VmidRules _vmids;
    private readonly TableRules _tables;
    private readonly CodeRules _code;
    private readonly DataRules _data;
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
        _system = new CheckedSystem(memory, coreCount);
        _context = new ContextRules(_system);
        _vmids = new VmidRules(_system);
        _tables = new TableRules(_system, _context);
        _code = new CodeRules(_system);
        _data = new DataRules(_system, _tables);
    }

    /// <summary>Raised for each finding, on the thread that caused it and while the checker is locked: the handler must not call back.</summary>
    public event Action<ArchitectureViolation>? Found
    {
        add => _system.Findings.Found += value;
        remove => _system.Findings.Found -= value;
    }

    /// <summary>Gets what the cores implement of translation: their level of FEAT_BBM, FEAT_LPA2, FEAT_TTST and FEAT_S2FWB matter. The default is none, on which everything runs.</summary>
    public TranslationFeatures Features
    {
        get => _system.Features;
        init => _system.Features = value;
    }

    /// <summary>Gets a value indicating whether new code must be cleaned from the data cache (CTR_EL0.IDC = 0). The default is true.</summary>
    public bool NeedsDataCacheClean
    {
        get => _system.NeedsDataCacheClean;
        init => _system.NeedsDataCacheClean = value;
    }

    /// <summary>Gets a value indicating whether the instruction cache must be invalidated for new code (CTR_EL0.DIC = 0). The default is true.</summary>
    public bool NeedsInstructionCacheInvalidation
    {
        get => _system.NeedsInstructionCacheInvalidation;
        init => _system.NeedsInstructionCacheInvalidation = value;
    }

    /// <summary>Gets the findings so far, the first <see cref="MostKept"/> of them: a copy.</summary>
    public IReadOnlyList<ArchitectureViolation> Violations
    {
        get
        {
            lock (_lock)
            {
                return _system.Findings.Copy();
            }
        }
    }

    /// <summary>Gets the number of all findings so far.</summary>
    public ulong ViolationCount => _system.Findings.Count;

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

    /// <summary>Decorates the memory through which EL2, with its cache on, fills pages before it maps them for a guest. Up to 4 MB of what is not mapped yet is followed at a time.</summary>
    /// <param name="memory">The memory.</param>
    /// <returns>The decorated memory.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="memory"/> is null.</exception>
    public IPhysicalMemory CheckData(IPhysicalMemory memory)
    {
        ArgumentNullException.ThrowIfNull(memory);
        return new CheckedDataMemory(this, memory);
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

    /// <summary>Says which vCPU a core runs from its next entry on, where vCPUs of one VM share a core: without a declaration a core runs one vCPU of each VM.</summary>
    /// <param name="core">The core's number.</param>
    /// <param name="vcpu">Any number that tells the vCPUs of a VM apart.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="core"/> is not the number of a core.</exception>
    public void DeclareVcpu(int core, int vcpu)
    {
        lock (_lock)
        {
            CoreAt(core).Vcpu = vcpu;
        }
    }

    /// <summary>Says which VMIDs are views of one VM: a TLBI of its guest must reach them all, and a core that enters another of them means it.</summary>
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
            _vmids.Add([.. vmids]);
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
            if (entered.Operations is null)
            {
                throw new InvalidOperationException("The operations of core " + core.ToString(CultureInfo.InvariantCulture) + " are not checked.");
            }

            entered.IsInGuest = true;
            entered.State = state;
            entered.Written.Clear();
            CheckEntry(core, entered);
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
            CoreAt(core);
            _vmids.FollowGuest(core, isBroadcast);
        }
    }

    /// <summary>Follows an MSR.</summary>
    /// <param name="core">The core.</param>
    /// <param name="register">The register.</param>
    /// <param name="value">Its new value.</param>
    internal void FollowWrite(int core, SystemRegister register, ulong value)
    {
        if (ContextRules.IsFollowed(register))
        {
            lock (_lock)
            {
                _context.FollowWrite(core, register, value);
            }
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
            _context.CheckSynchronized(core, "TLBI " + operation);
            CheckedCore issuer = _system.Cores[core];
            var invalidation = Invalidation.Of(core, issuer.Vttbr.Vmid, operation, operand, _system.HasLargeDescriptors && issuer.Vtcr.HasLargeDescriptors);
            _tables.Follow(invalidation);
            _vmids.Follow(invalidation);
        }
    }

    /// <summary>Follows a DSB.</summary>
    /// <param name="core">The core.</param>
    /// <param name="option">Its domain and access types.</param>
    internal void FollowDsb(int core, BarrierOption option)
    {
        lock (_lock)
        {
            bool isShareable = option is not (BarrierOption.Nsh or BarrierOption.Nshst or BarrierOption.Nshld) || _system.HasOneCore;
            bool isForStores = option is not (BarrierOption.Ishld or BarrierOption.Oshld or BarrierOption.Nshld or BarrierOption.Ld);
            bool isForAll = option is BarrierOption.Ish or BarrierOption.Osh or BarrierOption.Nsh or BarrierOption.Sy;
            _tables.Follow(core, isShareable && isForStores, isShareable && isForAll);
            if (!isForAll)
            {
                return;
            }

            _vmids.Complete(core, isShareable);
            _tables.Forget();
            if (isShareable)
            {
                _code.FollowDsb(core);
                _data.FollowDsb(core);
            }
        }
    }

    /// <summary>Follows an ISB.</summary>
    /// <param name="core">The core.</param>
    internal void FollowIsb(int core)
    {
        lock (_lock)
        {
            _system.Cores[core].Written.Clear();
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
            _code.Follow(core, operation, address);
            _data.Follow(core, operation, address);
        }
    }

    /// <summary>Follows a DC.</summary>
    /// <param name="core">The core.</param>
    /// <param name="operation">The instruction.</param>
    /// <param name="address">The address.</param>
    internal void FollowDataCache(int core, DataCacheOperation operation, Pa address)
    {
        lock (_lock)
        {
            _code.Follow(operation, address);
            _data.Follow(core, operation, address);
        }
    }

    /// <summary>Follows an AT.</summary>
    /// <param name="core">The core.</param>
    internal void FollowTranslation(int core)
    {
        lock (_lock)
        {
            _context.CheckSynchronized(core, "AT");
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
            for (int i = 0; i < _system.Cores.Length && _pauses == 0; i++)
            {
                if (_system.Cores[i] is { IsInGuest: true, Guest: Vttbr guest })
                {
                    _code.CheckEntry(i);
                    _tables.Resume(i, guest);
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
            _code.FollowReplacement(first, before, now, areStopped: _pauses != 0);
        }
    }

    /// <summary>Follows a write of data for guests.</summary>
    /// <param name="address">The physical address of the first byte.</param>
    /// <param name="length">The number of bytes.</param>
    internal void FollowData(Pa address, int length)
    {
        lock (_lock)
        {
            _data.FollowWrite(address, length);
        }
    }

    private CheckedCore CoreAt(int core)
    {
        if ((uint)core >= (uint)_system.Cores.Length)
        {
            throw new ArgumentOutOfRangeException(nameof(core), core, $"There are {_system.Cores.Length} cores.");
        }

        return _system.Cores[core];
    }

    private void CheckEntry(int core, CheckedCore entered)
    {
        _context.CheckReturn(core);
        _code.CheckEntry(core);
        Hcr hcr = entered.Hcr;
        if (hcr.Has(HcrBits.E2h) && hcr.Has(HcrBits.Tge))
        {
            return;
        }

        bool isStage2On = hcr.Has(HcrBits.Vm) || hcr.Has(HcrBits.Dc);
        _context.CheckStages(core, isStage2On);
        Vttbr vttbr = entered.Vttbr;
        _vmids.CheckEntry(core, vttbr, isStage2On ? vttbr.Base.Value : CheckedCore.NoTables);
        if (isStage2On && _tables.TryEnter(core, vttbr, entered.Vtcr, out TableTree? tree))
        {
            _data.CheckEntry(core, tree);
        }
    }
}
