using System.Collections.Generic;
using System.Linq;
using HvIntrospect.Interpreter.Checking;
using HvIntrospect.Registers;
using Xunit;
using static HvIntrospect.Tests.Interpreter.Checking.CheckedWorld;

namespace HvIntrospect.Tests.Interpreter.Checking;

/// <summary>What hypervisors in the field do: the sequences that are right are clean, and the mistakes that are known are found.</summary>
public sealed class KnownSequenceTests
{
    private const uint Brk = 0xD4200000;
    private const uint Add = 0x8B020020;

    /// <summary>Bao's invalidation of an address of a VM forgets Stage 1 and writes VTTBR_EL2 back with the VM's VMID and no base.</summary>
    [Fact]
    public void InvalidatingAnAddressForgetsStage1AndTheOwnVttbr()
    {
        var world = new CheckedWorld();
        Install(world.Core, OtherRoot, 6);
        world.Visit();
        world[Entry(1)] = 0;
        world.Core.Dsb(BarrierOption.Ish);
        world.Core.WriteSystemRegister(SystemRegister.VttbrEl2, Vttbr.Create(default, Vmid).Value);
        world.Core.Isb();
        world.Core.Tlbi(TlbiOperation.Ipas2E1Is, 1);
        world.Core.Dsb(BarrierOption.Ish);
        world.Core.WriteSystemRegister(SystemRegister.VttbrEl2, Vttbr.Create(default, Vmid).Value);
        world.Core.Isb();
        world.Visit();
        world.Visit(1);
        Assert.Equal(
            [ArchitectureRule.ForeignVttbr, ArchitectureRule.VmidOfTwoTables, ArchitectureRule.IllegalVttbr, ArchitectureRule.MissingInvalidationOfCombined],
            world.Rules);
    }

    /// <summary>Hafnium's loop over a range ends after one page when the ASID or the NS bit is in the operand that it counts with.</summary>
    [Fact]
    public void InvalidatingARangeEndsAfterOnePage()
    {
        const ulong NonSecure = 1UL << 63;
        var world = new CheckedWorld();
        for (int i = 1; i < 5; i++)
        {
            world[Entry(i)] = 0;
        }

        world.Core.Dsb(BarrierOption.Ishst);
        ulong end = 5;
        for (ulong page = 1; page < end; page++)
        {
            page |= NonSecure;
            world.Core.Tlbi(TlbiOperation.Ipas2E1Is, page);
        }

        world.Core.Dsb(BarrierOption.Ish);
        world.Core.Tlbi(TlbiOperation.Vmalle1Is, 0);
        world.Core.Dsb(BarrierOption.Ish);
        world.Visit();
        ArchitectureViolation found = Assert.Single(world.Checker.Violations);
        Assert.Equal(ArchitectureRule.MissingInvalidationByIpa, found.Rule);
        Assert.Contains("3 old entries", found.Detail);
    }

    /// <summary>The recipe of a text that wants a native application with a 48-bit address space: TGE alone, the VMID at bit 16, immediates into HCR_EL2.</summary>
    [Fact]
    public void SwitchingStage2OffWithImmediatesIsWrongInEveryStep()
    {
        const ulong UniqueVmid = 5;
        var world = new CheckedWorld();
        IEl2Operations core = world.Core;
        core.WriteSystemRegister(SystemRegister.SctlrEl1, (ulong)SctlrBits.M);
        core.WriteSystemRegister(SystemRegister.HcrEl2, (ulong)HcrBits.Tge);
        core.WriteSystemRegister(SystemRegister.VttbrEl2, UniqueVmid << 16);
        world.Checker.GuestEntered(0, El0);
        world.Exit();

        // TGE turns Stage 1 off, and without VM physical memory is what the application sees.
        Assert.Equal([ArchitectureRule.Stage1OffUnderTge, ArchitectureRule.UntranslatedGuest], world.Rules);

        // "Disable Stage 2": the write takes TGE back, and RW was lost with the first one.
        core.WriteSystemRegister(SystemRegister.HcrEl2, 0);
        core.Dsb(BarrierOption.Sy);
        core.Isb();
        core.Tlbi(TlbiOperation.Vmalle1, 0);
        core.Dsb(BarrierOption.Sy);
        core.Isb();
        world.Checker.GuestEntered(0, El0);
        world.Exit();
        Assert.Contains(ArchitectureRule.IllegalReturn, world.Rules);

        // "Enable Stage 2": under VMID 0 with the VMID as the base; what was cached with Stage 2 off has that VMID too.
        core.WriteSystemRegister(SystemRegister.HcrEl2, (ulong)HcrBits.Vm);
        world.Visit();
        Assert.Equal(
            [
                ArchitectureRule.Stage1OffUnderTge, ArchitectureRule.UntranslatedGuest, ArchitectureRule.IllegalReturn, ArchitectureRule.VmidOfTwoTables,
                ArchitectureRule.IllegalVttbr,
            ],
            world.Rules);
    }

