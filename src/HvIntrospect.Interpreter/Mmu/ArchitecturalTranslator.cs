using System;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Threading;
using HvIntrospect.Interpreter.Memory;
using HvIntrospect.Interpreter.State;
using HvIntrospect.Registers;

namespace HvIntrospect.Interpreter.Mmu;

/// <summary>The MMU of one vCPU: both stages of the EL1&amp;0 regime as hardware walks them, behind an explicit TLB.</summary>
/// <remarks>
/// <para>Arm Architecture Reference Manual (DDI 0487), "The AArch64 Virtual Memory System Architecture". Translations stay in the TLB until the right
/// maintenance reaches them, however wrong they have become: combined entries survive maintenance of Stage 2, and entries of Stage 2 survive
/// maintenance of Stage 1. Translation, Access flag and Address size faults are never cached. HCR_EL2.VM and DC count as cached in entries.</para>
/// <para>IMPLEMENTATION DEFINED and CONSTRAINED UNPREDICTABLE choices: TxSZ out of its range and an inconsistent SL0 are level 0 Translation faults; the
/// Contiguous bit is ignored; ASIDs are 16 bits. Every descriptor is hostile: a walk reads at most four of them at each stage and never fails.</para>
/// </remarks>
internal sealed unsafe class ArchitecturalTranslator : ITranslator
{
    private const int CombinedSets = 512;
    private const int Stage2Sets = 256;
    private const int DescriptorAddressBits = 48;
    private const ulong AddressMask = (1UL << DescriptorAddressBits) - 1;
    private const int MinimumTxsz = 16;
    private const int MaximumTxsz = 39;

    private readonly PhysicalMemory _memory;
    private readonly A64Features _features;
    private readonly int _addressBits;
    private readonly InlineAccessFilter _filter;
    private readonly Tlb _combined = new(CombinedSets);
    private readonly Tlb _stage2 = new(Stage2Sets);

    /// <summary>Initialises an MMU with an empty TLB.</summary>
    /// <param name="memory">The machine's RAM, which holds the tables.</param>
    /// <param name="features">What the vCPU implements.</param>
    /// <param name="addressBits">The physical address size: one of <see cref="PhysicalAddressSize"/>.</param>
    /// <param name="filter">What is denied on top of Stage 2.</param>
    public ArchitecturalTranslator(PhysicalMemory memory, A64Features features, int addressBits, InlineAccessFilter filter)
    {
        _memory = memory;
        _features = features;
        _addressBits = addressBits;
        _filter = filter;
    }

    /// <inheritdoc/>
    public void Translate(CpuState* cpu, ulong va, AccessKind kind, int el, out TranslationResult result)
    {
        result = default;
        result.Fault.Va = va;
        result.Fault.IsCacheMaintenance = kind is AccessKind.CacheMaintenance or AccessKind.CacheInvalidation;
        result.Fault.IsWrite = kind == AccessKind.Write || result.Fault.IsCacheMaintenance;
        Stage2Access needed = NeededBy(kind, el);
        bool pan = el == 1 && !result.Fault.IsCacheMaintenance && new Spsr(cpu->Pstate).Pan;
        if (!TryResolve(cpu, va, el, needed, pan, throughStage2: true, ref result.Fault, out TlbEntry entry))
        {
            result.IsDevice = entry.Attributes1.IsDevice && (entry.Flags & TlbFlags.Valid) != 0;
            return;
        }

        result.IsStage2Device = !entry.Attributes1.IsDevice && entry.Attributes2.IsDevice && (entry.Flags & TlbFlags.Stage2) != 0;
        result.IsDevice = entry.Attributes1.IsDevice || result.IsStage2Device;
        result.Ipa = entry.Ipa + (va & RangeMask(entry.Shift));
        Stage2Access permitted2 = At(entry.Permissions2, el);
        Stage2Access denied = _filter.DeniedAt(result.Ipa);
        if (!IsPermitted(needed, permitted2, kind, entry.Level2, ref result.Fault))
        {
            result.Fault.IsStage2 = true;
            result.Fault.Ipa = result.Ipa;
            return;
        }

        result.Pa = entry.Output + (va & RangeMask(entry.Shift));
        result.Permitted = At(Effective(entry, pan), el) & permitted2 & ~denied;

        // A denial stands for the permission of one page, which a real Stage 2 could only express at the last level.
        if (!IsPermitted(needed, ~denied, kind, 3, ref result.Fault))
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
        Stage2Access needed = isWrite ? Stage2Access.Write : Stage2Access.Read;
        if (!TryResolve(cpu, va, el, needed, pan, bothStages, ref fault, out TlbEntry entry))
        {
            return Par.FromFault(fault.Status, fault.IsStage2, fault.IsStage1Walk);
        }

        ulong offset = va & RangeMask(entry.Shift);
        if (!bothStages)
        {
            return Par.FromTranslation(entry.Ipa + offset, entry.Attributes1.Type, entry.Attributes1.Shareability);
        }

        if ((needed & ~(At(entry.Permissions2, el) & ~_filter.DeniedAt(entry.Ipa + offset))) != 0)
        {
            fault.IsStage2 = true;
            fault.Ipa = entry.Ipa + offset;
            fault.Status = FaultStatus.Create(FaultKind.Permission, entry.Level2);
            return Par.FromFault(fault.Status, isStage2: true, isStage1Walk: false);
        }

        MemoryAttributes attributes = entry.Attributes1;
        if ((entry.Flags & TlbFlags.Stage2) != 0)
        {
            bool uncached = (cpu->System.HcrEl2 & (ulong)HcrBits.Cd) != 0;
            attributes = attributes.CombineWith(uncached ? entry.Attributes2.WithoutCaching() : entry.Attributes2);
        }

        return Par.FromTranslation(entry.Output + offset, attributes.Type, attributes.Shareability);
    }

