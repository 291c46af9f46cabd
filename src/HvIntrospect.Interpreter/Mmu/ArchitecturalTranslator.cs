using System;
using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.Memory;
using HvIntrospect.Interpreter.State;
using HvIntrospect.Registers;
using HvIntrospect.Translation;

namespace HvIntrospect.Interpreter.Mmu;

/// <summary>The MMU of one vCPU: both stages of the EL1&amp;0 regime, and EL2&amp;0 at EL0, as hardware walks them, behind an explicit TLB.</summary>
/// <remarks>
/// <para>Arm Architecture Reference Manual (DDI 0487), "The AArch64 Virtual Memory System Architecture". Translations stay in the TLB until the right
/// maintenance reaches them, however wrong they have become: combined entries survive maintenance of Stage 2, and entries of Stage 2 survive
/// maintenance of Stage 1. Translation, Access flag and Address size faults are never cached; the
/// tables on the way to a leaf are, so that one that was taken away is walked until maintenance of all levels reaches it. HCR_EL2.VM and DC count as cached in entries.</para>
/// <para>Each type of the room has one job: <see cref="TranslationRegime"/> knows which controls are in force, <see cref="Stage1Lookup"/> and
/// <see cref="Stage2Lookup"/> are a stage with its TLB, <see cref="DescriptorWalk"/> reads and writes descriptors, <see cref="DescriptorPermissions"/> decodes
/// them. Here both stages come together.</para>
/// </remarks>
internal sealed unsafe class ArchitecturalTranslator : ITranslator
{
    private const int CombinedSets = 512;
    private const int El2 = 2;

    private readonly int _addressBits;
    private readonly InlineAccessFilter _filter;
    private readonly Tlb _combined = new(CombinedSets);
    private readonly Stage1Lookup _stage1;
    private readonly Stage2Lookup _stage2;

    /// <summary>Initialises an MMU with an empty TLB.</summary>
    /// <param name="memory">The machine's RAM, which holds the tables.</param>
    /// <param name="features">What the vCPU implements of translation.</param>
    /// <param name="addressBits">The physical address size: one of <see cref="PhysicalAddressSize"/>.</param>
    /// <param name="filter">What is denied on top of Stage 2.</param>
    public ArchitecturalTranslator(PhysicalMemory memory, TranslationFeatures features, int addressBits, InlineAccessFilter filter)
    {
        Features = features;
        _addressBits = addressBits;
        _filter = filter;
        _stage2 = new Stage2Lookup(memory, features, addressBits, filter);
        _stage1 = new Stage1Lookup(memory, features, addressBits, _stage2);
    }

    /// <summary>Gets what the vCPU implements of translation.</summary>
    public TranslationFeatures Features { get; }

    /// <inheritdoc/>
    public void Translate(CpuState* cpu, ulong va, AccessKind kind, int el, out TranslationResult result)
    {
        result = default;
        result.Fault.Va = va;
        result.Fault.IsCacheMaintenance = kind is AccessKind.CacheMaintenance or AccessKind.CacheInvalidation;
        result.Fault.IsWrite = kind == AccessKind.Write || result.Fault.IsCacheMaintenance;
        var regime = new TranslationRegime(cpu, Features);
        var demand = new AccessDemand(kind, el, pan: el == 1 && !result.Fault.IsCacheMaintenance && new Spsr(cpu->Pstate).Pan);
        if (!TryResolve(cpu, regime, va, demand, throughStage2: true, ref result.Fault, out TlbEntry entry))
        {
            result.IsDevice = entry.Attributes1.IsDevice && (entry.Flags & TlbFlags.Valid) != 0;
            return;
        }

        result.IsDevice = entry.IsDevice;
        result.IsStage2Device = result.IsDevice && !entry.Attributes1.IsDevice;
        result.IsGuarded = (entry.Flags & TlbFlags.Guarded) != 0;
        result.IsTagged = entry.Attributes1.IsTagged && entry.Attributes(isUncached: false).IsTagged;
        result.Ipa = entry.Ipa + (va & Tlb.RangeMask(entry.Shift));
        Stage2Access permitted2 = DescriptorPermissions.At(entry.Permissions2, el);
        if (!result.Fault.IsPermitted(demand.Needed, permitted2, entry.Level2))
        {
            result.Fault.IsStage2 = true;
            result.Fault.Ipa = result.Ipa;
            return;
        }

        // The first write to writable-clean memory comes here, so that the walker notes it.
        Stage2Access denied = regime.IsHost ? Stage2Access.None : _filter.DeniedAt(result.Ipa);
        Stage2Access clean = (entry.Flags & TlbFlags.Clean) != 0 ? Stage2Access.Write : Stage2Access.None;
        result.Pa = entry.Output + (va & Tlb.RangeMask(entry.Shift));
        result.Permitted = entry.PermittedByStage1(regime, demand) & permitted2 & ~denied & ~clean;

        // A denial stands for the permission of one page, which a real Stage 2 could only express at the last level.
        if (!result.Fault.IsPermitted(demand.Needed, ~denied, 3))
        {
            result.Fault.IsStage2 = true;
            result.Fault.IsInlineDenial = true;
            result.Fault.Ipa = result.Ipa;
            return;
        }

        result.IsMapped = true;
    }

