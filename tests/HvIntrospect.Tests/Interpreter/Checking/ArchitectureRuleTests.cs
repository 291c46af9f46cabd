using System;
using System.Collections.Generic;
using System.Linq;
using HvIntrospect.Interpreter.Checking;
using HvIntrospect.Registers;
using HvIntrospect.Translation;
using Xunit;
using static HvIntrospect.Tests.Interpreter.Checking.CheckedWorld;

namespace HvIntrospect.Tests.Interpreter.Checking;

/// <summary>Each rule: what breaks it is found under its name, and the same done right is clean.</summary>
public sealed class ArchitectureRuleTests
{
    private const ulong GivenPage = Spare + 0x2000;
    private const ulong ExecuteNever = 2UL << 53;
    private const uint Brk = 0xD4200000;
    private const uint Nop = 0xD503201F;
    private const uint Add = 0x8B020020;

    private static readonly Step s_published = core => core.Dsb(BarrierOption.Ishst);
    private static readonly Step s_byIpa = core => core.Tlbi(TlbiOperation.Ipas2E1Is, 1);
    private static readonly Step s_completed = core => core.Dsb(BarrierOption.Ish);
    private static readonly Step s_combined = core => core.Tlbi(TlbiOperation.Vmalle1Is, 0);
    private static readonly Step s_wholeVmid = core => core.Tlbi(TlbiOperation.Vmalls12E1Is, 0);