    /// <summary>Removes entries that translate virtual addresses: those of Stage 1 and the combined ones.</summary>
    /// <param name="cpu">The vCPU, whose host-pointer caches follow.</param>
    /// <param name="scope">Which.</param>
    public void InvalidateStage1(CpuState* cpu, in TlbScope scope)
    {
        _combined.Invalidate(scope);
        FastTlb.Flush(cpu);
    }

    /// <summary>Removes entries that translate intermediate physical addresses. Combined entries stay.</summary>
    /// <param name="scope">Which.</param>
    public void InvalidateStage2(in TlbScope scope) => _stage2.Invalidate(scope);

    /// <summary>Copies the TLBs.</summary>
    /// <returns>The copy.</returns>
    public Entries Save() => new(_combined.Copy(), _stage2.Copy());

    /// <summary>Makes the TLBs hold what they held.</summary>
    /// <param name="entries">What <see cref="Save"/> copied, or null for nothing.</param>
    public void Restore(Entries? entries)
    {
        _combined.Assign(entries?.Combined);
        _stage2.Assign(entries?.Stage2);
    }

    /// <summary>Gets the VMID under which a vCPU runs.</summary>
    /// <param name="cpu">The vCPU.</param>
    /// <returns>VTTBR_EL2.VMID, 8 or 16 bits of it, whether Stage 2 is on or not.</returns>
    public ushort CurrentVmid(CpuState* cpu)
    {
        // 16-bit VMIDs are optional from Armv8.1 on; here they come with it.
        ushort vmid = new Vttbr(cpu->System.VttbrEl2).Vmid;
        bool wide = (_features & A64Features.VHE) != 0 && new Vtcr(cpu->System.VtcrEl2).HasWideVmid;
        return wide ? vmid : (byte)vmid;
    }

    /// <summary>Gets an ASID without the bits that TCR_EL1.AS leaves unused.</summary>
    /// <param name="cpu">The vCPU.</param>
    /// <param name="asid">16 bits.</param>
    /// <returns>8 or 16 bits of it.</returns>
    public static ushort EffectiveAsid(CpuState* cpu, ushort asid) => new Tcr(cpu->System.TcrEl1).Has(TcrBits.As) ? asid : (byte)asid;

    private static Stage2Access NeededBy(AccessKind kind, int el) => kind switch
    {
        AccessKind.Read => Stage2Access.Read,
        AccessKind.Write or AccessKind.CacheInvalidation => Stage2Access.Write,
        AccessKind.Fetch => Stage2Access.Execute,
        AccessKind.Modify => Stage2Access.ReadWrite,
        _ => el == 0 ? Stage2Access.Read : Stage2Access.None,
    };

    private static Stage2Access At(PagePermissions permissions, int el) => (Stage2Access)((int)permissions >> (el == 0 ? 3 : 0)) & Stage2Access.All;

    private static ulong RangeMask(int shift) => (1UL << shift) - 1;