    /// <inheritdoc/>
    public Par TranslateForAt(CpuState* cpu, ulong va, bool isWrite, int el, bool bothStages, bool pan, out FaultRecord fault)
    {
        fault = default;
        fault.Va = va;
        fault.IsWrite = true;
        fault.IsCacheMaintenance = true;
        TranslationRegime regime = el == El2 ? TranslationRegime.OfEl2(cpu, Features) : new TranslationRegime(cpu, Features);
        var demand = AccessDemand.Probe(isWrite, Math.Min(el, 1), pan);
        if (!TryResolve(cpu, regime, va, demand, bothStages, ref fault, out TlbEntry entry))
        {
            return Par.FromFault(fault.Status, fault.IsStage2, fault.IsStage1Walk);
        }

        ulong offset = va & Tlb.RangeMask(entry.Shift);
        if (!bothStages || regime.IsHost)
        {
            return Par.FromTranslation(entry.Ipa + offset, entry.Attributes1.Type, entry.Attributes1.Shareability);
        }

        Stage2Access permitted2 = DescriptorPermissions.At(entry.Permissions2, el) & ~_filter.DeniedAt(entry.Ipa + offset);
        if (!fault.IsPermitted(demand.Needed, permitted2, entry.Level2))
        {
            fault.IsStage2 = true;
            fault.Ipa = entry.Ipa + offset;
            return Par.FromFault(fault.Status, isStage2: true, isStage1Walk: false);
        }

        MemoryAttributes attributes = entry.Attributes(isUncached: new Hcr(cpu->System.HcrEl2).Has(HcrBits.Cd));
        return Par.FromTranslation(entry.Output + offset, attributes.Type, attributes.Shareability);
    }

    /// <inheritdoc/>
    public void Speculate(CpuState* cpu, ulong va)
    {
        FaultRecord fault = default;
        var regime = new TranslationRegime(cpu, Features);
        if (TryResolve(cpu, regime, va, AccessDemand.Speculation, throughStage2: true, ref fault, out _))
        {
            SpeculativeWalker.Remember(cpu, va);
        }
    }

    /// <summary>Removes entries that translate virtual addresses: those of Stage 1 and the combined ones.</summary>
    /// <param name="cpu">The vCPU, whose host-pointer caches follow.</param>
    /// <param name="scope">Which.</param>
    public void InvalidateStage1(CpuState* cpu, in TlbScope scope)
    {
        _combined.Invalidate(scope);
        _stage1.Entries.Invalidate(scope);
        _stage1.Tables.Invalidate(scope);
        FastTlb.Flush(cpu);
    }

    /// <summary>Removes entries that translate intermediate physical addresses. Combined entries stay.</summary>
    /// <param name="scope">Which.</param>
    public void InvalidateStage2(in TlbScope scope)
    {
        _stage2.Entries.Invalidate(scope);
        _stage2.Tables.Invalidate(scope);
    }

    /// <summary>Copies the TLBs.</summary>
    /// <returns>The copy.</returns>
    public Entries Save() => new(_combined.Copy(), _stage1.Entries.Copy(), _stage2.Entries.Copy(), _stage1.Tables.Copy(), _stage2.Tables.Copy());

    /// <summary>Makes the TLBs hold what they held.</summary>
    /// <param name="entries">What <see cref="Save"/> copied, or null for nothing.</param>
    public void Restore(Entries? entries)
    {
        _combined.Assign(entries?.Combined);
        _stage1.Entries.Assign(entries?.Stage1);
        _stage2.Entries.Assign(entries?.Stage2);
        _stage1.Tables.Assign(entries?.Tables1);
        _stage2.Tables.Assign(entries?.Tables2);
    }

    /// <summary>Gets the controls that are in force on a vCPU.</summary>
    /// <param name="cpu">The vCPU.</param>
    /// <returns>The view.</returns>
    public TranslationRegime RegimeOf(CpuState* cpu) => new(cpu, Features);

    /// <summary>Gets the VMID under which a vCPU runs in the EL1&amp;0 regime.</summary>
    /// <param name="cpu">The vCPU.</param>
    /// <returns>8 or 16 bits.</returns>
    public ushort VmidOf(CpuState* cpu) => TranslationRegime.CurrentVmid(cpu, Features);

