using System;
using HvIntrospect.Interpreter.Mmu;
using HvIntrospect.Interpreter.State;
using HvIntrospect.Registers;
using Xunit;

namespace HvIntrospect.Tests.Interpreter.Mmu;

/// <summary>Entries stay until the right maintenance reaches them, and faults are never kept.</summary>
public sealed unsafe class TlbStalenessTests : IDisposable
{
    private const ulong Stage2Root = 0x4100_0000;
    private const ulong Stage1Root = 0x4200_0000;
    private const ulong OldPage = 0x4300_0000;
    private const ulong NewPage = 0x4340_0000;
    private const ulong Ipa = 0x5000_0000;
    private const ulong Va = 0x0020_0000;
    private const ulong TableBits = 3;
    private const ulong PageBits = 3 | (1UL << 10) | (1UL << 6);
    private const ulong NotGlobal = 1UL << 11;
    private const ulong Stage2Page = 3 | (1UL << 10) | (3UL << 6) | (0xFUL << 2);
    private readonly TranslationWorld _world = new(A64Features.Armv8_0, 40);

    public TlbStalenessTests()
    {
        // Stage 2: 39-bit IPA from level 1. Stage 1: 39-bit VA from level 1, in tables that Stage 2 maps flat by a 1 GB block.
        _world.SetRegister("HCR_EL2", 0x8000_0001);
        _world.SetRegister("VTCR_EL2", Vtcr.Create(25, 1, GranuleSize.Size4K, 2).Value);
        _world.SetRegister("VTTBR_EL2", Vttbr.Create(new Pa(Stage2Root), 7).Value);
        _world.SetRegister("SCTLR_EL1", 1);
        _world.SetRegister("TCR_EL1", 25 | (25UL << 16) | (2UL << 30) | (2UL << 32));
        _world.SetRegister("TTBR0_EL1", Stage1Root | (3UL << 48));
        _world.SetRegister("TTBR1_EL1", Stage1Root);
        _world.Write64(Stage2Root + 8, (Stage2Root + 0x1000) | TableBits);
        for (ulong i = 0; i < 512; i++)
        {
            _world.Write64(Stage2Root + 0x1000 + (i * 8), (0x4000_0000 + (i << 21)) | (Stage2Page & ~2UL));
        }

        _world.Write64(Stage2Root + 0x1000 + (((Ipa >> 21) & 511) * 8), (Stage2Root + 0x2000) | TableBits);
        MapStage2(OldPage);
        _world.Write64(Stage1Root, (Stage1Root + 0x1000) | TableBits);
        _world.Write64(Stage1Root + 0x1000 + ((Va >> 21) * 8), (Stage1Root + 0x2000) | TableBits);
        MapStage1(Ipa | PageBits | NotGlobal);
    }

    public void Dispose() => _world.Dispose();

    [Theory]
    [InlineData(TlbiOperation.Ipas2E1, Ipa >> 12, OldPage)]
    [InlineData(TlbiOperation.Vmalle1, 0UL, OldPage)]
    [InlineData(TlbiOperation.Vae1, (Va >> 12) | (3UL << 48), OldPage)]
    [InlineData(TlbiOperation.Alle2, 0UL, OldPage)]
    [InlineData(TlbiOperation.Vmalls12E1, 0UL, NewPage)]
    [InlineData(TlbiOperation.Alle1Is, 0UL, NewPage)]
    public void AChangeOfStage2IsSeenAfterBothHalves(TlbiOperation operation, ulong operand, ulong expected)
    {
        Assert.Equal(OldPage, Translate());
        MapStage2(NewPage);
        Assert.Equal(OldPage, Translate());
        _world.Domain.Perform(_world.Cpu, operation, operand);
        Assert.Equal(expected, Translate());
    }

