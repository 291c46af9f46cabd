using HvIntrospect.Interpreter.Mmu;
using HvIntrospect.Interpreter.State;
using HvIntrospect.Registers;
using HvIntrospect.Translation;

namespace HvIntrospect.Tests.Interpreter.Mmu;

/// <summary>The library's walk of both stages over the tables of a <see cref="TranslationWorld"/>: nothing is cached or written.</summary>
internal sealed unsafe class SoftwareWalk
{
    private readonly TwoStageWalker _walker;
    private readonly TranslationRegisters _registers;

    public SoftwareWalk(TranslationWorld world, int addressBits, TranslationFeatures features)
    {
        ref SystemState system = ref world.Cpu->System;
        _walker = new TwoStageWalker(world.Memory, new Hcr(system.HcrEl2), new Vtcr(system.VtcrEl2), new Vttbr(system.VttbrEl2), addressBits, features);
        _registers = new TranslationRegisters
        {
            SctlrEl1 = system.SctlrEl1, TcrEl1 = system.TcrEl1, Ttbr0El1 = system.Ttbr0El1, Ttbr1El1 = system.Ttbr1El1, MairEl1 = system.MairEl1,
        };
    }

    /// <summary>Walks for an access.</summary>
    public TwoStageTranslation Walk(ulong va, AccessKind kind, Spsr state, bool unprivileged = false)
    {
        Stage1AccessKind needed = kind switch
        {
            AccessKind.Write => Stage1AccessKind.Write,
            AccessKind.Modify => Stage1AccessKind.ReadWrite,
            _ => Stage1AccessKind.Read,
        };
        Stage1Access access = kind == AccessKind.Fetch ? Stage1Access.ForFetch(state) : Stage1Access.ForData(state, needed, unprivileged);
        return _walker.Translate(new Va(va), access, _registers);
    }

    /// <summary>Tells what an access gives: the physical address, or the fault with the stage, S1PTW, the level and the IPA.</summary>
    public string Describe(ulong va, AccessKind kind, Spsr state, bool unprivileged)
    {
        TwoStageTranslation found = Walk(va, kind, state, unprivileged);
        return found.IsFault
            ? Fault(found.IsStage2Fault ? 2 : 1, found.Status, found.IsStage1Walk, found.FaultIpa.Value)
            : Mapped(found.Pa.Value, found.Attributes.IsDevice);
    }

    /// <summary>Tells the same of what the machine's MMU gave.</summary>
    public static string Describe(in TranslationResult result) => result.IsMapped
        ? Mapped(result.Pa, result.IsDevice)
        : Fault(result.Fault.IsStage2 ? 2 : 1, result.Fault.Status, result.Fault.IsStage1Walk, result.Fault.IsStage2 ? result.Fault.Ipa : 0);

    private static string Mapped(ulong pa, bool isDevice) => $"PA {pa:x}{(isDevice ? " Device" : string.Empty)}";

    private static string Fault(int stage, FaultStatus status, bool isWalk, ulong ipa) =>
        $"stage {stage} {status}{(isWalk ? " on walk" : string.Empty)}{(stage == 2 ? $" IPA {ipa:x}" : string.Empty)}";
}