    /// <summary>KVM's way to take an entry away: an invalid one, the two halves of the invalidation, then the new one.</summary>
    [Fact]
    public void BreakInvalidateMakeIsClean()
    {
        var world = new CheckedWorld();
        ulong table = Spare;
        for (ulong i = 0; i < 512; i++)
        {
            world[table + (i * 8)] = (0x4020_0000 + (i << 12)) | Page;
        }

        world[Level2 + 8] = 0;
        world.Maintain(0x20_0000);
        world[Level2 + 8] = table | TableBit | Valid;
        world.Core.Dsb(BarrierOption.Ishst);
        world.Visit();
        Assert.Equal([], world.Checker.Violations);
    }

    /// <summary>A hypervisor that looks which pages are used clears their Access flags and invalidates nothing: TLBs may hold them on, with what they permit.</summary>
    [Fact]
    public void AgingNeedsNoMaintenance()
    {
        var world = new CheckedWorld();
        world[Entry(1)] &= ~AccessFlag;
        world.Visit();
        world.Visit(1);
        world[Entry(1)] |= AccessFlag;
        world.Visit();
        Assert.Equal([], world.Checker.Violations);
    }

    /// <summary>A page without the Access flag may yet be in TLBs, from the time when it had it.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void WhatWasAgedIsTakenAwayLikeAnyOther(bool isMaintained)
    {
        var world = new CheckedWorld();
        world[Entry(1)] &= ~AccessFlag;
        world.Visit();
        world[Entry(1)] = 0;
        if (isMaintained)
        {
            world.Maintain(0x1000);
        }

        world.Visit();
        Assert.Equal(isMaintained ? [] : [ArchitectureRule.MissingInvalidationByIpa], world.Rules);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void WhatWasAgedIsReplacedLikeAnyOther(bool isMaintained)
    {
        var world = new CheckedWorld();
        world[Entry(1)] &= ~AccessFlag;
        world.Visit();
        if (isMaintained)
        {
            world.Maintain(0x1000);
        }

        world[Entry(1)] = 0x4900_0000 | Page;
        world.Core.Dsb(BarrierOption.Ishst);
        Assert.Equal(isMaintained ? [] : [ArchitectureRule.BreakBeforeMake], world.Rules);
    }

    [Fact]
    public void ATableOfAgedPagesIsTakenAwayLikeAnyOther()
    {
        var world = new CheckedWorld();
        world[Entry(1)] &= ~AccessFlag;
        world.Visit();
        world[Level2] = 0;
        world.Core.Dsb(BarrierOption.Ishst);
        for (ulong page = 0; page < 512; page++)
        {
            if (page != 1)
            {
                world.Core.Tlbi(TlbiOperation.Ipas2E1Is, page);
            }
        }

        world.Core.Dsb(BarrierOption.Ish);
        world.Core.Tlbi(TlbiOperation.Vmalle1Is, 0);
        world.Core.Dsb(BarrierOption.Ish);
        world.Visit();
        Assert.Equal([ArchitectureRule.MissingInvalidationByIpa], world.Rules);
    }

    /// <summary>When VMIDs have run out, all TLBs are emptied and every VM gets a new one, which may have been another's.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AVmidIsUsedAgainAfterEverythingWasInvalidated(bool isInvalidated)
    {
        var world = new CheckedWorld();
        if (isInvalidated)
        {
            world.Core.Dsb(BarrierOption.Ishst);
            world.Core.Tlbi(TlbiOperation.Alle1Is, 0);
            world.Core.Dsb(BarrierOption.Ish);
        }

        for (int i = 0; i < 2; i++)
        {
            Install(world.Cores[i], OtherRoot, Vmid);
            world.Visit(i);
        }

        Assert.Equal(isInvalidated ? [] : [ArchitectureRule.VmidOfTwoTables], world.Rules);
    }

    /// <summary>A core that goes from one vCPU of a VM to another one drops what the first has left behind, on itself only.</summary>
    [Fact]
    public void ASwitchOfVcpusInvalidatesLocally()
    {
        var world = new CheckedWorld();
        world.Do(core => core.Tlbi(TlbiOperation.Vmalle1, 0), core => core.InvalidateInstructionCache(InstructionCacheOperation.Iallu, default), core => core.Dsb(BarrierOption.Nsh), core => core.Isb());
        world.Visit();
        Assert.Equal([], world.Checker.Violations);
    }

    /// <summary>Many pages go at once: one TLBI for the whole VM is enough, with its barriers, and the tables may then become anything.</summary>
    [Theory]
    [InlineData(-1, null)]
    [InlineData(0, ArchitectureRule.MissingBarrierBeforeInvalidation)]
    [InlineData(1, ArchitectureRule.MissingInvalidationByIpa)]
    [InlineData(2, ArchitectureRule.MissingBarrierAfterInvalidation)]
    public void AGigabyteIsUnmappedWithOneInvalidation(int leftOut, ArchitectureRule? broken)
    {
        Step[] steps = [core => core.Dsb(BarrierOption.Ishst), core => core.Tlbi(TlbiOperation.Vmalls12E1Is, 0), core => core.Dsb(BarrierOption.Ish)];
        var world = new CheckedWorld();
        world[Root] = 0;
        world.Do([.. steps.Where((_, i) => i != leftOut)]);
        world.Visit();
        if (broken is null)
        {
            world[Level3] = 0x1234_5678_9ABC_DEF1;
            world[Root] = 0x4000_0000 | Block;
            world.Core.Dsb(BarrierOption.Ishst);
            world.Visit(1);
        }

        Assert.Equal(broken is ArchitectureRule rule ? [rule] : [], world.Rules);
    }

    /// <summary>A table that becomes a block again: the pages below it were cached one by one.</summary>
    [Fact]
    public void OneAddressIsNotEnoughForATableOfPages()
    {
        var world = new CheckedWorld();
        world[Level2] = 0;
        world.Maintain();
        world[Level2] = 0x4000_0000 | Block;
        world.Core.Dsb(BarrierOption.Ishst);
        Assert.Equal([ArchitectureRule.MissingInvalidationByIpa], world.Rules);
    }

    /// <summary>Who writes the displaced instruction back while another core runs there has a race, however well caches are maintained; with all stopped it has none.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void UnpatchingNeedsTheOthersStopped(bool stops)
    {
        var world = new CheckedWorld();
        IPauseAll pause = world.Checker.Check(new NoPause());
        world.Replace(Brk);
        world.MaintainCode();
        world.Enter(1);
        if (stops)
        {
            pause.Pause();
        }

        world.Replace(Add);
        world.MaintainCode();
        if (stops)
        {
            pause.Resume();
        }

        Assert.Equal(stops ? [] : [ArchitectureRule.ConcurrentModification], world.Rules);
    }

    /// <summary>Any barrier or invalidation that is left out of the sequence is missed.</summary>
    [Fact]
    public void EveryStepOfTheSequenceCounts()
    {
        Step[] steps =
        [
            core => core.Dsb(BarrierOption.Ishst),
            core => core.Tlbi(TlbiOperation.Ipas2E1Is, 1),
            core => core.Dsb(BarrierOption.Ish),
            core => core.Tlbi(TlbiOperation.Vmalle1Is, 0),
            core => core.Dsb(BarrierOption.Ish),
        ];
        var missed = new List<string>();
        for (int left = -1; left < steps.Length; left++)
        {
            var world = new CheckedWorld();
            world[Entry(1)] = 0;
            world.Do([.. steps.Where((_, i) => i != left)]);
            world.Visit();
            missed.Add(string.Join(' ', world.Rules));
        }

        Assert.Equal(
            [
                string.Empty,
                nameof(ArchitectureRule.MissingBarrierBeforeInvalidation),
                nameof(ArchitectureRule.MissingInvalidationByIpa),
                nameof(ArchitectureRule.MissingBarrierBetweenInvalidations),
                nameof(ArchitectureRule.MissingInvalidationOfCombined),
                nameof(ArchitectureRule.MissingBarrierAfterInvalidation),
            ],
            missed);
    }

    private sealed class NoPause : IPauseAll
    {
        public void Pause()
        {
        }

        public void Resume()
        {
        }

        public bool TryPauseOthers(IVcpu vcpu) => true;

        public void ResumeOthers()
        {
        }
    }
}
