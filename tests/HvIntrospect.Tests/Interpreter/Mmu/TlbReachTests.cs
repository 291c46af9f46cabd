using System;
using HvIntrospect.Interpreter.Mmu;
using HvIntrospect.Registers;
using HvIntrospect.Translation;
using Xunit;

namespace HvIntrospect.Tests.Interpreter.Mmu;

/// <summary>What ranges, level hints, contiguous descriptors and the EL2&amp;0 regime make of which entries serve, and which ones maintenance reaches.</summary>
public sealed unsafe class TlbReachTests : IDisposable
{
    private const ulong Root1 = 0x4100_0000;
    private const ulong HostRoot = 0x4180_0000;
    private const ulong Root2 = 0x4200_0000;
    private const ulong Old = 0x4300_0000;
    private const ulong New = 0x4400_0000;
    private const ulong Ipa = 0x5000_0000;
    private const ulong Va = 0x0020_0000;
    private const ulong PageBits = 3 | (1UL << 10) | (1UL << 6) | (1UL << 11);
    private const ulong Contiguous = 1UL << 52;
    private const ulong Stage2Page = 3 | (1UL << 10) | (3UL << 6) | (0xFUL << 2);
    private const ulong Asid = 5;
    private const ulong HostTcr = 25 | (25UL << 16) | (2UL << 30) | (2UL << 32);
    private readonly TranslationWorld _world = new(A64Features.Armv8_4, 40);

    public TlbReachTests()
    {
        // Stage 1 alone at first: 39-bit VA from level 1, and pages 0x200 to 0x3FF by one table of level 3.
        _world.SetRegister("SCTLR_EL1", 1);
        _world.SetRegister("TCR_EL1", HostTcr);
        _world.SetRegister("TTBR0_EL1", Root1 | (Asid << 48));
        _world.SetRegister("TTBR1_EL1", Root1);
        MapTables(Root1);
        for (ulong i = 0; i < 512; i++)
        {
            Map(i, Old);
        }
    }

    public void Dispose() => _world.Dispose();

    [Theory]
    [InlineData(0, 0, 0x200, 2)] // 2 pages
    [InlineData(3, 0, 0x202, 8)]
    [InlineData(0, 1, 0x240, 64)]
    [InlineData(1, 1, 0x280, 128)]
    public void ARangeReachesItsPagesAndNoOther(int number, int scale, int firstPage, int pages)
    {
        TranslateAll();
        Move();
        Perform(TlbiOperation.Rvae1, RangeOperand(1, number, scale, 0, (ulong)firstPage) | (Asid << 48));
        for (int page = 0x200; page < 0x400; page++)
        {
            bool isReached = page >= firstPage && page < firstPage + pages;
            Assert.Equal(isReached ? New : Old, Translate((ulong)page << 12) - (((ulong)page << 12) - Va));
        }
    }

    [Theory]
    [InlineData(0, 0, 5UL, true)]
    [InlineData(3, 0, 5UL, true)] // TTL: level 3
    [InlineData(2, 0, 5UL, false)] // TTL: level 2
    [InlineData(0, 2, 5UL, false)] // 64 KB pages
    [InlineData(0, 0, 6UL, false)] // another ASID
    public void ARangeObeysItsHints(int level, int granule, ulong asid, bool isSeen)
    {
        Translate(Va);
        Move();
        ulong page = granule == 0 ? Va >> 12 : Va >> 16;
        Perform(TlbiOperation.Rvale1Is, RangeOperand(1 + granule, 0, 0, level, page) | (asid << 48));
        Assert.Equal(isSeen ? New : Old, Translate(Va));
    }

    [Theory]
    [InlineData(0, 2, true)]
    [InlineData(1, 2, false)]
    [InlineData(1, 0, true)]
    public void ARangeStartsAtALeafOfItsHint(ulong pagesInside, int level, bool isSeen)
    {
        const ulong Block = PageBits & ~2UL;
        _world.Write64(Root1 + 0x1000 + ((Va >> 21) * 8), Old | Block);
        Translate(Va);
        _world.Write64(Root1 + 0x1000 + ((Va >> 21) * 8), New | Block);
        Perform(TlbiOperation.Rvae1, RangeOperand(1, 0, 0, level, (Va >> 12) + pagesInside) | (Asid << 48));
        Assert.Equal(isSeen ? New : Old, Translate(Va));
    }