    /// <summary>Without Stage 1 an instruction is fetched from Normal memory and its data come from Device memory, though one TLB entry may translate both.</summary>
    [Fact]
    public void WithoutStage1DataAreOfDeviceTypeInABlockThatCodeWasFetchedFrom()
    {
        using var program = new GuestProgram(GuestProgram.Nop, GuestProgram.LdrX2);
        program.Vcpu.ModifyCore()[1] = GuestProgram.Data + 1;
        Assert.Equal(0x104, program.RunToCall());
        Assert.True(program.Vcpu.Exception.EsrEl1.TryGetDataAbort(out DataAbortSyndrome abort));
        Assert.Equal(FaultKind.Alignment, abort.Status.Kind);
    }

    [Fact]
    public void TheTwoHalvesTogetherAreEnoughInEitherOrder()
    {
        Translate();
        MapStage2(NewPage);
        _world.Domain.Perform(_world.Cpu, TlbiOperation.Ipas2E1, Ipa >> 12);
        _world.Domain.Perform(_world.Cpu, TlbiOperation.Vmalle1, 0);
        Assert.Equal(NewPage, Translate());
        MapStage2(OldPage);
        _world.Domain.Perform(_world.Cpu, TlbiOperation.Vmalle1, 0);
        _world.Domain.Perform(_world.Cpu, TlbiOperation.Ipas2E1, Ipa >> 12);
        Assert.Equal(OldPage, Translate());
    }

    [Fact]
    public void AWalkBetweenTheHalvesInTheWrongOrderMakesAStaleEntryAgain()
    {
        Translate();
        MapStage2(NewPage);
        _world.Domain.Perform(_world.Cpu, TlbiOperation.Vmalle1, 0);
        Translate();
        _world.Domain.Perform(_world.Cpu, TlbiOperation.Ipas2E1, Ipa >> 12);
        Assert.Equal(OldPage, Translate());
    }

    [Theory]
    [InlineData(TlbiOperation.Vae1, (Va >> 12) | (3UL << 48), true)]
    [InlineData(TlbiOperation.Vale1Is, (Va >> 12) | (3UL << 48), true)]
    [InlineData(TlbiOperation.Vae1, (Va >> 12) | (4UL << 48), false)]
    [InlineData(TlbiOperation.Vae1, ((Va >> 12) + 1) | (3UL << 48), false)]
    [InlineData(TlbiOperation.Vaae1, Va >> 12, true)]
    [InlineData(TlbiOperation.Vaale1Is, (Va >> 12) + 1, false)]
    [InlineData(TlbiOperation.Aside1, 3UL << 48, true)]
    [InlineData(TlbiOperation.Aside1, 4UL << 48, false)]
    [InlineData(TlbiOperation.Ipas2E1, Ipa >> 12, false)]
    [InlineData(TlbiOperation.Vmalle1Is, 0UL, true)]
    public void AChangeOfStage1IsSeenAfterMaintenanceThatReachesIt(TlbiOperation operation, ulong operand, bool isSeen)
    {
        Assert.Equal(OldPage, Translate());
        MapStage1(NewPage | PageBits | NotGlobal);
        _world.Domain.Perform(_world.Cpu, operation, operand);
        Assert.Equal(isSeen ? NewPage : OldPage, Translate());
    }

    [Theory]
    [InlineData(TlbiOperation.Aside1, 3UL << 48, false)]
    [InlineData(TlbiOperation.Vae1, (Va >> 12) | (9UL << 48), true)]
    public void AGlobalEntryIsReachedByAddressWhateverTheAsid(TlbiOperation operation, ulong operand, bool isSeen)
    {
        MapStage1(Ipa | PageBits);
        Assert.Equal(OldPage, Translate());
        MapStage1(NewPage | PageBits);
        _world.Domain.Perform(_world.Cpu, operation, operand);
        Assert.Equal(isSeen ? NewPage : OldPage, Translate());
    }

