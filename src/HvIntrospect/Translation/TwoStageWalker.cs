using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using HvIntrospect.Registers;
using HvIntrospect.Translation.Stage2;

namespace HvIntrospect.Translation;

/// <summary>Walks both stages of the EL1&amp;0 regime in software, from a virtual to a physical address, as the core with these controls of EL2 does.</summary>
/// <remarks>
/// <para>Arm Architecture Reference Manual (DDI 0487), "Translation stages" and "Memory region attributes". The tables of Stage 1 are read through Stage 2. A walk
/// writes nothing: where hardware would set the Access flag or the dirty state, the access is reported as translated. Tables and registers
/// may be hostile: a walk reads a bounded number of descriptors (each of at most five of Stage 1 takes at most five of Stage 2, and so does the byte), allocates nothing and never throws.</para>
/// <para>While HCR_EL2.E2H and TGE are both set, the regime is EL2&amp;0: it has no Stage 2, and the registers of a call are those of EL2. With TGE alone Stage 1 is off.
/// Immutable and thread-safe.</para>
/// </remarks>
public sealed class TwoStageWalker
{
    private const int MostChangesOfTables = 4;

    private readonly IPhysicalMemory _memory;
    private readonly Hcr _hcr;
    private readonly int _addressBits;
    private readonly TranslationFeatures _features;
    private readonly bool _forcesWriteBack;
    private readonly Stage1Walker _stage1;
    private readonly Stage2Walker? _stage2;

    /// <summary>Makes a walker for a vCPU's controls of EL2.</summary>
    /// <param name="memory">Physical memory, which holds the tables of both stages.</param>
    /// <param name="hcr">The value of HCR_EL2: VM, DC, DCT, PTW, CD, ID, FWB, E2H and TGE count.</param>
    /// <param name="vtcr">The value of VTCR_EL2.</param>
    /// <param name="vttbr">The value of VTTBR_EL2; its VMID is not used.</param>
    /// <param name="physicalAddressBits">The physical address size of the cores (ID_AA64MMFR0_EL1.PARange), 32 to 52 bits.</param>
    /// <param name="features">What the cores implement beyond Armv8.0. FWB has no effect without FEAT_S2FWB.</param>
    /// <exception cref="ArgumentNullException"><paramref name="memory"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="physicalAddressBits"/> is not 32 to 52.</exception>
    public TwoStageWalker(
        IPhysicalMemory memory, Hcr hcr, Vtcr vtcr, Vttbr vttbr, int physicalAddressBits, TranslationFeatures features = TranslationFeatures.None)
    {
        bool isHost = hcr.Has(HcrBits.E2h) && hcr.Has(HcrBits.Tge);
        _memory = memory ?? throw new ArgumentNullException(nameof(memory));
        _hcr = isHost ? hcr.With(HcrBits.Vm | HcrBits.Dc | HcrBits.Tge, set: false) : hcr;
        _addressBits = physicalAddressBits;
        _features = features;
        _forcesWriteBack = hcr.Has(HcrBits.Fwb) && (features & TranslationFeatures.S2FWB) != 0;
        _stage1 = NewStage1Walker(trace: null);
        _stage2 = _hcr.Has(HcrBits.Vm | HcrBits.Dc)
            ? new Stage2Walker(memory, vtcr, vttbr, physicalAddressBits, features, _forcesWriteBack)
            : null;
    }

    /// <summary>Translates one byte.</summary>
    /// <param name="address">The virtual address of the byte.</param>
    /// <param name="access">What both stages check.</param>
    /// <param name="registers">The Stage 1 controls of the vCPU.</param>
    /// <returns>The physical address or the fault that hardware would raise.</returns>
    public TwoStageTranslation Translate(Va address, Stage1Access access, in TranslationRegisters registers) =>
        Translate(_stage1, null, address, access, Effective(registers));