    [Fact]
    public void ARangeOfAReservedGranuleReachesNothing()
    {
        Translate(Va);
        Move();
        Perform(TlbiOperation.Rvaae1, RangeOperand(0, 31, 3, 0, 0));
        Assert.Equal(Old, Translate(Va));
        Perform(TlbiOperation.Rvaae1, RangeOperand(1, 31, 3, 0, 0));
        Assert.Equal(New, Translate(Va));
    }

    [Theory]
    [InlineData(0b0111, true)] // 4 KB, level 3
    [InlineData(0b0110, false)] // 4 KB, level 2
    [InlineData(0b1011, false)] // 16 KB, level 3
    [InlineData(0b0100, true)] // reserved: no hint
    [InlineData(0b0011, true)] // no granule: no hint
    public void AnAddressObeysItsHint(int hint, bool isSeen)
    {
        Translate(Va);
        Move();
        Perform(TlbiOperation.Vae1, (Va >> 12) | ((ulong)hint << 44) | (Asid << 48));
        Assert.Equal(isSeen ? New : Old, Translate(Va));
    }

    /// <summary>With descriptors of 52 bits there are leaves at one level more, and BaseADDR of a range counts 64 KB while DS is set.</summary>
    [Theory]
    [InlineData(TranslationFeatures.None, 0b0100, true)] // 4 KB, level 0: reserved
    [InlineData(TranslationFeatures.LPA2, 0b0100, false)]
    [InlineData(TranslationFeatures.None, 0b1001, true)] // 16 KB, level 1: reserved
    [InlineData(TranslationFeatures.LPA2, 0b1001, false)]
    [InlineData(TranslationFeatures.LPA2, 0b1000, true)] // 16 KB, level 0: reserved all the same
    [InlineData(TranslationFeatures.LPA2, 0b0111, true)]
    public void LargeDescriptorsHaveHintsOfTheirOwn(TranslationFeatures features, int hint, bool isSeen)
    {
        using TranslationWorld world = MakeLarge(features);
        Assert.Equal(Old, Translate(world));
        world.Write64(Root1 + 0x2000, New | PageBits);
        world.Domain.Perform(world.Cpu, TlbiOperation.Vae1, (Va >> 12) | ((ulong)hint << 44) | (Asid << 48));
        Assert.Equal(isSeen ? New : Old, Translate(world));
    }

    [Theory]
    [InlineData(TranslationFeatures.None, true, 12, true)]
    [InlineData(TranslationFeatures.LPA2, false, 12, true)]
    [InlineData(TranslationFeatures.LPA2, true, 12, false)]
    [InlineData(TranslationFeatures.LPA2, true, 16, true)]
    public void RangesCount64KbWithLargeDescriptors(TranslationFeatures features, bool ds, int unit, bool isSeen)
    {
        using TranslationWorld world = MakeLarge(features);
        world.SetRegister("TCR_EL1", HostTcr | (ds ? (ulong)TcrBits.Ds : 0));
        Assert.Equal(Old, Translate(world));
        world.Write64(Root1 + 0x2000, New | PageBits);
        world.Domain.Perform(world.Cpu, TlbiOperation.Rvae1, RangeOperand(1, 0, 0, 0, Va >> unit) | (Asid << 48));
        Assert.Equal(isSeen ? New : Old, Translate(world));
    }

