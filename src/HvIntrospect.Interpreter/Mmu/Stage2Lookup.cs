using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.Memory;
using HvIntrospect.Interpreter.State;
using HvIntrospect.Registers;
using HvIntrospect.Translation;

namespace HvIntrospect.Interpreter.Mmu;

/// <summary>Stage 2 of one vCPU: from intermediate physical to physical addresses, by a TLB and the tables behind it.</summary>
/// <remarks>IMPLEMENTATION DEFINED choices: T0SZ out of its range and an inconsistent SL0 are level 0 Translation faults.</remarks>
internal sealed unsafe class Stage2Lookup
{
    private const int Sets = 256;

    private readonly DescriptorWalk _walk;
    private readonly TranslationFeatures _features;
    private readonly int _addressBits;
    private readonly InlineAccessFilter _filter;

    /// <summary>Initialises a stage with an empty TLB.</summary>
    /// <param name="memory">The machine's RAM, which holds the tables.</param>
    /// <param name="features">What the core implements of translation.</param>
    /// <param name="addressBits">The physical address size.</param>
    /// <param name="filter">What is denied on top of Stage 2.</param>
    public Stage2Lookup(PhysicalMemory memory, TranslationFeatures features, int addressBits, InlineAccessFilter filter)
    {
        _walk = new DescriptorWalk(memory, tables: null);
        _features = features;
        _addressBits = addressBits;
        _filter = filter;
    }

    /// <summary>Gets the entries that translate intermediate physical addresses alone.</summary>
    public Tlb Entries { get; } = new(Sets);

    /// <summary>Gets the tables that walks have come through.</summary>
    public WalkCache Tables => _walk.Cache;

    /// <summary>Translates an address without checking permissions.</summary>
    /// <param name="cpu">The vCPU.</param>
    /// <param name="ipa">The address.</param>
    /// <param name="demand">What is asked.</param>
    /// <param name="fault">Receives the fault.</param>
    /// <param name="entry">The translation.</param>
    /// <returns>False for a fault.</returns>
    public bool TryResolve(CpuState* cpu, ulong ipa, in AccessDemand demand, ref FaultRecord fault, out TlbEntry entry)
    {
        ushort vmid = TranslationRegime.CurrentVmid(cpu, _features);
        ref TlbEntry found = ref Entries.Find(ipa, vmid, 0, TlbFlags.Valid);
        if (!Unsafe.IsNullRef(ref found))
        {
            if (TlbConflict.MayArise(cpu, _features))
            {
                found = ref TlbConflict.Settle(cpu, ref found, ref Entries.Find(ipa, vmid, 0, TlbFlags.Valid, found.Shift), ipa, ref fault);
                if (Unsafe.IsNullRef(ref found))
                {
                    // Entries of this stage alone translate from intermediate physical addresses.
                    entry = default;
                    fault.Ipa = ipa;
                    return false;
                }
            }

            if (!found.IsFirstWrite(demand))
            {
                entry = found;
                return true;
            }

            found.Flags = TlbFlags.None;
        }

        entry = default;
        if (!TryWalk(cpu, ipa, demand, ref fault, out WalkSetup setup, out WalkLeaf leaf))
        {
            fault.IsStage2 = true;
            fault.Ipa = ipa;
            return false;
        }

        bool isManaged = DescriptorWalk.IsManaged(setup, leaf.Descriptor);
        bool isClean = isManaged && !DescriptorWalk.IsDirty(setup, leaf.Descriptor);
        entry.Vmid = vmid;
        entry.SetLeaf(setup, leaf, ipa);
        entry.Output = leaf.Output & ~Tlb.RangeMask(leaf.Span);
        entry.Level2 = (byte)leaf.Level;
        entry.Permissions2 = PermissionsOf(setup, leaf.Descriptor);
        entry.Memory2 = new Stage2Memory(leaf.Descriptor, setup.ShareabilityOf(leaf.Descriptor), ForcesWriteBack(cpu));
        entry.Flags = TlbFlags.Valid | TlbFlags.Global | (isClean ? TlbFlags.Clean : TlbFlags.None)
            | (DescriptorWalk.IsKept(leaf.Descriptor, leaf.Level, _features) ? TlbFlags.None : TlbFlags.Unkept);
        Entries.Add(cpu, entry, out _);
        return true;
    }

