using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.Memory;
using HvIntrospect.Interpreter.State;
using HvIntrospect.Registers;
using HvIntrospect.Translation;

namespace HvIntrospect.Interpreter.Mmu;

/// <summary>Stage 1 of one vCPU: from virtual to intermediate physical addresses, by a TLB and the tables behind it.</summary>
/// <remarks>IMPLEMENTATION DEFINED choice: TxSZ out of its range is a level 0 Translation fault.</remarks>
internal sealed unsafe class Stage1Lookup
{
    private const int Sets = 256;
    private const ulong NotGlobalBit = 1UL << 11;
    private const ulong GuardedBit = 1UL << 50;

    private readonly DescriptorWalk _walk;
    private readonly TranslationFeatures _features;
    private readonly int _addressBits;

    /// <summary>Initialises a stage with an empty TLB.</summary>
    /// <param name="memory">The machine's RAM, which holds the tables.</param>
    /// <param name="features">What the core implements of translation.</param>
    /// <param name="addressBits">The physical address size.</param>
    /// <param name="stage2">What the tables' addresses go through.</param>
    public Stage1Lookup(PhysicalMemory memory, TranslationFeatures features, int addressBits, Stage2Lookup stage2)
    {
        _walk = new DescriptorWalk(memory, stage2);
        _features = features;
        _addressBits = addressBits;
    }

    /// <summary>Gets the entries that translate virtual addresses to intermediate physical ones. Only while Stage 2 is on are there any: otherwise the combined ones are the same.</summary>
    public Tlb Entries { get; } = new(Sets);

    /// <summary>Gets the tables that walks have come through.</summary>
    public WalkCache Tables => _walk.Cache;

    /// <summary>Translates an address and checks the permissions of the stage.</summary>
    /// <param name="cpu">The vCPU.</param>
    /// <param name="regime">The controls, which have the stage on.</param>
    /// <param name="input">The address without a tag.</param>
    /// <param name="demand">What is asked.</param>
    /// <param name="fault">Receives the fault.</param>
    /// <param name="entry">The translation, without Stage 2. A Permission fault leaves it too.</param>
    /// <returns>False for a fault.</returns>
    public bool TryResolve(
        CpuState* cpu, in TranslationRegime regime, ulong input, in AccessDemand demand, ref FaultRecord fault, out TlbEntry entry)
    {
        ref TlbEntry found = ref Entries.Find(input, regime.Vmid, regime.Asid, regime.Tag);
        if (!Unsafe.IsNullRef(ref found))
        {
            if (TlbConflict.MayArise(cpu, _features))
            {
                found = ref TlbConflict.Settle(cpu, ref found, ref Entries.Find(input, regime.Vmid, regime.Asid, regime.Tag, found.Shift), input, ref fault);
                if (Unsafe.IsNullRef(ref found))
                {
                    entry = default;
                    return false;
                }
            }

            if (!found.IsFirstWrite(demand))
            {
                entry = found;
                return entry.IsPermittedByStage1(regime, demand, ref fault);
            }

            found.Flags = TlbFlags.None;
        }

        entry = default;
        if (!TrySetUp(regime, input, ref fault, out WalkSetup setup))
        {
            return false;
        }

        setup.Tag = new WalkTag(regime.Vmid, regime.Asid, regime.IsHost);
        setup.Demand = demand;
        bool isChanged;
        do
        {
            if (!_walk.TryWalk(cpu, setup, input, ref fault, out WalkLeaf leaf))
            {
                return false;
            }

            // CONSTRAINED UNPREDICTABLE choice: an access that the stage refuses sets no Access flag.
            Describe(regime, setup, leaf, input, ref entry);
            if (!entry.IsPermittedByStage1(regime, demand, ref fault)
                || !_walk.TryUpdate(cpu, setup, demand.Dirties, ref fault, ref leaf, out isChanged))
            {
                return false;
            }

            SetState(setup, leaf.Descriptor, ref entry);
        }
        while (isChanged);

        if (regime.IsStage2On)
        {
            Entries.Add(cpu, entry, out _);
        }

        return true;
    }

    // What changes when the walker updates the descriptor.
    private void SetState(in WalkSetup setup, ulong descriptor, ref TlbEntry entry)
    {
        entry.Flags &= ~(TlbFlags.Clean | TlbFlags.Unkept);
        entry.Flags |= DescriptorWalk.IsManaged(setup, descriptor) && !DescriptorWalk.IsDirty(setup, descriptor) ? TlbFlags.Clean : TlbFlags.None;
        entry.Flags |= DescriptorWalk.IsKept(descriptor, entry.Level1, _features) ? TlbFlags.None : TlbFlags.Unkept;
    }

    private bool TrySetUp(in TranslationRegime regime, ulong input, ref FaultRecord fault, out WalkSetup setup)
    {
        setup = default;
        Tcr tcr = regime.Tcr;
        bool upper = TranslationRegime.IsUpper(input);
        var format = new TableFormat(upper ? tcr.Granule1 : tcr.Granule0, tcr.Has(TcrBits.Ds), _features, _addressBits);
        int txsz = upper ? tcr.T1sz : tcr.T0sz;
        int inputBits = 64 - txsz;
        if (format.NearestStage1Size(txsz, _features) != txsz || tcr.Has(upper ? TcrBits.Epd1 : TcrBits.Epd0) || (long)input >> inputBits != (upper ? -1 : 0))
        {
            return fault.Fail(FaultKind.Translation, 0);
        }

        bool isManaged = (_features & TranslationFeatures.HAFDBS) != 0 && tcr.Has(TcrBits.Ha);
        setup.SetGeometry(format, format.Stage1StartLevel(inputBits), inputBits, regime.Ttbr(upper), tcr.Ips);
        setup.Shareability = upper ? tcr.Shareability1 : tcr.Shareability0;
        setup.BigEndian = regime.Sctlr.Has(SctlrBits.Ee);
        setup.TablesThroughStage2 = regime.IsStage2On;
        setup.HardwareAccessFlag = isManaged;
        setup.HardwareDirtyState = isManaged && tcr.Has(TcrBits.Hd);
        setup.IgnoresContiguous = regime.HasProtectedDescriptors;
        return true;
    }

    private void Describe(in TranslationRegime regime, in WalkSetup setup, in WalkLeaf leaf, ulong input, ref TlbEntry entry)
    {
        ulong descriptor = leaf.Descriptor;
        bool isFlat = (_features & TranslationFeatures.HPDS) != 0 && regime.Tcr.Has(TranslationRegime.IsUpper(input) ? TcrBits.Hpd1 : TcrBits.Hpd0);
        bool isWritable = DescriptorWalk.IsDirty(setup, descriptor) || DescriptorWalk.IsManaged(setup, descriptor);
        entry.Vmid = regime.Vmid;
        entry.Asid = regime.Asid;
        entry.SetLeaf(setup, leaf, input);
        entry.Ipa = leaf.Output & ~Tlb.RangeMask(leaf.Span);
        entry.Level1 = (byte)leaf.Level;
        entry.Permissions1 = DescriptorPermissions.OfStage1(descriptor, isWritable, isFlat ? 0 : leaf.Hierarchy, regime.Sctlr.Has(SctlrBits.Wxn));
        entry.Attributes1 = new MemoryAttributes(regime.Mair[(int)(descriptor >> 2) & 7], setup.ShareabilityOf(descriptor));
        entry.Flags = regime.Tag | ((descriptor & NotGlobalBit) == 0 ? TlbFlags.Global : TlbFlags.None);
        entry.Flags |= (descriptor & GuardedBit) != 0 ? TlbFlags.Guarded : TlbFlags.None;
    }
}