    /// <summary>The table that a walk came through is remembered: once another one takes its place, walks go on in the old one until maintenance that is not for leaves alone reaches it.</summary>
    [Theory]
    [InlineData(TlbiOperation.Vale1, Va >> 12, Asid, false)]
    [InlineData(TlbiOperation.Vaale1Is, Va >> 12, 0UL, false)]
    [InlineData(TlbiOperation.Vae1, (Va >> 12) | (0b0111UL << 44), Asid, false)] // a hint
    [InlineData(TlbiOperation.Vae1, Va >> 12, 6UL, false)] // another ASID
    [InlineData(TlbiOperation.Vae1, 0UL, Asid, false)] // another address
    [InlineData(TlbiOperation.Vae1, (Va >> 12) + 100, Asid, true)] // another page that goes through the table
    [InlineData(TlbiOperation.Vae1, Va >> 12, Asid, true)]
    [InlineData(TlbiOperation.Vaae1, Va >> 12, 0UL, true)]
    [InlineData(TlbiOperation.Aside1, 0UL, Asid, true)]
    [InlineData(TlbiOperation.Vmalle1Is, 0UL, 0UL, true)]
    [InlineData(TlbiOperation.Rvale1, (1UL << 46) | (Va >> 12), Asid, false)]
    [InlineData(TlbiOperation.Rvae1, (1UL << 46) | (Va >> 12), Asid, true)]
    public void ATableThatWasTakenAwayIsRemembered(TlbiOperation operation, ulong operand, ulong asid, bool isSeen)
    {
        Assert.Equal(Old, Translate(Va));
        _world.Write64(Root1 + 0x3000, New | PageBits);
        _world.Write64(Root1 + 0x3008, (New + 0x1000) | PageBits);
        _world.Write64(Root1 + 0x1000 + ((Va >> 21) * 8), (Root1 + 0x3000) | 3);

        // The leaf itself is gone, and no other page was translated yet.
        Perform(TlbiOperation.Vale1, (Va >> 12) | (Asid << 48));
        Perform(operation, operand | (asid << 48));
        Assert.Equal(isSeen ? New : Old, Translate(Va));
        Assert.Equal((isSeen ? New : Old) + 0x1000, Translate(Va + 0x1000));
    }

    [Theory]
    [InlineData(TlbiOperation.Ipas2Le1Is, false)]
    [InlineData(TlbiOperation.Ipas2E1Is, true)]
    [InlineData(TlbiOperation.Vmalls12E1Is, true)]
    [InlineData(TlbiOperation.Alle1, true)]
    public void ATableOfStage2ThatWasTakenAwayIsRemembered(TlbiOperation operation, bool isSeen)
    {
        TurnStage2On();
        Assert.Equal(Old, Translate(Va));
        _world.Write64(Root2 + 0x3000, New | Stage2Page);
        _world.Write64(Root2 + 0x1000 + (((Ipa >> 21) & 511) * 8), (Root2 + 0x3000) | 3);
        Perform(operation, operation is TlbiOperation.Ipas2Le1Is or TlbiOperation.Ipas2E1Is ? Ipa >> 12 : 0);
        Perform(TlbiOperation.Vmalle1, 0);
        Assert.Equal(isSeen ? New : Old, Translate(Va));
    }

    /// <summary>A block that becomes a table while a TLB holds it: a page through the table and the block are there at once, and a core with a seed may find that out.</summary>
    [Theory]
    [InlineData(TranslationFeatures.None, true, false, true)]
    [InlineData(TranslationFeatures.None, false, false, false)] // without a seed
    [InlineData(TranslationFeatures.None, true, true, false)] // break-before-make
    [InlineData(TranslationFeatures.BBML1, true, false, true)]
    [InlineData(TranslationFeatures.BBML2 | TranslationFeatures.BBML1, true, false, false)]
    public void AMissingBreakMayBeATlbConflict(TranslationFeatures features, bool hasSeed, bool breaks, bool mayAbort)
    {
        int[] aborts = new int[2];
        foreach (bool isStage2 in (bool[])[false, true])
        {
            for (ulong seed = 1; seed < 30; seed++)
            {
                using TranslationWorld world = MakeLarge(features);
                world.Cpu->System.ChoiceState = hasSeed ? HvIntrospect.Interpreter.State.SeededChoice.Start(seed, 0) : 0;
                ulong slot = Root1 + 0x1000 + ((Va >> 21) * 8);
                if (isStage2)
                {
                    world.SetRegister("SCTLR_EL1", 0);
                    world.SetRegister("HCR_EL2", 0x8000_0001);
                    world.SetRegister("VTCR_EL2", Vtcr.Create(25, 1, GranuleSize.Size4K, 2).Value);
                    world.SetRegister("VTTBR_EL2", Root1);
                }

                // A page is in the TLB; then all of the 2 MB are a block, of which another page comes into the TLB.
                world.Write64(Root1 + 0x2000, Old | Leaf(isStage2) | 2);
                world.Translator.Translate(world.Cpu, Va, AccessKind.Read, 1, out TranslationResult result);
                Assert.True(result.IsMapped);
                if (breaks)
                {
                    world.Write64(slot, 0);
                    world.Domain.Perform(world.Cpu, TlbiOperation.Vmalls12E1, 0);
                }

                world.Write64(slot, Old | Leaf(isStage2));
                world.Domain.Perform(world.Cpu, TlbiOperation.Vae1, (Va >> 12) + 300 | (Asid << 48));
                if (isStage2 && !breaks)
                {
                    world.Domain.Perform(world.Cpu, TlbiOperation.Ipas2E1, (Va >> 12) + 300);
                }

                world.Translator.Translate(world.Cpu, Va + 0x10_0000, AccessKind.Read, 1, out result);
                Assert.True(result.IsMapped);
                world.Translator.Translate(world.Cpu, Va, AccessKind.Read, 1, out result);
                bool isAbort = !result.IsMapped && result.Fault.Status.Kind == FaultKind.TlbConflict;
                Assert.True(result.IsMapped || (isAbort && result.Fault.IsStage2 == isStage2), result.Fault.Status.ToString());
                aborts[isStage2 ? 1 : 0] += isAbort ? 1 : 0;
            }
        }

        Assert.Equal((mayAbort, mayAbort), (aborts[0] > 0, aborts[1] > 0));

        static ulong Leaf(bool isStage2) => 1 | (1UL << 10) | (isStage2 ? (3UL << 6) | (0xFUL << 2) : 1UL << 6);
    }