    /// <summary>Finds a Stage 1 descriptor in physical memory.</summary>
    /// <param name="cpu">The vCPU.</param>
    /// <param name="ipa">The address of the descriptor.</param>
    /// <param name="demand">What is asked of the page.</param>
    /// <param name="fault">Receives the fault, which is one on a Stage 1 walk.</param>
    /// <param name="pa">The physical address.</param>
    /// <returns>False for a fault.</returns>
    public bool TryReachTable(CpuState* cpu, ulong ipa, in AccessDemand demand, ref FaultRecord fault, out ulong pa)
    {
        pa = 0;
        if (!TryResolve(cpu, ipa, demand, ref fault, out TlbEntry entry))
        {
            fault.IsStage1Walk = true;
            return false;
        }

        bool permitted = (demand.Needed & ~DescriptorPermissions.At(entry.Permissions2, demand.El)) == 0;
        bool protectedWalk = (cpu->System.HcrEl2 & (ulong)HcrBits.Ptw) != 0 && entry.Memory2.IsDevice;
        bool denied = (_filter.DeniedAt(ipa) & demand.Needed) != 0;
        if (!permitted || protectedWalk || denied)
        {
            fault.IsStage2 = true;
            fault.IsStage1Walk = true;
            fault.Ipa = ipa;

            // A denial stands for the permission of one page.
            return fault.Fail(FaultKind.Permission, permitted && !protectedWalk ? 3 : entry.Level2);
        }

        pa = entry.Output + (ipa - entry.Input);
        return true;
    }

    private bool ForcesWriteBack(CpuState* cpu) => (_features & TranslationFeatures.S2FWB) != 0 && new Hcr(cpu->System.HcrEl2).Has(HcrBits.Fwb);

    private PagePermissions PermissionsOf(in WalkSetup setup, ulong descriptor) => DescriptorPermissions.OfStage2(
        descriptor,
        DescriptorWalk.IsDirty(setup, descriptor) || DescriptorWalk.IsManaged(setup, descriptor),
        (_features & TranslationFeatures.XNX) != 0);

    private bool TryWalk(CpuState* cpu, ulong ipa, in AccessDemand demand, ref FaultRecord fault, out WalkSetup setup, out WalkLeaf leaf)
    {
        leaf = default;
        setup = default;
        var vtcr = new Vtcr(cpu->System.VtcrEl2);
        var format = new TableFormat(vtcr.Granule, vtcr.HasLargeDescriptors, _features, _addressBits);
        int inputBits = 64 - vtcr.T0sz;
        if (!format.IsStage2Size(vtcr.T0sz, _features) || ipa >> inputBits != 0 || format.Stage2StartLevel(vtcr, _features) is not int start)
        {
            return fault.Fail(FaultKind.Translation, 0);
        }

        bool isManaged = (_features & TranslationFeatures.HAFDBS) != 0 && vtcr.HardwareAccessFlag;
        setup.SetGeometry(format, start, inputBits, cpu->System.VttbrEl2, vtcr.Ps);
        setup.Shareability = vtcr.Shareability;
        setup.BigEndian = (cpu->System.SctlrEl2 & (ulong)SctlrBits.Ee) != 0;
        setup.IsStage2 = true;
        setup.HardwareAccessFlag = isManaged;
        setup.HardwareDirtyState = isManaged && vtcr.HardwareDirtyState;
        setup.Tag = new WalkTag(TranslationRegime.CurrentVmid(cpu, _features), 0, false);
        setup.Demand = demand;
        bool isChanged;
        do
        {
            if (!_walk.TryWalk(cpu, setup, ipa, ref fault, out leaf))
            {
                return false;
            }

            // CONSTRAINED UNPREDICTABLE choice: an access that the stage refuses sets the Access flag, but makes nothing dirty.
            bool permitted = (demand.Needed & ~DescriptorPermissions.At(PermissionsOf(setup, leaf.Descriptor), demand.El)) == 0;
            if (!_walk.TryUpdate(cpu, setup, demand.Dirties && permitted, ref fault, ref leaf, out isChanged))
            {
                return false;
            }
        }
        while (isChanged);
        return true;
    }
}