    /// <summary>Translates one byte and tells every descriptor that was read. It allocates, unlike <see cref="Translate(Va, Stage1Access, in TranslationRegisters)"/>, whose result is the same.</summary>
    /// <param name="address">The virtual address of the byte.</param>
    /// <param name="access">What both stages check.</param>
    /// <param name="registers">The Stage 1 controls of the vCPU.</param>
    /// <param name="translation">The physical address or the fault.</param>
    /// <returns>The descriptors in the order of the walk: before each one of Stage 1 those of Stage 2 that lead to it, and last those that lead to the byte.</returns>
    public IReadOnlyList<WalkedDescriptor> Trace(Va address, Stage1Access access, in TranslationRegisters registers, out TwoStageTranslation translation)
    {
        var trace = new List<WalkedDescriptor>();
        translation = Translate(NewStage1Walker(trace), trace, address, access, Effective(registers));
        bool isBigEndian = new Sctlr(registers.SctlrEl1).Has(SctlrBits.Ee);

        // Where Stage 2 denied the last descriptor of Stage 1, it was not read.
        int level = translation.IsStage1Walk ? translation.Stage1.Level - 1 : translation.Stage1.Level;
        for (int i = trace.Count - 1; i >= 0; i--)
        {
            WalkedDescriptor read = trace[i];
            if (read.Stage == 1)
            {
                ulong? value = isBigEndian && read.Value is ulong bytes ? BinaryPrimitives.ReverseEndianness(bytes) : read.Value;
                trace[i] = new WalkedDescriptor(1, level--, read.Ipa, read.Pa, value);
            }
        }

        return trace;
    }

    private Stage1Walker NewStage1Walker(List<WalkedDescriptor>? trace) =>
        new(new GuestTables(this, trace), _addressBits, _features, _hcr.Has(HcrBits.Dc));

    private TranslationRegisters Effective(in TranslationRegisters registers)
    {
        TranslationRegisters effective = registers;
        effective.SctlrEl1 = _hcr.Has(HcrBits.Dc | HcrBits.Tge) ? effective.SctlrEl1 & ~(ulong)SctlrBits.M : effective.SctlrEl1;
        return effective;
    }

    private TwoStageTranslation Translate(
        Stage1Walker walker, List<WalkedDescriptor>? trace, Va address, Stage1Access access, in TranslationRegisters registers)
    {
        for (int changes = 0; ; changes++)
        {
            trace?.Clear();
            Stage1Translation stage1 = walker.Translate(address, access, registers);
            if (!stage1.IsFault)
            {
                return Finish(stage1, trace, access, new Sctlr(registers.SctlrEl1).Has(SctlrBits.M));
            }

            if (!stage1.IsTableAbsent || _stage2 is null)
            {
                return TwoStageTranslation.Stage1Fault(stage1);
            }

            // The walker of Stage 1 cannot say why it did not get the descriptor: Stage 2 is asked again.
            Stage2Translation table = _stage2.Walk(stage1.DescriptorAddress, Stage2Access.Read);
            if (DenialOfWalk(table) is FaultStatus status)
            {
                return TwoStageTranslation.WalkFault(stage1, table, status);
            }

            // It does not deny it: there is no memory where it leads to, or somebody has changed the tables since.
            if (changes == MostChangesOfTables || !DescriptorSpan.TryCopy(_memory, table.Pa.Value, out _))
            {
                return TwoStageTranslation.Stage1Fault(stage1);
            }
        }
    }