    /// <summary>A block with nT is not kept, so that no conflict can come of it.</summary>
    [Theory]
    [InlineData(TranslationFeatures.None, false)]
    [InlineData(TranslationFeatures.BBML1, true)]
    public void ABlockThatMayBecomeATableIsNotKept(TranslationFeatures features, bool isSeen)
    {
        using TranslationWorld world = MakeLarge(features);
        const ulong Block = 1 | (1UL << 10) | (1UL << 6) | (1UL << 11) | (1UL << 16);
        world.Write64(Root1 + 0x1000 + ((Va >> 21) * 8), Old | Block);
        Assert.Equal(Old, Translate(world));
        world.Write64(Root1 + 0x1000 + ((Va >> 21) * 8), New | Block);
        Assert.Equal(isSeen ? New : Old, Translate(world));
    }

    [Fact]
    public void WithoutTheFeatureThereIsNoHint()
    {
        var domain = new ShareabilityDomain(A64Features.Armv8_3);
        domain.Add(_world.Translator, _world.Cpu);
        Translate(Va);
        Move();
        domain.Perform(_world.Cpu, TlbiOperation.Vae1, (Va >> 12) | (0b0110UL << 44) | (Asid << 48));
        Assert.Equal(New, Translate(Va));
    }

    [Theory]
    [InlineData(TlbiOperation.Ripas2E1, 0, true)]
    [InlineData(TlbiOperation.Ripas2Le1Is, 3, true)]
    [InlineData(TlbiOperation.Ripas2Le1Is, 2, false)]
    public void ARangeOfIntermediateAddressesReachesStage2AndLeavesCombinedEntries(TlbiOperation operation, int level, bool isSeen)
    {
        TurnStage2On();
        Assert.Equal(Old, Translate(Va));
        _world.Write64(Root2 + 0x2000, New | Stage2Page);
        Perform(operation, RangeOperand(1, 0, 0, level, Ipa >> 12));
        Assert.Equal(Old, Translate(Va));
        Perform(TlbiOperation.Vmalle1, 0);
        Assert.Equal(isSeen ? New : Old, Translate(Va));
    }

    /// <summary>One entry stands for 16 pages that the Contiguous bit binds, and goes as a whole.</summary>
    [Fact]
    public void ContiguousPagesShareAnEntry()
    {
        for (ulong i = 0; i < 16; i++)
        {
            Map(i, Old, Contiguous);
        }

        Translate(Va + 0x3000);
        for (ulong i = 0; i < 16; i++)
        {
            Map(i, New, Contiguous);
        }

        Assert.Equal(Old + 0xF000, Translate(Va + 0xF000));
        Assert.Equal(Old + 0x1_0000, Translate(Va + 0x1_0000));
        Perform(TlbiOperation.Vae1, ((Va >> 12) + 7) | (Asid << 48));
        Assert.Equal(New + 0xF000, Translate(Va + 0xF000));
        Assert.Equal(New, Translate(Va));
    }