    // PSTATE.PAN takes data accesses of EL1 away from what EL0 may access. It is not part of an entry, because it changes without maintenance.
    private static PagePermissions Effective(in TlbEntry entry, bool pan)
    {
        bool denied = pan && (entry.Flags & TlbFlags.Stage1) != 0 && (entry.Permissions1 & PagePermissions.ReadEl0) != 0;
        return denied ? entry.Permissions1 & ~(PagePermissions.ReadEl1 | PagePermissions.WriteEl1) : entry.Permissions1;
    }

    private static bool IsPermitted(Stage2Access needed, Stage2Access permitted, AccessKind kind, int level, ref FaultRecord fault)
    {
        Stage2Access missing = needed & ~permitted;
        if (missing == Stage2Access.None)
        {
            return true;
        }

        fault.Status = FaultStatus.Create(FaultKind.Permission, level);
        fault.IsWrite = kind == AccessKind.Modify ? (missing & Stage2Access.Read) == 0 : fault.IsWrite;
        return false;
    }

    private static bool IsStage1On(CpuState* cpu)
    {
        const ulong Off = (ulong)(HcrBits.Dc | HcrBits.Tge);
        return (cpu->System.SctlrEl1 & (ulong)SctlrBits.M) != 0 && (cpu->System.HcrEl2 & Off) == 0;
    }

    private static bool IsStage2On(CpuState* cpu) => (cpu->System.HcrEl2 & (ulong)(HcrBits.Vm | HcrBits.Dc)) != 0;

    private static bool Fail(ref FaultRecord fault, FaultKind kind, int level)
    {
        fault.Status = FaultStatus.Create(kind, level);
        return false;
    }

    // Resolves an address to a TLB entry, checking the permissions of Stage 1 before Stage 2 is looked at. A fault leaves in the entry what is known of it.
    private bool TryResolve(
        CpuState* cpu, ulong va, int el, Stage2Access needed, bool pan, bool throughStage2, ref FaultRecord fault, out TlbEntry entry)
    {
        bool stage1 = IsStage1On(cpu);
        var tcr = new Tcr(cpu->System.TcrEl1);
        bool upper = (va & (1UL << 55)) != 0;
        bool topByteIgnored = tcr.Has(upper ? TcrBits.Tbi1 : TcrBits.Tbi0);
        ulong input = !topByteIgnored ? va : upper && stage1 ? va | (0xFFUL << 56) : va & (ulong.MaxValue >> 8);
        ushort vmid = CurrentVmid(cpu);
        ushort asid = EffectiveAsid(cpu, new Ttbr(tcr.Has(TcrBits.A1) ? cpu->System.Ttbr1El1 : cpu->System.Ttbr0El1).Asid);
        TlbFlags tag = TlbFlags.Valid | (stage1 ? TlbFlags.Stage1 : TlbFlags.None);
        ref TlbEntry found = ref _combined.Find(input, vmid, asid, tag);
        if (!Unsafe.IsNullRef(ref found))
        {
            entry = found;
            if (!stage1)
            {
                // One entry serves fetches and data, which are of different types then.
                entry.Attributes1 = AttributesWithoutStage1(cpu, needed);
            }

            return IsPermittedByStage1(entry, el, needed, pan, ref fault);
        }

        entry = default;
        entry.Vmid = vmid;
        entry.Asid = asid;
        if (stage1 ? !TryWalkStage1(cpu, input, ref fault, ref entry) : !TryPassStage1(cpu, input, needed, ref fault, ref entry))
        {
            return false;
        }

        entry.Flags |= tag;
        if (!IsPermittedByStage1(entry, el, needed, pan, ref fault))
        {
            return false;
        }

        if (!throughStage2)
        {
            return true;
        }

        if (IsStage2On(cpu))
        {
            ulong ipa = entry.Ipa | (input & RangeMask(entry.Shift));
            if (!TryResolveStage2(cpu, ipa, ref fault, out TlbEntry stage2))
            {
                return false;
            }

            Combine(input, ipa, stage2, ref entry);
        }
        else
        {
            entry.Output = entry.Ipa;
            entry.Permissions2 = PagePermissions.All;
            if (!stage1)
            {
                return true;
            }
        }

        _combined.Add(cpu, entry);
        return true;
    }

    private static bool IsPermittedByStage1(in TlbEntry entry, int el, Stage2Access needed, bool pan, ref FaultRecord fault)
    {
        AccessKind kind = needed == Stage2Access.ReadWrite ? AccessKind.Modify : AccessKind.Read;
        return IsPermitted(needed, At(Effective(entry, pan), el), kind, entry.Level1, ref fault);
    }