    [Fact]
    public void EntriesAreTaggedByAsid()
    {
        Assert.Equal(OldPage, Translate());
        MapStage1(NewPage | PageBits | NotGlobal);
        _world.SetRegister("TTBR0_EL1", Stage1Root | (4UL << 48));
        Assert.Equal(NewPage, Translate());
        _world.SetRegister("TTBR0_EL1", Stage1Root | (3UL << 48));
        Assert.Equal(OldPage, Translate());
    }

    [Fact]
    public void EntriesAreTaggedByVmidAndMaintenanceKeepsToTheCurrentOne()
    {
        Assert.Equal(OldPage, Translate());
        MapStage2(NewPage);
        _world.SetRegister("VTTBR_EL2", Vttbr.Create(new Pa(Stage2Root), 8).Value);
        Assert.Equal(NewPage, Translate());
        _world.Domain.Perform(_world.Cpu, TlbiOperation.Vmalls12E1, 0);
        _world.SetRegister("VTTBR_EL2", Vttbr.Create(new Pa(Stage2Root), 7).Value);
        Assert.Equal(OldPage, Translate());
    }

    [Fact]
    public void FaultsAreNotKept()
    {
        MapStage1(0);
        Assert.Equal(FaultKind.Translation, Fault().Status.Kind);
        MapStage1((Ipa | PageBits) & ~(1UL << 10));
        Assert.Equal(FaultKind.AccessFlag, Fault().Status.Kind);
        MapStage1(Ipa | PageBits);
        _world.Write64(Stage2Root + 0x2000, 0);
        Assert.True(Fault() is { IsStage2: true, Status.Kind: FaultKind.Translation, Ipa: Ipa + 0x234 });
        MapStage2(NewPage);
        Assert.Equal(NewPage, Translate());
    }

    [Fact]
    public void ARefusedWriteIsStaleUntilMaintenance()
    {
        MapStage1(Ipa | PageBits | (1UL << 7));
        Assert.Equal(OldPage, Translate());
        MapStage1(Ipa | PageBits);
        Assert.Equal(FaultKind.Permission, Fault(AccessKind.Write).Status.Kind);
        _world.Domain.Perform(_world.Cpu, TlbiOperation.Vaae1, Va >> 12);
        _world.Translator.Translate(_world.Cpu, Va, AccessKind.Write, 1, out TranslationResult result);
        Assert.True(result.IsMapped);
    }

    [Fact]
    public void MaintenanceOfAnyAddressReachesAllPartsOfABlock()
    {
        // Two pages of a 2 MB block of Stage 1 over pages of Stage 2.
        _world.Write64(Stage1Root + 0x1000 + ((Va >> 21) * 8), Ipa | (PageBits & ~2UL));
        _world.Write64(Stage2Root + 0x2008, OldPage | Stage2Page);
        Assert.Equal(OldPage, Translate());
        Assert.Equal(OldPage, Translate(Va + 0x1000));
        _world.Write64(Stage1Root + 0x1000 + ((Va >> 21) * 8), (NewPage & ~0x1FFFFFUL) | (PageBits & ~2UL));
        _world.Domain.Perform(_world.Cpu, TlbiOperation.Vae1, (Va + 0x5000) >> 12);
        Assert.Equal(NewPage, Translate());
        Assert.Equal(NewPage + 0x1000, Translate(Va + 0x1000));
    }