    /// <summary>Where TCR2_EL1.PnCH makes the bit say Protected, and EL2 lets EL1 use that register, it binds nothing.</summary>
    [Theory]
    [InlineData(HcrxBits.Tcr2En, true)]
    [InlineData(HcrxBits.None, false)]
    public void ProtectedPagesAreNotBound(HcrxBits hcrx, bool isAlone)
    {
        _world.Cpu->System.HcrxEl2 = (ulong)hcrx;
        _world.Cpu->System.Tcr2El1 = (ulong)Tcr2Bits.PnCh;
        for (ulong i = 0; i < 16; i++)
        {
            Map(i, Old, Contiguous);
        }

        Translate(Va + 0x3000);
        for (ulong i = 0; i < 16; i++)
        {
            Map(i, New, Contiguous);
        }

        Assert.Equal((isAlone ? New : Old) + 0xF000, Translate(Va + 0xF000));
        Assert.Equal(Old + 0x3000, Translate(Va + 0x3000));
    }

    /// <summary>A page whose output is not that of its neighbours' range is not bound to them.</summary>
    [Fact]
    public void AContiguousBitThatContradictsTheAddressIsIgnored()
    {
        Map(3, New + 0x4000, Contiguous);
        Assert.Equal(New + 0x7000, Translate(Va + 0x3000));
        Assert.Equal(Old + 0x2000, Translate(Va + 0x2000));
    }

    /// <summary>A Stage 1 translation is kept although Stage 2 refuses: what the guest changes without maintenance is not seen behind a page that traps.</summary>
    [Fact]
    public void AStage1EntryStaysWhileStage2Faults()
    {
        TurnStage2On();
        _world.Write64(Root2 + 0x2000, 0);
        _world.Translator.Translate(_world.Cpu, Va, AccessKind.Read, 1, out TranslationResult refused);
        Assert.True(refused.Fault is { IsStage2: true, Ipa: Ipa });
        _world.Write64(Root1 + 0x2000, (Ipa + 0x1000) | PageBits);
        _world.Write64(Root2 + 0x2000, New | Stage2Page);
        Assert.Equal(New, Translate(Va));
        Perform(TlbiOperation.Vae1, (Va >> 12) | (Asid << 48));
        _world.Write64(Root2 + 0x2008, Old | Stage2Page);
        Assert.Equal(Old, Translate(Va));
    }

    [Fact]
    public void TheHostRegimeHasTablesAsidsAndEntriesOfItsOwn()
    {
        Assert.Equal(Old, Translate(Va));
        EnterHost();
        Assert.Equal(New, TranslateAsEl0(Va));
        MapHost(Old);
        Assert.Equal(New, TranslateAsEl0(Va));

        // Another ASID of the host, then back.
        _world.SetRegister("TTBR0_EL2", HostRoot | (7UL << 48));
        Assert.Equal(Old, TranslateAsEl0(Va));
        _world.SetRegister("TTBR0_EL2", HostRoot | (6UL << 48));
        Assert.Equal(New, TranslateAsEl0(Va));

        // The guest's entry is as it was.
        Move();
        _world.SetRegister("HCR_EL2", 1UL << 31);
        Assert.Equal(Old, Translate(Va));
    }