    private static void Combine(ulong input, ulong ipa, in TlbEntry stage2, ref TlbEntry entry)
    {
        bool stage1 = (entry.Flags & TlbFlags.Stage1) != 0;
        entry.Shift = stage1 && entry.Shift < stage2.Shift ? entry.Shift : stage2.Shift;
        entry.LeafShift = stage1 ? entry.LeafShift : entry.Shift;
        ulong mask = RangeMask(entry.Shift);
        entry.Input = input & ~mask;
        entry.Ipa = ipa & ~mask;
        entry.Output = stage2.Output + (entry.Ipa - stage2.Input);
        entry.Level2 = stage2.Level2;
        entry.Permissions2 = stage2.Permissions2;
        entry.Attributes2 = stage2.Attributes2;
        entry.Flags |= TlbFlags.Stage2;
    }

    private bool TryPassStage1(CpuState* cpu, ulong input, Stage2Access needed, ref FaultRecord fault, ref TlbEntry entry)
    {
        if (input >> _addressBits != 0)
        {
            return Fail(ref fault, FaultKind.AddressSize, 0);
        }

        entry.Attributes1 = AttributesWithoutStage1(cpu, needed);
        entry.Flags = TlbFlags.Global;
        entry.Shift = PhysicalMemory.PageShift;
        entry.LeafShift = PhysicalMemory.PageShift;
        entry.Input = input & ~RangeMask(entry.Shift);
        entry.Ipa = entry.Input;
        entry.Permissions1 = PagePermissions.All;
        return true;
    }

    private static MemoryAttributes AttributesWithoutStage1(CpuState* cpu, Stage2Access needed)
    {
        const byte WriteThrough = 0xAA;
        const byte NonCacheable = 0x44;
        bool cacheable = (cpu->System.SctlrEl1 & (ulong)SctlrBits.I) != 0;
        return (cpu->System.HcrEl2 & (ulong)HcrBits.Dc) != 0 ? MemoryAttributes.DefaultCacheable
            : needed == Stage2Access.Execute ? new MemoryAttributes(cacheable ? WriteThrough : NonCacheable, 2)
            : MemoryAttributes.StronglyOrdered;
    }

    private bool TryWalkStage1(CpuState* cpu, ulong input, ref FaultRecord fault, ref TlbEntry entry)
    {
        var tcr = new Tcr(cpu->System.TcrEl1);
        var sctlr = new Sctlr(cpu->System.SctlrEl1);
        bool upper = (input & (1UL << 55)) != 0;
        int txsz = upper ? tcr.T1sz : tcr.T0sz;
        int inputBits = 64 - txsz;
        if (txsz is < MinimumTxsz or > MaximumTxsz || tcr.Has(upper ? TcrBits.Epd1 : TcrBits.Epd0) || (long)input >> inputBits != (upper ? -1 : 0))
        {
            return Fail(ref fault, FaultKind.Translation, 0);
        }

        Granule granule = Granule.Of(upper ? tcr.Granule1 : tcr.Granule0);
        WalkSetup setup = default;
        setup.Granule = granule;
        setup.StartLevel = granule.Stage1StartLevel(inputBits);
        setup.InputBits = inputBits;
        setup.OutputBits = OutputBits(tcr.Ips);
        setup.Root = new Ttbr(upper ? cpu->System.Ttbr1El1 : cpu->System.Ttbr0El1).Base.Value;
        setup.BigEndian = sctlr.Has(SctlrBits.Ee);
        setup.TablesThroughStage2 = IsStage2On(cpu);
        if (!TryWalk(cpu, setup, input, ref fault, out WalkLeaf leaf))
        {
            return false;
        }

        ulong descriptor = leaf.Descriptor;
        entry.Shift = (byte)leaf.Shift;
        entry.LeafShift = (byte)leaf.Shift;
        entry.Input = input & ~RangeMask(leaf.Shift);
        entry.Ipa = leaf.Output;
        entry.Level1 = (byte)leaf.Level;


        // FEAT_HPDS is part of Armv8.1.
        bool isFlat = (_features & A64Features.VHE) != 0 && tcr.Has(upper ? TcrBits.Hpd1 : TcrBits.Hpd0);
        entry.Permissions1 = Stage1Permissions(descriptor, isFlat ? 0 : leaf.Hierarchy, sctlr.Has(SctlrBits.Wxn));
        entry.Attributes1 = new MemoryAttributes(new Mair(cpu->System.MairEl1)[(int)(descriptor >> 2) & 7], (int)(descriptor >> 8) & 3);
        entry.Flags = (descriptor & (1UL << 11)) == 0 ? TlbFlags.Global : TlbFlags.None;
        return true;
    }

