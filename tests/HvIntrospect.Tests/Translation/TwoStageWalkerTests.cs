using System;
using System.Collections.Generic;
using System.Linq;
using HvIntrospect.Registers;
using HvIntrospect.Tests.Support;
using HvIntrospect.Translation;
using Xunit;

namespace HvIntrospect.Tests.Translation;

/// <summary>From a virtual to a physical address by tables that are written out here: every kind of fault, the controls of EL2, and the descriptors that were read.</summary>
public sealed class TwoStageWalkerTests
{
    // Stage 1: 4 KB, 39 bits, from level 1. Stage 2: 4 KB, 39 bits, from level 1. The guest's tables lie at IPA 0x4000_0000, which is PA 0x8000_0000.
    private const ulong Stage2Root = 0x9000_0000;
    private const ulong Stage1Ipa = 0x4000_0000;
    private const ulong Stage1Pa = 0x8000_0000;
    private const ulong TableLeaf = Stage2Root + 0x2000;
    private const ulong PageLeaf = Stage2Root + 0x2000 + (5 * 8);
    private const ulong Stage1Leaf = Stage1Pa + 0x2000 + (7 * 8);
    private const ulong Va = 0x7123;
    private const ulong PageIpa = 0x4000_5000;
    private const ulong PagePa = 0xA000_0000;
    private const ulong Af = 1UL << 10;
    private const ulong Inner = 3UL << 8;
    private const ulong Access2 = 3UL << 6;
    private const ulong WriteBack2 = 15UL << 2;
    private const ulong Vtcr = (64 - 39) | (1UL << 6) | (3UL << 12) | (2UL << 16) | (1UL << 31);
    private const HcrBits On = HcrBits.Vm | HcrBits.Rw;

    private readonly SparseMemory _memory = new();
    private TranslationRegisters _registers = new()
    {
        SctlrEl1 = 1, TcrEl1 = (64 - 39) | (2UL << 32), Ttbr0El1 = Stage1Ipa, MairEl1 = 0x00_00_00_00_0C_44_BB_FF,
    };

    public TwoStageWalkerTests()
    {
        _memory[Stage2Root + 8] = (Stage2Root + 0x1000) | 3;
        _memory[Stage2Root + 0x1000] = (Stage2Root + 0x2000) | 3;
        for (ulong i = 0; i < 3; i++)
        {
            _memory[TableLeaf + (i * 8)] = (Stage1Pa + (i << 12)) | 3 | Af | Inner | Access2 | WriteBack2;
        }

        _memory[PageLeaf] = PagePa | 3 | Af | Inner | Access2 | WriteBack2;
        _memory[Stage1Pa] = (Stage1Ipa + 0x1000) | 3;
        _memory[Stage1Pa + 0x1000] = (Stage1Ipa + 0x2000) | 3;
        _memory[Stage1Leaf] = PageIpa | 3 | Af | Inner | (1UL << 6);
    }

    private static Stage1Access Read => Stage1Access.ForData(new Spsr(5), Stage1AccessKind.Read);

    private static Stage1Access Write => Stage1Access.ForData(new Spsr(5), Stage1AccessKind.Write);

    [Fact]
    public void BothStagesGiveAddressSizeAttributesAndPermissions()
    {
        TwoStageTranslation found = Translate(Write);
        Assert.False(found.IsFault);
        Assert.Equal((PagePa + 0x123, PageIpa + 0x123, 4096UL), (found.Pa.Value, found.Ipa.Value, found.Size));
        Assert.Equal((0xFF, Shareability.InnerShareable), (found.Attributes.Value, found.Shareability));
        Assert.Equal(TranslationPermissions.All & ~TranslationPermissions.El1Fetch, found.Permissions);
        Assert.Equal("0xa0000123 (Normal 0xff, InnerShareable)", found.ToString());
        Assert.Equal(0xFF00_0000_A000_0B80UL, found.ToPar().Value);

        // Blocks of both stages: the smaller one counts.
        _memory[Stage1Pa] = Stage1Ipa | 1 | Af | Inner;
        Assert.Equal((PagePa + 0x123, 4096UL), (Translate(Read, 0x5123).Pa.Value, Translate(Read, 0x5123).Size));
        _memory[Stage2Root + 8] = 0xC000_0000 | 1 | Af | Access2 | WriteBack2;
        _memory[0xC000_0000] = Stage1Ipa | 1 | Af | Inner;
        Assert.Equal((0xC000_5123UL, 1UL << 30), (Translate(Read, 0x5123).Pa.Value, Translate(Read, 0x5123).Size));
    }