    [Theory]
    [InlineData(TlbiOperation.Alle1, 0UL, true, false)]
    [InlineData(TlbiOperation.Vmalls12E1, 0UL, true, false)]
    [InlineData(TlbiOperation.Alle2, 0UL, false, true)]
    [InlineData(TlbiOperation.Vae2, (Va >> 12) | (6UL << 48), false, true)]
    [InlineData(TlbiOperation.Vae2, (Va >> 12) | (5UL << 48), false, false)]
    [InlineData(TlbiOperation.Vmalle1, 0UL, false, true)]
    [InlineData(TlbiOperation.Vae1, (Va >> 12) | (6UL << 48), false, true)]
    [InlineData(TlbiOperation.Aside1Is, 6UL << 48, false, true)]
    [InlineData(TlbiOperation.Vaale1, Va >> 12, false, true)]
    public void MaintenanceReachesOneRegime(TlbiOperation operation, ulong operand, bool guest, bool host)
    {
        Translate(Va);
        Move();
        EnterHost();
        TranslateAsEl0(Va);
        MapHost(Old);
        Perform(operation, operand);
        Assert.Equal(host ? Old : New, TranslateAsEl0(Va));
        _world.SetRegister("HCR_EL2", 1UL << 31);
        Assert.Equal(guest ? New : Old, Translate(Va));
    }

    /// <summary>EL2's own regime: another layout of TCR_EL2, one half, no ASIDs, and permissions without EL0.</summary>
    [Fact]
    public void TheRegimeOfEl2HasItsOwnTables()
    {
        _world.SetRegister("SCTLR_EL2", 1);
        _world.SetRegister("TCR_EL2", 25 | (2UL << 16) | (1UL << 20));
        _world.SetRegister("TTBR0_EL2", HostRoot);
        MapTables(HostRoot);
        MapHost(New | (1UL << 7));
        Assert.Equal((false, New), AtEl2(Va, isWrite: false));
        Assert.Equal((false, New), AtEl2(Va | (0xA5UL << 56), isWrite: false));
        Assert.Equal((true, 0UL), AtEl2(Va, isWrite: true));
        Assert.Equal((true, 0UL), AtEl2(Va | (1UL << 55), isWrite: false));
        MapHost(Old);
        Perform(TlbiOperation.Vae1, (Va >> 12) | (Asid << 48));
        Assert.Equal((false, New), AtEl2(Va, isWrite: false));
        Perform(TlbiOperation.Vae2Is, Va >> 12);
        Assert.Equal((false, Old), AtEl2(Va, isWrite: false));
    }

    [Fact]
    public void TheRegimeOfAHostIsItsOwnWithoutTgeToo()
    {
        EnterHost();
        _world.SetRegister("HCR_EL2", (1UL << 31) | (ulong)HcrBits.E2h);
        Assert.Equal((false, New), AtEl2(Va, isWrite: false));
        Assert.Equal(Old, Translate(Va));
    }

    [Fact]
    public void Tge1WithoutE2hTurnsStage1Off()
    {
        _world.SetRegister("HCR_EL2", (ulong)HcrBits.Tge);
        Assert.Equal(Va, TranslateAsEl0(Va));
        _world.SetRegister("HCR_EL2", (ulong)HcrBits.E2h);
        Assert.Equal(Old, TranslateAsEl0(Va));
    }

    [Fact]
    public void AHalfThatIsClosedToEl0IsClosedToEntriesThatEl1Made()
    {
        using var world = new TranslationWorld(A64Features.Armv8_4, 40, TranslationFeatures.E0PD | TranslationFeatures.PAN3);
        world.SetRegister("SCTLR_EL1", 1 | (ulong)SctlrBits.Epan);
        world.SetRegister("TCR_EL1", HostTcr | (ulong)TcrBits.E0pd0);
        world.SetRegister("TTBR0_EL1", Root1);
        world.Write64(Root1, 0x4000_0000 | (PageBits & ~2UL));
        world.Translator.Translate(world.Cpu, 0, AccessKind.Read, 1, out TranslationResult el1);
        Assert.True(el1.IsMapped);
        world.Translator.Translate(world.Cpu, 0, AccessKind.Read, 0, out TranslationResult el0);
        Assert.Equal(FaultStatus.Create(FaultKind.Translation, 0), el0.Fault.Status);

        // What EL0 may only execute is closed to EL1 as well.
        world.Cpu->Pstate = 1U << 22;
        world.Domain.Perform(world.Cpu, TlbiOperation.Alle1, 0);
        world.Write64(Root1, 0x4000_0000 | (PageBits & ~(2UL | (1UL << 6))));
        world.Translator.Translate(world.Cpu, 0, AccessKind.Read, 1, out TranslationResult pan);
        Assert.Equal(FaultStatus.Create(FaultKind.Permission, 1), pan.Fault.Status);
    }