    private static readonly RuleCase[] s_cases =
    [
        new(
            ArchitectureRule.BreakBeforeMake,
            world =>
            {
                world[Entry(1)] = 0x4800_0000 | Page;
                world.Maintain(0x1000);
                world.Visit();
            },
            world =>
            {
                world[Entry(1)] = 0;
                world.Maintain(0x1000);
                world[Entry(1)] = 0x4800_0000 | Page;
                world.Do(s_published);
                world.Visit();
            }),
        new(
            ArchitectureRule.MissingBarrierBeforeInvalidation,
            world => TakeAway(world, s_wholeVmid, s_completed),
            world => TakeAway(world, s_published, s_wholeVmid, s_completed)),
        new(
            ArchitectureRule.MissingInvalidationByIpa,
            world =>
            {
                world[Entry(1)] &= ~Write;
                world.Do(s_published, core => core.Tlbi(TlbiOperation.Ipas2E1Is, 2), s_completed, s_combined, s_completed);
                world.Visit();
            },
            world =>
            {
                world[Entry(1)] &= ~Write;
                world.Maintain(0x1000);
                world.Visit();
            }),
        new(
            ArchitectureRule.MissingBarrierBetweenInvalidations,
            world => TakeAway(world, s_published, s_byIpa, s_combined, s_completed),
            world =>
            {
                world[Entry(1)] = 0;
                world.Maintain(0x1000);
                world.Visit();
            }),
        new(
            ArchitectureRule.MissingInvalidationOfCombined,
            world => TakeAway(world, s_published, s_byIpa, s_completed),
            world => TakeAway(world, s_published, s_byIpa, s_completed, core => core.Tlbi(TlbiOperation.Alle1Is, 0), s_completed)),
        new(
            ArchitectureRule.MissingBarrierAfterInvalidation,
            world =>
            {
                world[Entry(1)] = 0;
                world.Do(s_published, s_wholeVmid, s_published);
                world.Cores[1].Dsb(BarrierOption.Ish);
                world.Visit();
            },
            world => TakeAway(world, s_published, s_wholeVmid, core => core.Dsb(BarrierOption.Sy))),
        new(
            ArchitectureRule.InvalidationOfOtherVmid,
            world =>
            {
                world[Entry(1)] = 0;
                MaintainUnder(world, Vttbr.Create(new Pa(OtherRoot), 6));
                world.Visit(1);
            },
            world =>
            {
                world[Entry(1)] = 0;
                MaintainUnder(world, Vttbr.Create(new Pa(Root), Vmid));
                world.Visit(1);
            }),
        new(
            ArchitectureRule.MissingBroadcast,
            world =>
            {
                world[Entry(1)] = 0;
                world.Do(s_published, core => core.Tlbi(TlbiOperation.Vmalls12E1, 0), s_completed);
                world.Visit(1);
            },
            world =>
            {
                world[Entry(1)] = 0;
                world.Do(s_published, s_wholeVmid, s_completed);
                world.Visit(1);
            }),
        new(
            ArchitectureRule.WrongLevelHint,
            world =>
            {
                world[Entry(1)] = 0;
                MaintainWithHint(world, 2);
                world.Visit();
            },
            world =>
            {
                world[Entry(1)] = 0;
                MaintainWithHint(world, 3);
                world.Visit();
            }),
        new(
            ArchitectureRule.LastLevelInvalidationOfTable,
            world => Unlink(world, TlbiOperation.Ipas2Le1Is, 0),
            world => Unlink(world, TlbiOperation.Ipas2E1Is, 0)),
        new(
            ArchitectureRule.UndefinedRange,
            world =>
            {
                // A range of 64 KB pages, and the tables are of 4 KB.
                world[Entry(1)] = 0;
                MaintainRange(world, 3UL << 46);
                world.Visit();
            },
            world =>
            {
                world[Entry(1)] = 0;
                MaintainRange(world, 1UL << 46);
                world.Visit();
            }),
        new(
            ArchitectureRule.MissingInstructionBarrier,
            world =>
            {
                world.Core.WriteSystemRegister(SystemRegister.VttbrEl2, Vttbr.Create(new Pa(OtherRoot), 6).Value);
                world.Do(s_wholeVmid);
            },
            world =>
            {
                world.Core.WriteSystemRegister(SystemRegister.VttbrEl2, Vttbr.Create(new Pa(OtherRoot), 6).Value);
                world.Core.Isb();
                world.Do(s_wholeVmid);
            }),
        new(
            ArchitectureRule.ForeignVttbr,
            world =>
            {
                InvalidateOther(world);
                world.Visit();
            },
            world =>
            {
                InvalidateOther(world);
                world.Core.WriteSystemRegister(SystemRegister.VttbrEl2, Vttbr.Create(new Pa(Root), Vmid).Value);
                world.Core.Isb();
                world.Visit();
            }),
        new(
            ArchitectureRule.VmidOfTwoTables,
            world =>
            {
                Install(world.Core, OtherRoot, Vmid);
                world.Visit();
            },
            world =>
            {
                world.Do(s_wholeVmid, s_completed);
                Install(world.Core, OtherRoot, Vmid);
                world.Visit();
            }),
        new(
            ArchitectureRule.MissingInvalidationBetweenVcpus,
            world =>
            {
                world.Checker.DeclareVcpu(0, 0);
                world.Visit();
                world.Checker.DeclareVcpu(0, 1);
                world.Visit();
            },
            world =>
            {
                world.Checker.DeclareVcpu(0, 0);
                world.Visit();
                world.Do(core => core.Tlbi(TlbiOperation.Vmalle1, 0), core => core.Dsb(BarrierOption.Nsh));
                world.Checker.DeclareVcpu(0, 1);
                world.Visit();
                world.Checker.DeclareVcpu(1, 0);
                world.Visit(1);
            }),
        new(
            ArchitectureRule.CommonNotPrivate,
            world =>
            {
                InstallCommon(world.Cores[0], Root);
                InstallCommon(world.Cores[1], OtherRoot);
                world.Visit(0);
                world.Visit(1);
            },
            world =>
            {
                InstallCommon(world.Cores[0], OtherRoot);
                InstallCommon(world.Cores[1], OtherRoot);
                world.Visit(0);
                world.Visit(1);
            }),
        new(
            ArchitectureRule.IllegalGeometry,
            world =>
            {
                // 39 bits cannot start at level 0 ... a table would have one entry of 512 GB and no index.
                world.Core.WriteSystemRegister(SystemRegister.VtcrEl2, Vtcr.Create(25, 2, GranuleSize.Size4K, 2).Value);
                world.Visit();
            },
            world =>
            {
                world.Core.WriteSystemRegister(SystemRegister.VtcrEl2, Vtcr.Create(25, 1, GranuleSize.Size4K, 5).Value);
                world.Visit();
            }),
        new(
            ArchitectureRule.IllegalVttbr,
            world =>
            {
                Install(world.Core, Root + 0x800, 6);
                world.Visit();
            },
            world =>
            {
                Install(world.Core, OtherRoot, 6);
                world.Visit();
            }),
        new(
            ArchitectureRule.AbsentTable,
            world =>
            {
                world[Root + 8] = 0x1234_5000 | TableBit | Valid;
                world.Visit();
            },
            world =>
            {
                world[Root + 8] = Spare | TableBit | Valid;
                world.Visit();
            }),
        new(
            ArchitectureRule.TableReuse,
            world =>
            {
                world[Level2] = 0;
                world.Do(s_published, s_wholeVmid);
                world[Entry(3)] = 0x5000_0000 | Page;
                world.Do(s_completed);
            },
            world =>
            {
                world[Level2] = 0;
                world.Do(s_published, s_wholeVmid, s_completed);
                world[Entry(3)] = 0x5000_0000 | Page;
                world.Do(s_completed);
                world.Visit();
            }),
        new(
            ArchitectureRule.ContiguousGroup,
            world =>
            {
                MakeContiguous(world, 15);
                world.Visit();
            },
            world =>
            {
                MakeContiguous(world, 16);
                world.Visit();
            }),
        new(
            ArchitectureRule.Stage1OffUnderTge,
            world =>
            {
                world.Core.WriteSystemRegister(SystemRegister.SctlrEl1, (ulong)SctlrBits.M);
                world.Core.WriteSystemRegister(SystemRegister.HcrEl2, GuestHcr.With(HcrBits.Tge).Value);
                world.Checker.GuestEntered(0, El0);
            },
            world =>
            {
                world.Core.WriteSystemRegister(SystemRegister.SctlrEl1, (ulong)SctlrBits.M);
                world.Core.WriteSystemRegister(SystemRegister.HcrEl2, GuestHcr.With(HcrBits.Tge | HcrBits.E2h).Value);
                world.Checker.GuestEntered(0, El0);
            }),
        new(
            ArchitectureRule.UntranslatedGuest,
            world =>
            {
                world.Core.WriteSystemRegister(SystemRegister.VttbrEl2, Vttbr.Create(default, 9).Value);
                world.Core.WriteSystemRegister(SystemRegister.HcrEl2, GuestHcr.With(HcrBits.Vm, false).Value);
                world.Visit();
            },
            world =>
            {
                world.Core.WriteSystemRegister(SystemRegister.VttbrEl2, Vttbr.Create(default, 9).Value);
                world.Core.WriteSystemRegister(SystemRegister.SctlrEl1, (ulong)SctlrBits.M);
                world.Core.WriteSystemRegister(SystemRegister.HcrEl2, GuestHcr.With(HcrBits.Vm, false).Value);
                world.Visit();
            }),
        new(
            ArchitectureRule.IllegalReturn,
            world =>
            {
                world.Core.WriteSystemRegister(SystemRegister.HcrEl2, (ulong)HcrBits.Vm);
                world.Visit();
            },
            world =>
            {
                world.Core.WriteSystemRegister(SystemRegister.HcrEl2, GuestHcr.With(HcrBits.Tge).Value);
                world.Checker.GuestEntered(0, El0);
            }),
        new(
            ArchitectureRule.ConcurrentModification,
            world =>
            {
                world.Replace(Add);
                world.MaintainCode();
                world.Enter(1);
                world.Replace(Brk);
                world.MaintainCode();
                world.Visit();
            },
            world =>
            {
                world.Replace(Nop);
                world.MaintainCode();
                world.Enter(1);
                world.Replace(Brk);
                world.MaintainCode();
                world.Visit();
            }),
        new(
            ArchitectureRule.MissingCodeMaintenance,
            world =>
            {
                world.Replace(Brk);
                world.Core.MaintainDataCache(DataCacheOperation.Cvau, new Pa(CodePage));
                world.Core.InvalidateInstructionCache(InstructionCacheOperation.Ivau, new Pa(CodePage));
                world.Do(s_completed);
                world.Visit();
            },
            world =>
            {
                world.Replace(Brk);
                world.MaintainCode();
                world.Visit();
            }),
        new(
            ArchitectureRule.MissingDataCacheClean,
            world =>
            {
                // Its Stage 1 is off, so that its data is Device memory.
                world.Data.Write(new Pa(GivenPage), new byte[256]);
                world.Do(core => core.MaintainDataCache(DataCacheOperation.Cvac, new Pa(GivenPage)), s_completed);
                Give(world, ExecuteNever);
                world.Visit();
            },
            world =>
            {
                world.Data.Write(new Pa(GivenPage), new byte[256]);
                CleanGiven(world);
                Give(world, ExecuteNever);
                world.Visit();
            }),
        new(
            ArchitectureRule.MissingExecutionMaintenance,
            world =>
            {
                world.Data.Write(new Pa(GivenPage), new byte[256]);
                CleanGiven(world);
                Give(world, 0);
                world.Visit();
            },
            world =>
            {
                world.Data.Write(new Pa(GivenPage), new byte[256]);
                CleanGiven(world);
                world.Do(core => core.InvalidateInstructionCache(InstructionCacheOperation.Ialluis, default), s_completed);
                Give(world, 0);
                world.Visit();
            }),
        new(
            ArchitectureRule.GuestInvalidationMissesView,
            world =>
            {
                world.Checker.DeclareViews(Vmid, 6);
                world.Enter();
                world.Checker.GuestInvalidated(0, isBroadcast: true);
                world.Exit();
                Install(world.Cores[1], OtherRoot, 6);
                world.Visit(1);
            },
            world =>
            {
                world.Checker.DeclareViews(Vmid, 6);
                world.Enter();
                world.Checker.GuestInvalidated(0, isBroadcast: true);
                world.Exit();
                Install(world.Cores[1], OtherRoot, 6);
                world.Cores[1].Tlbi(TlbiOperation.Vmalle1, 0);
                world.Cores[1].Dsb(BarrierOption.Nsh);
                world.Visit(1);
            }),
    ];