    private static PagePermissions Stage1Permissions(ulong descriptor, ulong hierarchy, bool writeExecuteNever)
    {
        bool user = (descriptor & (1UL << 6)) != 0 && (hierarchy & (1UL << 61)) == 0;
        bool writable = (descriptor & (1UL << 7)) == 0 && (hierarchy & (1UL << 62)) == 0;
        bool userNever = ((descriptor & (1UL << 54)) | (hierarchy & (1UL << 60))) != 0;
        bool privilegedNever = ((descriptor & (1UL << 53)) | (hierarchy & (1UL << 59))) != 0;
        PagePermissions result = PagePermissions.ReadEl1;
        result |= writable ? PagePermissions.WriteEl1 : 0;
        result |= user ? PagePermissions.ReadEl0 : 0;
        result |= user && writable ? PagePermissions.WriteEl0 : 0;

        // What EL0 can write EL1 never executes; with WXN nobody executes what he can write.
        result |= privilegedNever || (user && writable) || (writable && writeExecuteNever) ? 0 : PagePermissions.ExecuteEl1;
        result |= userNever || (user && writable && writeExecuteNever) ? 0 : PagePermissions.ExecuteEl0;
        return result;
    }

    private bool TryResolveStage2(CpuState* cpu, ulong ipa, ref FaultRecord fault, out TlbEntry entry)
    {
        const TlbFlags Tag = TlbFlags.Valid;
        ushort vmid = CurrentVmid(cpu);
        ref TlbEntry found = ref _stage2.Find(ipa, vmid, 0, Tag);
        if (!Unsafe.IsNullRef(ref found))
        {
            entry = found;
            return true;
        }

        entry = default;
        fault.IsStage2 = true;
        fault.Ipa = ipa;
        var vtcr = new Vtcr(cpu->System.VtcrEl2);
        Granule granule = Granule.Of(vtcr.Granule);
        int inputBits = 64 - vtcr.T0sz;
        if (vtcr.T0sz > MaximumTxsz || inputBits > _addressBits || ipa >> inputBits != 0
            || granule.Stage2StartLevel(vtcr.Sl0, _addressBits) is not int start || !IsConsistent(granule, start, inputBits))
        {
            return Fail(ref fault, FaultKind.Translation, 0);
        }

        WalkSetup setup = default;
        setup.Granule = granule;
        setup.StartLevel = start;
        setup.InputBits = inputBits;
        setup.OutputBits = OutputBits(vtcr.Ps);
        setup.Root = new Vttbr(cpu->System.VttbrEl2).Base.Value;
        setup.BigEndian = (cpu->System.SctlrEl2 & (ulong)SctlrBits.Ee) != 0;
        if (!TryWalk(cpu, setup, ipa, ref fault, out WalkLeaf leaf))
        {
            return false;
        }

        fault.IsStage2 = false;
        entry.Vmid = vmid;
        entry.Shift = (byte)leaf.Shift;
        entry.LeafShift = (byte)leaf.Shift;
        entry.Input = ipa & ~RangeMask(leaf.Shift);
        entry.Output = leaf.Output;
        entry.Level2 = (byte)leaf.Level;
        entry.Permissions2 = Stage2Permissions(leaf.Descriptor);
        entry.Attributes2 = MemoryAttributes.FromStage2(leaf.Descriptor);
        entry.Flags = TlbFlags.Valid | TlbFlags.Global;
        _stage2.Add(cpu, entry);
        return true;
    }

    // The root may be one table or up to 16 concatenated ones, so that one level resolves 1 to stride + 4 bits.
    private static bool IsConsistent(Granule granule, int startLevel, int inputBits)
    {
        int minimum = granule.ShiftAt(startLevel) + 1;
        return inputBits >= minimum && inputBits <= minimum + granule.Stride + 3;
    }