    private static TranslationWorld MakeLarge(TranslationFeatures features)
    {
        var world = new TranslationWorld(A64Features.Armv8_4, 52, features);
        world.SetRegister("SCTLR_EL1", 1);
        world.SetRegister("TCR_EL1", HostTcr);
        world.SetRegister("TTBR0_EL1", Root1 | (Asid << 48));
        world.Write64(Root1, (Root1 + 0x1000) | 3);
        world.Write64(Root1 + 0x1000 + ((Va >> 21) * 8), (Root1 + 0x2000) | 3);
        world.Write64(Root1 + 0x2000, Old | PageBits);
        return world;
    }

    private static ulong Translate(TranslationWorld world)
    {
        world.Translator.Translate(world.Cpu, Va, AccessKind.Read, 1, out TranslationResult result);
        Assert.True(result.IsMapped, result.Fault.Status.ToString());
        return result.Pa;
    }

    private static ulong RangeOperand(int granule, int number, int scale, int level, ulong first) =>
        ((ulong)granule << 46) | ((ulong)scale << 44) | ((ulong)number << 39) | ((ulong)level << 37) | first;

    private void EnterHost()
    {
        _world.SetRegister("HCR_EL2", (1UL << 31) | (ulong)(HcrBits.E2h | HcrBits.Tge | HcrBits.Vm));
        _world.SetRegister("SCTLR_EL2", 1);
        _world.SetRegister("TCR_EL2", HostTcr);
        _world.SetRegister("TTBR0_EL2", HostRoot | (6UL << 48));
        MapTables(HostRoot);
        MapHost(New);
    }

    private void MapHost(ulong pa) => _world.Write64(HostRoot + 0x2000, pa | PageBits);

    private void MapTables(ulong root)
    {
        _world.Write64(root, (root + 0x1000) | 3);
        _world.Write64(root + 0x1000 + ((Va >> 21) * 8), (root + 0x2000) | 3);
    }

    private void Map(ulong page, ulong pa, ulong bits = 0) => _world.Write64(Root1 + 0x2000 + (page * 8), (pa + (page << 12)) | PageBits | bits);

    private void Move()
    {
        for (ulong i = 0; i < 512; i++)
        {
            Map(i, New);
        }
    }

    private void TranslateAll()
    {
        for (ulong i = 0; i < 512; i++)
        {
            Translate(Va + (i << 12));
        }
    }

    // Tables lie flat by a block; the page of Ipa by a page.
    private void TurnStage2On()
    {
        _world.SetRegister("HCR_EL2", 0x8000_0001);
        _world.SetRegister("VTCR_EL2", Vtcr.Create(25, 1, GranuleSize.Size4K, 2).Value);
        _world.SetRegister("VTTBR_EL2", Root2);
        _world.Write64(Root2 + 8, (Root2 + 0x1000) | 3);
        for (ulong i = 0; i < 64; i++)
        {
            _world.Write64(Root2 + 0x1000 + (i * 8), (0x4000_0000 + (i << 21)) | (Stage2Page & ~2UL));
        }

        _world.Write64(Root2 + 0x1000 + (((Ipa >> 21) & 511) * 8), (Root2 + 0x2000) | 3);
        _world.Write64(Root2 + 0x2000, Old | Stage2Page);
        _world.Write64(Root1 + 0x2000, Ipa | PageBits);
    }

    private void Perform(TlbiOperation operation, ulong operand) => _world.Domain.Perform(_world.Cpu, operation, operand);

    private (bool IsFault, ulong Page) AtEl2(ulong va, bool isWrite)
    {
        Par par = _world.Translator.TranslateForAt(_world.Cpu, va, isWrite, 2, bothStages: false, pan: false, out _);
        return (par.IsFault, par.IsFault ? 0 : par.Page);
    }

    private ulong Translate(ulong va) => Translate(va, 1);

    private ulong TranslateAsEl0(ulong va) => Translate(va, 0);

    private ulong Translate(ulong va, int el)
    {
        _world.Translator.Translate(_world.Cpu, va, AccessKind.Read, el, out TranslationResult result);
        Assert.True(result.IsMapped, result.Fault.Status.ToString());
        return result.Pa;
    }
}