    [Fact]
    public void ThePermissionsAreThoseOfBothStages()
    {
        _memory[PageLeaf] = (_memory[PageLeaf] & ~(1UL << 7)) | (1UL << 53);
        Assert.Equal(TranslationPermissions.El0Read | TranslationPermissions.El1Read, Translate(Read).Permissions & ~TranslationPermissions.El0Fetch);
        Assert.Equal(TranslationPermissions.El0Fetch, Translate(Read, features: TranslationFeatures.XNX).Permissions & (TranslationPermissions.El0Fetch | TranslationPermissions.El1Fetch));
        TwoStageTranslation denied = Translate(Write);
        Assert.Equal((true, true, false, true), (denied.IsFault, denied.IsStage2Fault, denied.IsStage1Walk, denied.IsMapped));
        Assert.Equal((FaultStatus.Create(FaultKind.Permission, 3), PageIpa + 0x123, PagePa + 0x123), (denied.Status, denied.FaultIpa.Value, denied.Pa.Value));
        Assert.Equal("Stage 2: Permission, level 3 at IPA 0x40005123", denied.ToString());

        // Stage 1 comes first. What EL0 cannot write any more, EL1 may execute as far as Stage 2 lets it.
        _memory[Stage1Leaf] |= 1UL << 7;
        Assert.Equal(TranslationPermissions.El0Fetch, Translate(Read, features: TranslationFeatures.XNX).Permissions & (TranslationPermissions.El0Fetch | TranslationPermissions.El1Fetch));
        TwoStageTranslation first = Translate(Write);
        Assert.Equal((true, false, FaultStatus.Create(FaultKind.Permission, 3), 0UL), (first.IsFault, first.IsStage2Fault, first.Status, first.FaultIpa.Value));
        Assert.False(first.IsMapped);
    }

    [Theory]
    [InlineData(0, 0x4000_0000UL, 1)]
    [InlineData(1, 0x4000_1000UL, 2)]
    [InlineData(2, 0x4000_2038UL, 3)]
    public void AStage2FaultOnTheWalkNamesTheDescriptor(int table, ulong ipa, int level)
    {
        _memory[TableLeaf + ((ulong)table * 8)] = 0;
        TwoStageTranslation found = Translate(Write);
        Assert.Equal((true, true, ipa), (found.IsStage2Fault, found.IsStage1Walk, found.FaultIpa.Value));
        Assert.Equal(FaultStatus.Create(FaultKind.Translation, 3), found.Status);
        Assert.Equal(level, found.Stage1.Level);
        Assert.Equal(0x300UL | (0x07UL << 1) | 1 | (1 << 11), found.ToPar().Value);
    }

    [Fact]
    public void DescriptorsThatLieNowhereAreExternalAborts()
    {
        _memory[TableLeaf + 16] = 0x12_3456_7000 | 3 | Af | Access2 | WriteBack2;
        TwoStageTranslation found = Translate(Read);
        Assert.Equal((false, FaultStatus.Create(FaultKind.SynchronousExternalOnWalk, 3)), (found.IsStage2Fault, found.Status));
        _memory[Stage2Root + 0x1000] = 0x12_3456_7000 | 3;
        found = Translate(Read);
        Assert.Equal((true, true, FaultStatus.Create(FaultKind.SynchronousExternalOnWalk, 3)), (found.IsStage2Fault, found.IsStage1Walk, found.Status));
    }

    [Fact]
    public void PtwDeniesTablesInDeviceMemory()
    {
        _memory[TableLeaf + 8] &= ~WriteBack2;
        Assert.False(Translate(Read).IsFault);
        TwoStageTranslation found = Translate(Read, hcr: On | HcrBits.Ptw);
        Assert.Equal((true, FaultStatus.Create(FaultKind.Permission, 3), Stage1Ipa + 0x1000), (found.IsStage1Walk, found.Status, found.FaultIpa.Value));

        // 0b1000 is Device with forced Write-Back only.
        _memory[TableLeaf + 8] |= 8UL << 2;
        Assert.False(Translate(Read, hcr: On | HcrBits.Ptw).IsFault);
        Assert.True(Translate(Read, hcr: On | HcrBits.Ptw | HcrBits.Fwb, features: TranslationFeatures.S2FWB).IsStage1Walk);
    }

