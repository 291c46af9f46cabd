using System;
using HvIntrospect.Interpreter.Mmu;
using HvIntrospect.Registers;
using HvIntrospect.Translation;
using HvIntrospect.Translation.Stage2;

namespace HvIntrospect.Tests.Interpreter.Mmu;

/// <summary>The library's two walkers over the tables of a <see cref="TranslationWorld"/>: Stage 1 reads its tables through Stage 2, and nothing is cached or written.</summary>
internal sealed unsafe class SoftwareWalk : IGuestMemory
{
    private readonly TranslationWorld _world;
    private readonly Stage1Walker _stage1;
    private readonly Stage2Walker? _stage2;
    private readonly bool _protectsWalks;
    private FaultStatus? _walkFault;

    public SoftwareWalk(TranslationWorld world, int addressBits, TranslationFeatures features)
    {
        _world = world;
        var hcr = new Hcr(world.Cpu->System.HcrEl2);
        _stage1 = new Stage1Walker(this, addressBits, features, hcr.Has(HcrBits.Dc));
        _protectsWalks = hcr.Has(HcrBits.Ptw);
        _stage2 = hcr.Has(HcrBits.Vm | HcrBits.Dc)
            ? new Stage2Walker(world.Memory, new Vtcr(world.Cpu->System.VtcrEl2), new Vttbr(world.Cpu->System.VttbrEl2), addressBits, features)
            : null;
    }

    public AtomicWidths CompareExchangeWidths => AtomicWidths.None;

    /// <summary>Tells what an access gives: the physical address, or the fault with the stage, S1PTW, the level and the IPA.</summary>
    public string Describe(ulong va, AccessKind kind, Spsr state, bool unprivileged)
    {
        ref HvIntrospect.Interpreter.State.SystemState system = ref _world.Cpu->System;
        var registers = new TranslationRegisters
        {
            SctlrEl1 = system.SctlrEl1, TcrEl1 = system.TcrEl1, Ttbr0El1 = system.Ttbr0El1, Ttbr1El1 = system.Ttbr1El1, MairEl1 = system.MairEl1,
        };
        (Stage1AccessKind first, Stage2Access second) = kind switch
        {
            AccessKind.Fetch => (Stage1AccessKind.Fetch, Stage2Access.Execute),
            AccessKind.Write => (Stage1AccessKind.Write, Stage2Access.Write),
            AccessKind.Modify => (Stage1AccessKind.ReadWrite, Stage2Access.ReadWrite),
            _ => (Stage1AccessKind.Read, Stage2Access.Read),
        };
        Stage1Access access = kind == AccessKind.Fetch ? Stage1Access.ForFetch(state) : Stage1Access.ForData(state, first, unprivileged);
        _walkFault = null;
        Stage1Translation stage1 = _stage1.Translate(new Va(va), access, registers);
        if (stage1.IsTableAbsent && _walkFault is FaultStatus walk)
        {
            return Fault(2, walk, isWalk: true, stage1.DescriptorAddress.Value);
        }

        if (stage1.IsFault)
        {
            return Fault(1, stage1.Status, isWalk: false, 0);
        }

        if (_stage2 is null)
        {
            return Mapped(stage1.Ipa.Value, stage1.Attributes.IsDevice);
        }

        Stage2Translation stage2 = _stage2.Walk(stage1.Ipa, second, access.IsUnprivileged);
        return stage2.IsFault
            ? Fault(2, stage2.Status, isWalk: false, stage1.Ipa.Value)
            : Mapped(stage2.Pa.Value, stage1.Attributes.IsDevice || stage2.Attributes.IsDevice);
    }

    /// <summary>Tells the same of what the machine's MMU gave.</summary>
    public static string Describe(in TranslationResult result) => result.IsMapped
        ? Mapped(result.Pa, result.IsDevice)
        : Fault(result.Fault.IsStage2 ? 2 : 1, result.Fault.Status, result.Fault.IsStage1Walk, result.Fault.IsStage2 ? result.Fault.Ipa : 0);

    public int Read(Ipa address, Span<byte> destination)
    {
        if (_stage2 is null)
        {
            return _world.Memory.Read(new Pa(address.Value), destination);
        }

        Stage2Translation found = _stage2.Walk(address, Stage2Access.Read);
        bool isProtected = !found.IsFault && _protectsWalks && found.Attributes.IsDevice;
        if (found.IsFault || isProtected)
        {
            _walkFault = isProtected ? FaultStatus.Create(FaultKind.Permission, found.Level) : found.Status;
            return 0;
        }

        return _world.Memory.Read(found.Pa, destination);
    }

    public int Write(Ipa address, ReadOnlySpan<byte> source) => throw new InvalidOperationException("A walk writes nothing.");

    public CompareExchangeResult TryCompareExchange(
        Ipa address, ReadOnlySpan<byte> expected, ReadOnlySpan<byte> replacement, Span<byte> observed) =>
        throw new InvalidOperationException("A walk writes nothing.");

    private static string Mapped(ulong pa, bool isDevice) => $"PA {pa:x}{(isDevice ? " Device" : string.Empty)}";

    private static string Fault(int stage, FaultStatus status, bool isWalk, ulong ipa) =>
        $"stage {stage} {status}{(isWalk ? " on walk" : string.Empty)}{(stage == 2 ? $" IPA {ipa:x}" : string.Empty)}";
}