    public static TheoryData<ArchitectureRule> Rules => [.. Enum.GetValues<ArchitectureRule>()];

    [Theory]
    [MemberData(nameof(Rules))]
    public void WhatBreaksARuleIsFoundUnderItsName(ArchitectureRule rule)
    {
        RuleCase found = Assert.Single(s_cases, item => item.Rule == rule);
        foreach (bool isDirect in new[] { true, false })
        {
            var world = new CheckedWorld(isDirect: isDirect);
            found.Break(world);
            Assert.Equal([rule], world.Rules);
        }
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void TheSameDoneRightIsClean(ArchitectureRule rule)
    {
        foreach (RuleCase found in s_cases.Where(item => item.Rule == rule))
        {
            var world = new CheckedWorld();
            found.Keep(world);
            Assert.Equal([], world.Checker.Violations);
        }
    }

    /// <summary>Two pages of 4 KB, of which the second is the one that has changed, or none; a level that is not the page's; a granule that is reserved or another one; a start that does not suit the level.</summary>
    [Theory]
    [InlineData(1UL << 46, null)]
    [InlineData((1UL << 46) | 2, ArchitectureRule.MissingInvalidationByIpa)]
    [InlineData((1UL << 46) | (3UL << 37), null)]
    [InlineData((1UL << 46) | (2UL << 37), ArchitectureRule.WrongLevelHint)]
    [InlineData(0UL, ArchitectureRule.UndefinedRange)]
    [InlineData(2UL << 46, ArchitectureRule.UndefinedRange)]
    [InlineData((1UL << 46) | (2UL << 37) | 1, ArchitectureRule.UndefinedRange)] // not aligned to 2 MB
    [InlineData((1UL << 46) | (1UL << 44) | (1UL << 37) | (31UL << 39), ArchitectureRule.WrongLevelHint)]
    public void ARangeReachesThePagesInIt(ulong operand, ArchitectureRule? broken)
    {
        var world = new CheckedWorld();
        world[Entry(1)] &= ~Write;
        world.Core.Dsb(BarrierOption.Ishst);
        world.Core.Tlbi(TlbiOperation.Ripas2E1Is, operand);
        world.Core.Dsb(BarrierOption.Ish);
        world.Core.Tlbi(TlbiOperation.Vmalle1Is, 0);
        world.Core.Dsb(BarrierOption.Ish);
        world.Visit();
        Assert.Equal(broken is ArchitectureRule rule ? [rule] : [], world.Rules);
    }

    [Theory]
    [InlineData(TranslationFeatures.None, false, true)]
    [InlineData(TranslationFeatures.None, true, true)]
    [InlineData(TranslationFeatures.BBML1, false, true)]
    [InlineData(TranslationFeatures.BBML1, true, false)]
    [InlineData(TranslationFeatures.BBML2, false, false)]
    public void WithTheFeatureABlockMayBecomeATable(TranslationFeatures features, bool isAnnounced, bool isFound)
    {
        var world = new CheckedWorld(features: features);
        if (isAnnounced)
        {
            // nT: the block may be a table at any moment.
            world[Level2 + 8] |= 1UL << 16;
            world.Core.Dsb(BarrierOption.Ishst);
        }

        for (ulong i = 0; i < 512; i++)
        {
            world[Spare + (i * 8)] = (0x4020_0000 + (i << 12)) | Page;
        }

        world[Level2 + 8] = Spare | TableBit | Valid;
        world.Maintain(0x20_0000);
        Assert.Equal(isFound ? [ArchitectureRule.BreakBeforeMake] : [], world.Rules);
    }

    /// <summary>What EL2 writes to memory that a guest has already is the guest's to maintain, as is what it can only reach through its own caches.</summary>
    [Theory]
    [InlineData(SctlrBits.M | SctlrBits.C, HcrBits.None, Page | ExecuteNever, true, false)]
    [InlineData(SctlrBits.M | SctlrBits.C, HcrBits.None, Page | ExecuteNever, false, false)]
    [InlineData(SctlrBits.M, HcrBits.None, Page | ExecuteNever, true, false)]
    [InlineData(SctlrBits.M, HcrBits.None, Page | ExecuteNever, false, true)]
    [InlineData(SctlrBits.None, HcrBits.Dc, Page | ExecuteNever, false, false)]
    [InlineData(SctlrBits.None, HcrBits.Dc | HcrBits.Cd, Page | ExecuteNever, false, true)]
    [InlineData(SctlrBits.M | SctlrBits.C, HcrBits.None, (Page & ~0x3CUL) | (5 << 2) | ExecuteNever, false, true)] // Non-cacheable
    [InlineData(SctlrBits.M | SctlrBits.C, HcrBits.None, (Page & ~0x3CUL) | ExecuteNever, false, true)] // Device
    [InlineData(SctlrBits.None, HcrBits.Fwb, (Page & ~0x3CUL) | (6 << 2) | ExecuteNever, false, false)] // Write-Back whatever Stage 1 says
    [InlineData(SctlrBits.None, HcrBits.Fwb, (Page & ~0x3CUL) | (7 << 2) | ExecuteNever, false, true)] // as Stage 1 says
    public void OnlyAGuestThatSurelyReadsWithoutTheCacheIsFound(SctlrBits stage1, HcrBits stage2, ulong leaf, bool isMappedBefore, bool isFound)
    {
        var world = new CheckedWorld(features: TranslationFeatures.S2FWB);
        world.Core.WriteSystemRegister(SystemRegister.SctlrEl1, (ulong)stage1);
        world.Core.WriteSystemRegister(SystemRegister.HcrEl2, GuestHcr.With(stage2).Value);
        world.Core.Isb();
        world[Entry(1)] = 0;
        world.Maintain(0x1000);
        if (isMappedBefore)
        {
            world[Entry(1)] = GivenPage | leaf;
            world.Visit();
        }

        world.Data.Write(new Pa(GivenPage), new byte[8]);
        world[Entry(1)] = GivenPage | leaf;
        world.Visit();
        world.Visit();
        Assert.Equal(isFound ? [ArchitectureRule.MissingDataCacheClean] : [], world.Rules);
        Assert.Equal(isFound ? 1UL : 0, world.Checker.ViolationCount);
    }

    /// <summary>Tables of 52-bit addresses, from level -1 on, are followed as the others are.</summary>
    [Theory]
    [InlineData(TranslationFeatures.LPA2, null)]
    [InlineData(TranslationFeatures.None, ArchitectureRule.IllegalGeometry)]
    public void LargeDescriptorsAreFollowed(TranslationFeatures features, ArchitectureRule? found)
    {
        var world = new CheckedWorld(features: features);
        const ulong LargeRoot = Spare;
        const ulong Ds = 1UL << 32;
        const ulong Sl2 = 1UL << 33;
        world[LargeRoot] = (Spare + 0x1000) | TableBit | Valid;
        world[Spare + 0x1000] = (3UL << 48) | (2 << 8) | (Block & ~(3UL << 8));
        world.Core.WriteSystemRegister(SystemRegister.VtcrEl2, Vtcr.Create(12, 0, GranuleSize.Size4K, 6).Value | Ds | Sl2);
        world.Core.WriteSystemRegister(SystemRegister.VttbrEl2, Vttbr.Create(new Pa(LargeRoot), 6).Value);
        world.Core.Isb();
        world.Visit();
        Assert.Equal(found is ArchitectureRule rule ? [rule] : [], world.Rules);
        if (found is not null)
        {
            return;
        }

        // Bits 9:8 are a part of the address there.
        world[Spare + 0x1000] ^= 1UL << 8;
        world.Core.Dsb(BarrierOption.Ishst);
        Assert.Equal([ArchitectureRule.BreakBeforeMake], world.Rules);
    }

    [Fact]
    public void SmallTablesNeedTheFeature()
    {
        foreach (TranslationFeatures features in (TranslationFeatures[])[TranslationFeatures.None, TranslationFeatures.TTST])
        {
            var world = new CheckedWorld(features: features);
            world.Core.WriteSystemRegister(SystemRegister.VtcrEl2, Vtcr.Create(44, 3, GranuleSize.Size4K, 2).Value);
            world.Core.WriteSystemRegister(SystemRegister.VttbrEl2, Vttbr.Create(new Pa(Spare), 6).Value);
            world.Core.Isb();
            world.Visit();
            Assert.Equal(features == TranslationFeatures.None ? [ArchitectureRule.IllegalGeometry] : [], world.Rules);
        }
    }

    [Fact]
    public void AnEntryWithoutTheAccessFlagWasNeverCached()
    {
        var world = new CheckedWorld();
        world[Entry(1)] &= ~AccessFlag;
        world.Maintain(0x1000);
        world[Entry(1)] = 0x4900_0000 | Page;
        world.Core.Dsb(BarrierOption.Ishst);
        world.Visit();
        Assert.Equal([], world.Checker.Violations);
    }

    [Fact]
    public void MorePermissionNeedsNoMaintenance()
    {
        var world = new CheckedWorld();
        world[Entry(1)] &= ~Write;
        world.Maintain(0x1000);
        world[Entry(1)] |= Write;
        world.Visit();
        Assert.Equal([], world.Checker.Violations);
    }

    [Fact]
    public void OneCoreNeedsNoBroadcast()
    {
        var world = new CheckedWorld(cores: 1);
        world[Entry(1)] = 0;
        world.Core.Dsb(BarrierOption.Nshst);
        world.Core.Tlbi(TlbiOperation.Ipas2E1, 1);
        world.Core.Dsb(BarrierOption.Nsh);
        world.Core.Tlbi(TlbiOperation.Vmalle1, 0);
        world.Core.Dsb(BarrierOption.Nsh);
        world.Visit();
        Assert.Equal([], world.Checker.Violations);
    }

    [Fact]
    public void ALastingMistakeIsReportedOnceUntilItIsMended()
    {
        var world = new CheckedWorld();
        for (int i = 0; i < 2; i++)
        {
            world.Core.WriteSystemRegister(SystemRegister.HcrEl2, (ulong)HcrBits.Vm);
            world.Visit();
            world.Visit();
            world.Core.WriteSystemRegister(SystemRegister.HcrEl2, GuestHcr.Value);
            world.Visit();
        }

        Assert.Equal(2, world.Checker.Violations.Count);
        Assert.Equal(2UL, world.Checker.ViolationCount);
    }

    [Fact]
    public void FindingsBeyondTheLimitAreCounted()
    {
        var world = new CheckedWorld();
        int told = 0;
        world.Checker.Found += _ => told++;
        for (int i = 0; i < ArchitectureChecker.MostKept + 10; i++)
        {
            world.Core.WriteSystemRegister(SystemRegister.VtcrEl2, 0);
            world.Core.Tlbi(TlbiOperation.Vmalle1Is, 0);
        }

        Assert.Equal(ArchitectureChecker.MostKept, world.Checker.Violations.Count);
        Assert.Equal((ulong)told, world.Checker.ViolationCount);
        Assert.Equal(ArchitectureChecker.MostKept + 10, told);
    }

    [Fact]
    public void ArgumentsThatDoNotFitAreNamed()
    {
        var world = new CheckedWorld();
        Assert.Equal("core", Assert.Throws<ArgumentOutOfRangeException>(() => world.Checker.GuestEntered(2, El1)).ParamName);
        Assert.Equal("core", Assert.Throws<ArgumentOutOfRangeException>(() => world.Checker.GuestExited(-1)).ParamName);
        Assert.Equal("vmids", Assert.Throws<ArgumentException>(() => world.Checker.DeclareViews(1)).ParamName);
        Assert.Equal("coreCount", Assert.Throws<ArgumentOutOfRangeException>(() => new ArchitectureChecker(world.Code, 0)).ParamName);
        Assert.Equal("core", Assert.Throws<ArgumentOutOfRangeException>(() => world.Checker.DeclareVcpu(2, 0)).ParamName);
        Assert.Equal("memory", Assert.Throws<ArgumentNullException>(() => world.Checker.CheckData(null!)).ParamName);
        Assert.Throws<InvalidOperationException>(() => new ArchitectureChecker(world.Code, 1).GuestEntered(0, El1));
    }

    /// <summary>A page is unmapped, something is done about it, and the guest goes on.</summary>
    private static void TakeAway(CheckedWorld world, params ReadOnlySpan<Step> steps)
    {
        world[Entry(1)] = 0;
        world.Do(steps);
        world.Visit();
    }

    private static void MaintainUnder(CheckedWorld world, Vttbr vttbr)
    {
        world.Core.Dsb(BarrierOption.Ishst);
        world.Core.WriteSystemRegister(SystemRegister.VttbrEl2, vttbr.Value);
        world.Core.Isb();
        world.Maintain(0x1000);
        world.Core.WriteSystemRegister(SystemRegister.VttbrEl2, Vttbr.Create(new Pa(Root), Vmid).Value);
        world.Core.Isb();
    }

    private static void MaintainWithHint(CheckedWorld world, ulong level)
    {
        world.Core.Dsb(BarrierOption.Ishst);
        world.Core.Tlbi(TlbiOperation.Ipas2E1Is, 1 | (1UL << 46) | (level << 44));
        world.Core.Dsb(BarrierOption.Ish);
        world.Core.Tlbi(TlbiOperation.Vmalle1Is, 0);
        world.Core.Dsb(BarrierOption.Ish);
    }

    private static void MaintainRange(CheckedWorld world, ulong operand)
    {
        world.Core.Dsb(BarrierOption.Ishst);
        world.Core.Tlbi(TlbiOperation.Ripas2E1Is, operand);
        world.Core.Dsb(BarrierOption.Ish);
        world.Core.Tlbi(TlbiOperation.Vmalle1Is, 0);
        world.Core.Dsb(BarrierOption.Ish);
    }

    /// <summary>A table without valid entries goes.</summary>
    private static void Unlink(CheckedWorld world, TlbiOperation operation, ulong operand)
    {
        world[Root + 8] = Spare | TableBit | Valid;
        world.Visit();
        world[Root + 8] = 0;
        world.Core.Dsb(BarrierOption.Ishst);
        world.Core.Tlbi(operation, (1UL << 18) | operand);
        world.Core.Dsb(BarrierOption.Ish);
        world.Core.Tlbi(TlbiOperation.Vmalle1Is, 0);
        world.Core.Dsb(BarrierOption.Ish);
        world.Visit();
    }

    /// <summary>Maps the page in the place of another.</summary>
    private static void Give(CheckedWorld world, ulong bits)
    {
        world[Entry(1)] = 0;
        world.Maintain(0x1000);
        world[Entry(1)] = GivenPage | Page | bits;
    }

    private static void CleanGiven(CheckedWorld world)
    {
        for (ulong line = 0; line < 256; line += 64)
        {
            world.Core.MaintainDataCache(DataCacheOperation.Civac, new Pa(GivenPage + line));
        }

        world.Core.Dsb(BarrierOption.Ish);
    }

    private static void InvalidateOther(CheckedWorld world)
    {
        world.Core.WriteSystemRegister(SystemRegister.VttbrEl2, Vttbr.Create(new Pa(OtherRoot), 6).Value);
        world.Core.Isb();
        world.Core.Tlbi(TlbiOperation.Vmalls12E1Is, 0);
        world.Core.Dsb(BarrierOption.Ish);
    }

    private static void InstallCommon(IEl2Operations core, ulong root)
    {
        Install(core, root, 7);
        core.WriteSystemRegister(SystemRegister.VttbrEl2, Vttbr.Create(new Pa(root), 7).Value | 1);
    }

    private static void MakeContiguous(CheckedWorld world, int count)
    {
        world[Level2] = 0;
        world.Core.Dsb(BarrierOption.Ishst);
        world.Core.Tlbi(TlbiOperation.Vmalls12E1Is, 0);
        world.Core.Dsb(BarrierOption.Ish);
        for (int i = 0; i < count; i++)
        {
            world[Entry(i)] |= Contiguous;
        }

        world[Level2] = Level3 | TableBit | Valid;
    }
}