    private TwoStageTranslation Finish(in Stage1Translation stage1, List<WalkedDescriptor>? trace, Stage1Access access, bool isStage1On)
    {
        MemoryAttributes type = _hcr.Has(HcrBits.Dc) && _hcr.Has(HcrBits.Dct) ? MemoryAttributes.NormalTagged : stage1.Attributes;
        if (_stage2 is null)
        {
            return TwoStageTranslation.Found(stage1, default).At(
                new Pa(stage1.Ipa.Value), stage1.Size, type, AttributeCombination.Effective(type, stage1.Shareability), stage1.Permissions);
        }

        // The bits of data accesses are the same in both stages.
        Stage2Access needed = access.Kind == Stage1AccessKind.Fetch ? FetchAt(access.IsUnprivileged) : (Stage2Access)access.Kind;
        Stage2Translation stage2 = WalkStage2(stage1.Ipa, needed, trace);
        TwoStageTranslation found = stage2.IsFault ? TwoStageTranslation.Stage2Fault(stage1, stage2) : TwoStageTranslation.Found(stage1, stage2);
        if (!stage2.IsMapped)
        {
            return found;
        }

        Stage2Attributes attributes = stage2.Attributes;
        bool isUncached = !attributes.IsDevice && _hcr.Has(access.Kind == Stage1AccessKind.Fetch ? HcrBits.Id : HcrBits.Cd);
        MemoryAttributes combined = AttributeCombination.Combine(
            type, isUncached ? Stage2MemoryType.NormalNonCacheable : attributes.MemoryType, _forcesWriteBack);
        Shareability shareability = AttributeCombination.Combine(combined, type, stage1.Shareability, attributes.Shareability);
        Stage2Access granted = _stage2.Granted(stage2.Descriptor);
        TranslationPermissions permitted = ((granted & Stage2Access.Read) != 0 ? TranslationPermissions.El0Read | TranslationPermissions.El1Read : 0)
            | ((granted & Stage2Access.Write) != 0 ? TranslationPermissions.El0Write | TranslationPermissions.El1Write : 0)
            | ((granted & Stage2Access.ExecuteEl0) != 0 ? TranslationPermissions.El0Fetch : 0)
            | ((granted & Stage2Access.ExecuteEl1) != 0 ? TranslationPermissions.El1Fetch : 0);
        ulong size = isStage1On ? Math.Min(stage1.Size, stage2.Size) : stage2.Size;
        return found.At(stage2.Pa, size, combined, shareability, stage1.Permissions & permitted);
    }

    private static Stage2Access FetchAt(bool isUnprivileged) => isUnprivileged ? Stage2Access.ExecuteEl0 : Stage2Access.ExecuteEl1;

    /// <summary>Tells why a walk of Stage 1 may not read a descriptor that Stage 2 has been asked for; null when it may.</summary>
    private FaultStatus? DenialOfWalk(in Stage2Translation table) =>
        table.IsFault ? table.Status
        : _hcr.Has(HcrBits.Ptw) && table.Attributes.IsDevice ? FaultStatus.Create(FaultKind.Permission, table.Level)
        : null;

    private Stage2Translation WalkStage2(Ipa address, Stage2Access access, List<WalkedDescriptor>? trace)
    {
        if (trace is null)
        {
            return _stage2!.Walk(address, access);
        }

        Span<Stage2WalkStep> steps = stackalloc Stage2WalkStep[Stage2Walker.MostDescriptors];
        Stage2Translation found = _stage2!.Trace(address, steps, out int count, access);
        foreach (Stage2WalkStep step in steps.Slice(0, count))
        {
            trace.Add(new WalkedDescriptor(2, step.Level, default, step.Address, step.Descriptor));
        }

        if (found.IsFault && found.Status.Kind == FaultKind.SynchronousExternalOnWalk)
        {
            trace.Add(new WalkedDescriptor(2, found.Level, default, found.DescriptorAddress, null));
        }

        return found;
    }

    /// <summary>What a walk of Stage 1 sees of its tables: memory behind Stage 2, of which it reads one descriptor at a time.</summary>
    private sealed class GuestTables : IGuestMemory
    {
        private readonly TwoStageWalker _owner;
        private readonly List<WalkedDescriptor>? _trace;

        public GuestTables(TwoStageWalker owner, List<WalkedDescriptor>? trace)
        {
            _owner = owner;
            _trace = trace;
        }

        public AtomicWidths CompareExchangeWidths => AtomicWidths.None;

        public int Read(Ipa address, Span<byte> destination)
        {
            var pa = new Pa(address.Value);
            if (_owner._stage2 is not null)
            {
                Stage2Translation table = _owner.WalkStage2(address, Stage2Access.Read, _trace);
                if (_owner.DenialOfWalk(table) is not null)
                {
                    return 0;
                }

                pa = table.Pa;
            }

            int count = _owner._memory.Read(pa, destination);
            bool isComplete = count == sizeof(ulong);
            _trace?.Add(new WalkedDescriptor(1, 0, address, pa, isComplete ? BinaryPrimitives.ReadUInt64LittleEndian(destination) : null));
            return count;
        }

        public int Write(Ipa address, ReadOnlySpan<byte> source) => 0;

        public CompareExchangeResult TryCompareExchange(
            Ipa address, ReadOnlySpan<byte> expected, ReadOnlySpan<byte> replacement, Span<byte> observed) => CompareExchangeResult.Absent;
    }
}