    private PagePermissions Stage2Permissions(ulong descriptor)
    {
        PagePermissions result = PagePermissions.None;
        result |= (descriptor & (1UL << 6)) != 0 ? PagePermissions.ReadEl1 | PagePermissions.ReadEl0 : 0;
        result |= (descriptor & (1UL << 7)) != 0 ? PagePermissions.WriteEl1 | PagePermissions.WriteEl0 : 0;
        bool never = (descriptor & (1UL << 54)) != 0;
        bool other = (_features & A64Features.XNX) != 0 && (descriptor & (1UL << 53)) != 0;

        // XN[1:0]: 00 both, 01 EL0 only, 10 nobody, 11 EL1 only. Without FEAT_XNX the lower bit counts as 0.
        result |= never == other ? PagePermissions.ExecuteEl1 : 0;
        result |= never ? 0 : PagePermissions.ExecuteEl0;
        return result;
    }

    private int OutputBits(int encoded)
    {
        // Descriptors hold 48 bits: 52-bit output addresses (FEAT_LPA) are not implemented.
        int bits = Math.Min(PhysicalAddressSize.BitsOf(encoded), DescriptorAddressBits);
        return Math.Min(bits, _addressBits);
    }

    private bool TryWalk(CpuState* cpu, in WalkSetup setup, ulong input, ref FaultRecord fault, out WalkLeaf leaf)
    {
        leaf = default;
        Granule granule = setup.Granule;
        int level = setup.StartLevel;
        int shift = granule.ShiftAt(level);
        ulong entries = 1UL << (setup.InputBits - shift);
        ulong table = setup.Root & ~((entries * 8) - 1);
        if (table >> setup.OutputBits != 0)
        {
            return Fail(ref fault, FaultKind.AddressSize, 0);
        }

        while (true)
        {
            ulong address = table + (((input >> shift) & (entries - 1)) * 8);
            if (!TryReadDescriptor(cpu, setup, address, level, ref fault, out ulong descriptor))
            {
                return false;
            }

            bool isTableOrPage = (descriptor & 2) != 0;
            if ((descriptor & 1) == 0 || (!isTableOrPage && (level < granule.FirstBlockLevel || level == 3)))
            {
                return Fail(ref fault, FaultKind.Translation, level);
            }

            bool isLeaf = level == 3 || !isTableOrPage;
            ulong output = descriptor & AddressMask & ~RangeMask(isLeaf ? shift : granule.PageShift);
            if (output >> setup.OutputBits != 0)
            {
                return Fail(ref fault, FaultKind.AddressSize, level);
            }

            if (isLeaf)
            {
                leaf.Descriptor = descriptor;
                leaf.Output = output;
                leaf.Level = level;
                leaf.Shift = shift;
                return (descriptor & (1UL << 10)) != 0 || Fail(ref fault, FaultKind.AccessFlag, level);
            }

            leaf.Hierarchy |= descriptor;
            table = output;
            level++;
            shift -= granule.Stride;
            entries = 1UL << granule.Stride;
        }
    }

    private bool TryReadDescriptor(CpuState* cpu, in WalkSetup setup, ulong address, int level, ref FaultRecord fault, out ulong descriptor)
    {
        descriptor = 0;
        ulong pa = address;
        if (setup.TablesThroughStage2)
        {
            if (!TryResolveStage2(cpu, address, ref fault, out TlbEntry stage2))
            {
                fault.IsStage1Walk = true;
                return false;
            }

            bool readable = (stage2.Permissions2 & PagePermissions.ReadEl1) != 0;
            bool protectedWalk = (cpu->System.HcrEl2 & (ulong)HcrBits.Ptw) != 0 && stage2.Attributes2.IsDevice;
            bool denied = (_filter.DeniedAt(address) & Stage2Access.Read) != 0;
            if (!readable || protectedWalk || denied)
            {
                fault.IsStage2 = true;
                fault.IsStage1Walk = true;
                fault.Ipa = address;
                return Fail(ref fault, FaultKind.Permission, readable && !protectedWalk ? 3 : stage2.Level2);
            }

            pa = stage2.Output + (address - stage2.Input);
        }

        if (!_memory.TryGetPage(pa, out RamPage page))
        {
            return Fail(ref fault, FaultKind.SynchronousExternalOnWalk, level);
        }

        ulong word = Volatile.Read(ref *(ulong*)(page.Host + (pa & (PhysicalMemory.PageSize - 8))));
        descriptor = setup.BigEndian ? BinaryPrimitives.ReverseEndianness(word) : word;
        return true;
    }

    /// <summary>The TLB entries at one moment.</summary>
    /// <param name="Combined">The combined entries.</param>
    /// <param name="Stage2">Those of Stage 2.</param>
    internal sealed record Entries(Tlb Combined, Tlb Stage2);
}