    /// <summary>What the TLB has lost, for want of room, the caches of host pointers have lost too: otherwise a run would depend on what they happen to hold.</summary>
    [Fact]
    public void HostPointersAreHeldForNothingThatTheTlbHasLost()
    {
        // ldr x2, [x1]; add x1, x1, #0x1000; subs x4, x4, #1; b.ne back; hvc: more pages than the TLB has entries.
        const int Pages = 3000;
        const ulong First = 0x0100_0000;
        var options = new HvIntrospect.Interpreter.MachineOptions { RamSize = 8 << 20, Seed = 3 };
        using var program = new GuestProgram(options, GuestProgram.LdrX2, 0x9140_0421, 0xF100_0484, 0x54FF_FFA1, GuestProgram.Hvc42);
        var tables = new GuestTables(program.Machine, GuestProgram.Code + 0x10_0000);
        tables.Map(GuestProgram.Code, GuestProgram.Code, 1);
        for (ulong i = 0; i < Pages; i++)
        {
            tables.Map(First + (i << 12), GuestProgram.Data, 1);
        }

        tables.TurnOn(program.Vcpu);
        program.Vcpu.ModifyCore()[1] = First;
        program.Vcpu.ModifyCore()[4] = Pages;
        Assert.Equal(0x42, program.RunToCall());
        CpuState* cpu = program.Vcpu.Processor.State;
        Tlb combined = Assert.IsType<ArchitecturalTranslator>(program.Vcpu.Processor.Translator).Save().Combined;
        int held = 0;
        for (int i = 0; i < DataTlbEntry.Count + FetchTlbEntry.Count; i++)
        {
            ulong tag = i < DataTlbEntry.Count ? cpu->DataTlbEl1[i].PageTag : cpu->FetchTlbEl1[i - DataTlbEntry.Count].Tag;
            if (tag != DataTlbEntry.NoPage)
            {
                held++;
                Assert.False(System.Runtime.CompilerServices.Unsafe.IsNullRef(ref combined.Find(tag, 1, 0, TlbFlags.Valid | TlbFlags.Stage1)), $"{tag:x}");
            }
        }

        Assert.InRange(held, 100, 2048);
    }

    [Fact]
    public void Stage1OffDoesNotUseEntriesOfStage1On()
    {
        Assert.Equal(OldPage, Translate());
        _world.SetRegister("SCTLR_EL1", 0);
        Assert.True(Fault() is { IsStage2: true, Status.Kind: FaultKind.Translation });
        _world.SetRegister("SCTLR_EL1", 1);
        Assert.Equal(OldPage, Translate());
    }

    [Fact]
    public void PanTakesEffectWithoutMaintenance()
    {
        using var world = new TranslationWorld(A64Features.Armv8_1, 40);
        world.SetRegister("SCTLR_EL1", 1);
        world.SetRegister("TCR_EL1", 25 | (2UL << 30));
        world.SetRegister("TTBR0_EL1", Stage1Root);
        world.Write64(Stage1Root, 0x4000_0000 | (PageBits & ~2UL) | (1UL << 6));
        world.Translator.Translate(world.Cpu, 0x1000, AccessKind.Read, 1, out TranslationResult before);
        Assert.True(before.IsMapped);
        world.Cpu->Pstate = 1U << 22;
        world.Translator.Translate(world.Cpu, 0x1000, AccessKind.Read, 1, out TranslationResult privileged);
        Assert.Equal(FaultStatus.Create(FaultKind.Permission, 1), privileged.Fault.Status);
        world.Translator.Translate(world.Cpu, 0x1000, AccessKind.Read, 0, out TranslationResult unprivileged);
        Assert.True(unprivileged.IsMapped);
    }

    private void MapStage1(ulong descriptor) => _world.Write64(Stage1Root + 0x2000 + (((Va >> 12) & 511) * 8), descriptor);

    private void MapStage2(ulong pa) => _world.Write64(Stage2Root + 0x2000, pa | Stage2Page);

    private ulong Translate(ulong va = Va)
    {
        _world.Translator.Translate(_world.Cpu, va + 0x234, AccessKind.Read, 1, out TranslationResult result);
        Assert.True(result.IsMapped, result.Fault.Status.ToString());
        return result.Pa - 0x234;
    }

    private FaultRecord Fault(AccessKind kind = AccessKind.Read)
    {
        _world.Translator.Translate(_world.Cpu, Va + 0x234, kind, 1, out TranslationResult result);
        Assert.False(result.IsMapped);
        return result.Fault;
    }
}