    [Fact]
    public void TheControlsOfEl2ChangeWhatMemoryIs()
    {
        const ulong ForceWriteBack = 6UL << 2;
        Assert.Equal(0x44, Translate(Read, hcr: On | HcrBits.Cd).Attributes.Value);
        Assert.Equal(0xFF, Translate(Read, hcr: On | HcrBits.Id).Attributes.Value);
        Stage1Access fetch = Stage1Access.ForFetch(new Spsr(0));
        Assert.Equal(0x44, Translate(fetch, hcr: On | HcrBits.Id).Attributes.Value);
        Assert.Equal(0xFF, Translate(fetch, hcr: On | HcrBits.Cd).Attributes.Value);
        _memory[PageLeaf] = (_memory[PageLeaf] & ~WriteBack2) | ForceWriteBack;
        _memory[Stage1Leaf] |= 3UL << 2;
        Assert.Equal((0x0C, Shareability.OuterShareable), Types(On));
        Assert.Equal((0x0C, Shareability.OuterShareable), Types(On | HcrBits.Fwb));
        Assert.Equal((0xFF, Shareability.OuterShareable), Types(On | HcrBits.Fwb, TranslationFeatures.S2FWB));

        // What CD makes Non-cacheable is no longer forced: Device stays Device.
        Assert.Equal((0x0C, Shareability.OuterShareable), Types(On | HcrBits.Fwb | HcrBits.Cd, TranslationFeatures.S2FWB));
        _memory[Stage1Leaf] &= ~(3UL << 2);
        Assert.Equal((0x44, Shareability.OuterShareable), Types(On | HcrBits.Fwb | HcrBits.Cd, TranslationFeatures.S2FWB));

        (byte, Shareability) Types(HcrBits hcr, TranslationFeatures features = TranslationFeatures.None)
        {
            TwoStageTranslation found = Translate(Read, hcr: hcr, features: features);
            return (found.Attributes.Value, found.Shareability);
        }
    }

    [Theory]
    [InlineData(HcrBits.Rw, 0x7123UL, 0xFF)] // Stage 2 off: the tables are not where they were
    [InlineData(On | HcrBits.Tge, 0x4000_5123UL, 0x00)]
    [InlineData(On | HcrBits.Dc, 0x4000_5123UL, 0xFF)]
    [InlineData(HcrBits.Rw | HcrBits.Dc, 0x4000_5123UL, 0xFF)]
    [InlineData(On | HcrBits.Dc | HcrBits.Dct, 0x4000_5123UL, 0xF0)]
    public void WhichStagesAreOnFollowsFromHcr(HcrBits hcr, ulong va, byte type)
    {
        bool isStage2Off = (hcr & (HcrBits.Vm | HcrBits.Dc)) == 0;
        _registers.Ttbr0El1 = isStage2Off ? Stage1Pa : Stage1Ipa;
        if (isStage2Off)
        {
            _memory[Stage1Pa] = (Stage1Pa + 0x1000) | 3;
            _memory[Stage1Pa + 0x1000] = (Stage1Pa + 0x2000) | 3;
        }

        TwoStageTranslation found = Translate(Read, va, hcr);
        Assert.False(found.IsFault, found.ToString());
        Assert.Equal((isStage2Off ? PageIpa + 0x123 : PagePa + 0x123, type), (found.Pa.Value, found.Attributes.Value));
        Assert.Equal(type == 0 ? Shareability.OuterShareable : Shareability.InnerShareable, found.Shareability);
        Assert.Equal(4096UL, found.Size);
    }

    [Fact]
    public void TheHostRegimeHasNoStage2()
    {
        TwoStageTranslation found = Translate(Read, hcr: On | HcrBits.E2h | HcrBits.Tge | HcrBits.Dc);
        Assert.Equal((true, false), (found.IsFault, found.IsStage2Fault));
        _registers.Ttbr0El1 = Stage1Pa;
        _memory[Stage1Pa] = 0x4000_0000 | 1 | Af;
        Assert.Equal(0x4000_7123UL, Translate(Read, hcr: On | HcrBits.E2h | HcrBits.Tge | HcrBits.Dc).Pa.Value);
    }