    // Resolves an address to a TLB entry, checking the permissions of Stage 1 before Stage 2 is looked at. A fault leaves in the entry what is known of it.
    private bool TryResolve(
        CpuState* cpu, in TranslationRegime regime, ulong va, in AccessDemand demand, bool throughStage2, ref FaultRecord fault, out TlbEntry entry)
    {
        entry = default;
        if (regime.IsClosed(va, demand.El))
        {
            return fault.Fail(FaultKind.Translation, 0);
        }

        ulong input = regime.InputOf(va, demand.IsFetch);
        ref TlbEntry found = ref _combined.Find(input, regime.Vmid, regime.Asid, regime.Tag);
        if (!Unsafe.IsNullRef(ref found))
        {
            if (TlbConflict.MayArise(cpu, Features))
            {
                found = ref TlbConflict.Settle(cpu, ref found, ref _combined.Find(input, regime.Vmid, regime.Asid, regime.Tag, found.Shift), input, ref fault);
                if (Unsafe.IsNullRef(ref found))
                {
                    return false;
                }
            }

            if (!found.IsFirstWrite(demand))
            {
                entry = found;
                if (!regime.IsStage1On)
                {
                    // One entry serves fetches and data, which are of different types then.
                    entry.Attributes1 = regime.AttributesWithoutStage1(demand.IsFetch);
                }

                return entry.IsPermittedByStage1(regime, demand, ref fault);
            }

            FastTlb.FlushRange(cpu, found.Input, found.Shift);
            found.Flags = TlbFlags.None;
        }

        if (SpeculativeWalker.IsOn(cpu) && demand.Purpose == WalkPurpose.Access)
        {
            SpeculativeWalker.Notice(cpu, this, va);
        }

        if (regime.IsStage1On
            ? !_stage1.TryResolve(cpu, regime, input, demand, ref fault, out entry)
            : !TryPassStage1(regime, input, demand, ref fault, out entry))
        {
            return false;
        }

        if (regime.IsStage2On)
        {
            return !throughStage2 || TryAddStage2(cpu, input, demand, ref fault, ref entry);
        }

        entry.Output = entry.Ipa;
        entry.Permissions2 = PagePermissions.All;
        if (regime.IsStage1On)
        {
            Add(cpu, entry);
        }

        return true;
    }

    private bool TryPassStage1(in TranslationRegime regime, ulong input, in AccessDemand demand, ref FaultRecord fault, out TlbEntry entry)
    {
        entry = default;
        if (input >> _addressBits != 0)
        {
            return fault.Fail(FaultKind.AddressSize, 0);
        }

        entry.Vmid = regime.Vmid;
        entry.Asid = regime.Asid;
        entry.Attributes1 = regime.AttributesWithoutStage1(demand.IsFetch);
        entry.Flags = regime.Tag | TlbFlags.Global;
        entry.Shift = PhysicalMemory.PageShift;
        entry.LeafShift = PhysicalMemory.PageShift;
        entry.Input = input & ~Tlb.RangeMask(entry.Shift);
        entry.Ipa = entry.Input;
        entry.Permissions1 = PagePermissions.All;
        return true;
    }

    private bool TryAddStage2(CpuState* cpu, ulong input, in AccessDemand demand, ref FaultRecord fault, ref TlbEntry entry)
    {
        ulong ipa = entry.Ipa | (input & Tlb.RangeMask(entry.Shift));
        if (!_stage2.TryResolve(cpu, ipa, demand, ref fault, out TlbEntry stage2))
        {
            return false;
        }

        bool stage1 = (entry.Flags & TlbFlags.Stage1) != 0;
        entry.Shift = stage1 && entry.Shift < stage2.Shift ? entry.Shift : stage2.Shift;
        entry.LeafShift = stage1 ? entry.LeafShift : entry.Shift;
        ulong mask = Tlb.RangeMask(entry.Shift);
        entry.Input = input & ~mask;
        entry.Ipa = ipa & ~mask;
        entry.Output = stage2.Output + (entry.Ipa - stage2.Input);
        entry.Level2 = stage2.Level2;
        entry.Permissions2 = stage2.Permissions2;
        entry.Memory2 = stage2.Memory2;
        entry.Flags |= TlbFlags.Stage2 | (stage2.Flags & (TlbFlags.Clean | TlbFlags.Unkept));
        Add(cpu, entry);
        return true;
    }

    // The host-pointer caches hold nothing that the TLB does not hold: whether they do or not never shows.
    private void Add(CpuState* cpu, in TlbEntry entry)
    {
        if (_combined.Add(cpu, entry, out TlbEntry evicted))
        {
            FastTlb.FlushRange(cpu, evicted.Input, evicted.Shift);
        }
    }

    /// <summary>The TLB entries at one moment.</summary>
    /// <param name="Combined">The combined entries.</param>
    /// <param name="Stage1">Those of Stage 1.</param>
    /// <param name="Stage2">Those of Stage 2.</param>
    /// <param name="Tables1">The tables of Stage 1 that walks have come through.</param>
    /// <param name="Tables2">Those of Stage 2.</param>
    internal sealed record Entries(Tlb Combined, Tlb Stage1, Tlb Stage2, WalkCache Tables1, WalkCache Tables2);
}