    [Fact]
    public void ATraceHoldsEveryDescriptorInTheOrderOfTheWalk()
    {
        IReadOnlyList<WalkedDescriptor> trace = Trace(Write, out TwoStageTranslation found);
        Assert.Equal(Translate(Write), found);
        string[] stage2 = ["2.1 90000008", "2.2 90001000"];
        string[] expected =
        [
            .. stage2, "2.3 90002000", "1.1 80000000",
            .. stage2, "2.3 90002008", "1.2 80001000",
            .. stage2, "2.3 90002010", "1.3 80002038",
            .. stage2, "2.3 90002028",
        ];
        Assert.Equal(expected, trace.Select(read => $"{read.Stage}.{read.Level} {read.Pa.Value:x}"));
        Assert.All(trace, read => Assert.Equal(_memory[read.Pa.Value], read.Value));
        Assert.Equal([0x4000_0000UL, 0x4000_1000UL, 0x4000_2038UL], trace.Where(read => read.Stage == 1).Select(read => read.Ipa.Value));
        Assert.Equal("stage 1 level 3 at 0x80002038: 0x40005743", trace[11].ToString());

        // Denied at the second table: its own descriptor is not read.
        _memory[TableLeaf + 8] = 0;
        Assert.Equal(expected[..7], Trace(Write, out _).Select(read => $"{read.Stage}.{read.Level} {read.Pa.Value:x}"));

        // Not there at all: it was asked for.
        _memory[TableLeaf + 8] = 0x12_3456_7000 | 3 | Af | Access2 | WriteBack2;
        WalkedDescriptor last = Trace(Write, out _)[^1];
        Assert.Equal((1, 2, 0x12_3456_7000UL, null), (last.Stage, last.Level, last.Pa.Value, last.Value));
    }

    [Fact]
    public void ATraceReadsTheGuestsByteOrder()
    {
        _registers.SctlrEl1 |= (ulong)SctlrBits.Ee;
        foreach (ulong pa in new[] { Stage1Pa, Stage1Pa + 0x1000, Stage1Leaf })
        {
            _memory[pa] = System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(_memory[pa]);
        }

        Assert.Equal([0x4000_1003UL, 0x4000_2003, 0x4000_5743], Trace(Read, out _).Where(read => read.Stage == 1).Select(read => read.Value!.Value));
    }

    [Fact]
    public void AWalkAllocatesNothing()
    {
        TwoStageWalker walker = Walker(On);
        int faults = 0;
        Walk();
        Assert.Equal(0, Allocation.Of(Walk));
        Assert.Equal(200, faults);

        void Walk()
        {
            for (int i = 0; i < 100; i++)
            {
                faults += walker.Translate(new Va(Va), Read, _registers).IsFault ? 1 : 0;
                faults += walker.Translate(new Va(Va + 0x1000), Read, _registers).IsFault ? 1 : 0;
            }
        }
    }

    [Fact]
    public void ArgumentsAreChecked()
    {
        Assert.Equal("memory", Assert.Throws<ArgumentNullException>(() => new TwoStageWalker(null!, default, default, default, 40)).ParamName);
        Assert.Equal("physicalAddressBits", Assert.Throws<ArgumentOutOfRangeException>(() => new TwoStageWalker(_memory, default, default, default, 31)).ParamName);
    }

    private TwoStageWalker Walker(HcrBits hcr, TranslationFeatures features = TranslationFeatures.None) =>
        new(_memory, new Hcr((ulong)hcr), new Vtcr(Vtcr), new Vttbr(Stage2Root), 40, features);

    private TwoStageTranslation Translate(Stage1Access access, ulong va = Va, HcrBits hcr = On, TranslationFeatures features = TranslationFeatures.None) =>
        Walker(hcr, features).Translate(new Va(va), access, _registers);

    private IReadOnlyList<WalkedDescriptor> Trace(Stage1Access access, out TwoStageTranslation found) =>
        Walker(On).Trace(new Va(Va), access, _registers, out found);
}
