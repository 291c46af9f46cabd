using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using FsCheck;
using FsCheck.Fluent;
using HvIntrospect.Interception;
using Xunit;

namespace HvIntrospect.Tests.Interception;

public sealed class PageGuardsTests
{
    private const ulong PageSize = RecordingControl.PageSize;
    private const int Pages = 12;

    private static readonly Stage2Access[] s_denials =
        [Stage2Access.Read, Stage2Access.Write, Stage2Access.Execute, Stage2Access.ReadWrite, Stage2Access.All, Stage2Access.ExecuteEl0, Stage2Access.Read | Stage2Access.ExecuteEl1];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void EffectiveAccessIsAlwaysTheBaseMinusAllDenials(bool inline)
    {
        Gen<(int Kind, int Page, int Length, int Denial)> step =
            from kind in Gen.Choose(0, 5)
            from page in Gen.Choose(0, Pages - 1)
            from length in Gen.Choose(1, 4)
            from denial in Gen.Choose(0, s_denials.Length - 1)
            select (kind, page, length, denial);
        Prop.ForAll(step.ArrayOf().ToArbitrary(), steps => RunAgainstModel(steps, inline))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(300));
    }

    [Fact]
    public void ReleasingTheLastGuardRestoresTheOriginalAndMerges()
    {
        GuardedMachine machine = Machine();
        using var guards = new PageGuards(machine, useInlineFilter: false);
        PageGuard first = guards.Claim(new IpaRange(new Ipa(0x1804), 4), Stage2Access.Write);
        PageGuard second = guards.Claim(new IpaRange(new Ipa(0x1FFF), 2), Stage2Access.Read);
        Assert.Equal(Stage2Access.Execute, machine.Control![1]);
        Assert.Equal(BaseOf(2) & ~Stage2Access.ReadWrite, machine.Control[2]);

        first.Dispose();
        Assert.Equal(Stage2Access.Execute, machine.Control[1]);
        Assert.Equal(0, machine.Control.Merges);

        second.Dispose();
        second.Dispose();
        Assert.Equal(BaseOf(1), machine.Control[1]);
        Assert.Equal(BaseOf(2), machine.Control[2]);
        Assert.Equal(1, machine.Control.Merges);
    }

    [Fact]
    public void ASecondGuardWithTheSameDenialChangesNothing()
    {
        GuardedMachine machine = Machine();
        using var guards = new PageGuards(machine, useInlineFilter: false);
        guards.Claim(new IpaRange(new Ipa(0x1000), 0x2000), Stage2Access.Write);
        int before = machine.Control!.Protections;
        guards.Claim(new IpaRange(new Ipa(0x1000), 8), Stage2Access.Write).Dispose();
        Assert.Equal(before, machine.Control.Protections);
    }

    [Fact]
    public void PagesWithTheSameAccessAreChangedInOneCall()
    {
        GuardedMachine machine = Machine();
        for (int page = 0; page < Pages; page++)
        {
            machine.Control![(ulong)page] = page < 8 ? Stage2Access.All : Stage2Access.Read;
        }

        using var guards = new PageGuards(machine, useInlineFilter: false);
        PageGuard guard = guards.Claim(new IpaRange(new Ipa(0), Pages * PageSize), Stage2Access.Write);
        Assert.Equal(2, machine.Control!.Protections);
        guard.Dispose();
        Assert.Equal(4, machine.Control.Protections);
        Assert.Equal(Stage2Access.Read, machine.Control[9]);
    }

    [Fact]
    public void AFailingBackendIsTakenBack()
    {
        for (int failAt = 0; failAt < 3; failAt++)
        {
            GuardedMachine machine = Machine();
            using var guards = new PageGuards(machine, useInlineFilter: false);
            PageGuard held = guards.Claim(new IpaRange(new Ipa(0x2000), 8), Stage2Access.Write);
            Stage2Access[] before = [.. Enumerable.Range(0, Pages).Select(page => machine.Control![(ulong)page])];

            machine.Control!.FailAt = failAt;
            Assert.Throws<InvalidOperationException>(() => guards.Claim(new IpaRange(new Ipa(0x1000), 0x3000), Stage2Access.ReadWrite));
            Assert.Equal(before, Enumerable.Range(0, Pages).Select(page => machine.Control[(ulong)page]));
            Assert.Equal(Stage2Access.None, guards.DeniedAt(new Ipa(0x1000)));

            machine.Control.FailAt = 0;
            Assert.Throws<InvalidOperationException>(held.Dispose);
            Assert.Equal(Stage2Access.Write, guards.DeniedAt(new Ipa(0x2000)));
            held.Dispose();
            Assert.Equal(BaseOf(2), machine.Control[2]);
        }
    }

    [Theory]
    [InlineData(Stage2AccessSupport.NoAccess, Stage2Access.Write, "WriteProtect")]
    [InlineData(Stage2AccessSupport.WriteProtect, Stage2Access.Read, "NoAccess")]
    [InlineData(Stage2AccessSupport.WriteProtect | Stage2AccessSupport.NoAccess, Stage2Access.Read, "FetchExits")]
    [InlineData(Stage2AccessSupport.WriteProtect, Stage2Access.Execute, "NoExecute")]
    [InlineData(Stage2AccessSupport.NoExecute, Stage2Access.Execute, "FetchExits")]
    public void ADenialThatTheBackendLacksIsRefusedByName(Stage2AccessSupport support, Stage2Access denied, string missing)
    {
        GuardedMachine machine = Machine();
        machine.Control!.Support = support;
        using var guards = new PageGuards(machine, useInlineFilter: false);
        NotSupportedException refusal = Assert.Throws<NotSupportedException>(() => guards.Claim(new IpaRange(new Ipa(0), 1), denied));
        Assert.Contains(missing, refusal.Message, StringComparison.Ordinal);
        Assert.Equal(refusal.Message, Assert.Throws<NotSupportedException>(() => guards.Demand(denied)).Message);
        Assert.Equal(0, machine.Control.Protections);
    }

    [Fact]
    public void FetchesOfOneLevelAreDeniedAloneOnlyWhereTheBackendCan()
    {
        GuardedMachine machine = Machine();
        using var guards = new PageGuards(machine, useInlineFilter: false);
        PageGuard el0 = guards.Claim(new IpaRange(new Ipa(0), 1), Stage2Access.ExecuteEl0);
        Assert.Equal(Stage2Access.ReadWrite | Stage2Access.ExecuteEl1, machine.Control![0]);
        Assert.Equal(PageStanding.Denied, guards.Judge(new Ipa(8), Stage2Access.ExecuteEl0));
        Assert.Equal(PageStanding.Permitted, guards.Judge(new Ipa(8), Stage2Access.ExecuteEl1));
        guards.Claim(new IpaRange(new Ipa(0), 1), Stage2Access.Read).Dispose();
        el0.Dispose();
        machine.Control.Support &= ~Stage2AccessSupport.ExecuteByLevel;
        guards.Claim(new IpaRange(new Ipa(0), 1), Stage2Access.ExecuteEl0);
        Assert.Equal(Stage2Access.ReadWrite, machine.Control[0]);
        Assert.Equal(Stage2Access.ExecuteEl0, guards.DeniedAt(new Ipa(8)));
    }

    [Fact]
    public void AStrongerDenialIsUsedWhereTheExactOneIsNotOffered()
    {
        GuardedMachine machine = Machine();
        machine.Control!.Support = Stage2AccessSupport.NoAccess | Stage2AccessSupport.FetchExits;
        using var guards = new PageGuards(machine, useInlineFilter: false);
        guards.Claim(new IpaRange(new Ipa(0), 1), Stage2Access.Write);
        Assert.Equal(Stage2Access.None, machine.Control[0]);
        Assert.Equal(PageStanding.Denied, guards.Judge(new Ipa(8), Stage2Access.Read));
        Assert.Equal(Stage2Access.Write, guards.DeniedAt(new Ipa(8)));
    }

    [Fact]
    public void ABackendWithoutStage2ControlIsNamed()
    {
        using var guards = new PageGuards(new GuardedMachine { Control = null }, useInlineFilter: false);
        NotSupportedException refusal =
            Assert.Throws<NotSupportedException>(() => guards.Claim(new IpaRange(new Ipa(0), 1), Stage2Access.Write));
        Assert.Contains(nameof(IStage2Control), refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void MoreRangesThanTheBackendHasAreRefused()
    {
        GuardedMachine machine = Machine();
        machine.Control!.MaximumRanges = 1;
        using var guards = new PageGuards(machine, useInlineFilter: false);
        guards.Claim(new IpaRange(new Ipa(0x1000), 0x1000), Stage2Access.Write);
        guards.Claim(new IpaRange(new Ipa(0x2000), 0x1000), Stage2Access.Write);
        Assert.Throws<InvalidOperationException>(() => guards.Claim(new IpaRange(new Ipa(0x4000), 1), Stage2Access.Write));
        Assert.Equal(BaseOf(4), machine.Control[4]);
    }

    [Fact]
    public void AnAccessIsJudgedByWhoRefusesIt()
    {
        GuardedMachine machine = Machine();
        using var guards = new PageGuards(machine, useInlineFilter: false);
        guards.Claim(new IpaRange(new Ipa(0x1000), 1), Stage2Access.Write);
        Assert.Equal(PageStanding.Denied, guards.Judge(new Ipa(0x1008), Stage2Access.Write));
        Assert.Equal(PageStanding.Permitted, guards.Judge(new Ipa(0x1008), Stage2Access.Read));
        Assert.Equal(PageStanding.Protected, guards.Judge(new Ipa(0x3000), Stage2Access.Write));
        Assert.Equal(PageStanding.NoMemory, guards.Judge(new Ipa(0x90_0000), Stage2Access.Read));
    }

    [Fact]
    public void AGuardHidesNeitherTheBasesProtectionNorThatThereIsNoMemory()
    {
        GuardedMachine machine = Machine();
        using var guards = new PageGuards(machine, useInlineFilter: false);
        guards.Claim(new IpaRange(new Ipa(0x3000), 1), Stage2Access.ReadWrite);
        guards.Claim(new IpaRange(new Ipa(0x90_0000), 1), Stage2Access.ReadWrite);
        Assert.Equal(PageStanding.Protected, guards.Judge(new Ipa(0x3000), Stage2Access.Write));
        Assert.Equal(PageStanding.Denied, guards.Judge(new Ipa(0x3000), Stage2Access.Read));
        Assert.Equal(PageStanding.NoMemory, guards.Judge(new Ipa(0x90_0000), Stage2Access.Read));
    }

    [Fact]
    public void ARefusedDenialOfAPageThatIsDeniedAlreadyLeavesTheRestUsable()
    {
        GuardedMachine machine = Machine();
        machine.Control!.Support = Stage2AccessSupport.WriteProtect;
        using var guards = new PageGuards(machine, useInlineFilter: false);
        PageGuard writes = guards.Claim(new IpaRange(new Ipa(0x1000), 1), Stage2Access.Write);
        Assert.Throws<NotSupportedException>(() => guards.Claim(new IpaRange(new Ipa(0x1000), 0x2000), Stage2Access.Read));
        Assert.Equal(Stage2Access.Write, guards.DeniedAt(new Ipa(0x1000)));
        Assert.Equal(1, machine.Control.Protections);
        guards.Claim(new IpaRange(new Ipa(0x4000), 1), Stage2Access.Write).Dispose();
        writes.Dispose();
        Assert.Equal(BaseOf(1), machine.Control[1]);
        Assert.Equal(BaseOf(4), machine.Control[4]);
    }

    [Fact]
    public async Task APageThatIsAbsentInTheMidstOfAChangeIsJudgedByItsOutcome()
    {
        GuardedMachine machine = Machine();
        using var guards = new PageGuards(machine, useInlineFilter: false);
        Task<PageStanding>? judgement = null;
        using var isBegun = new ManualResetEventSlim();
        machine.Control!.WhileAbsent = () =>
        {
            judgement = Task.Run(() =>
            {
                isBegun.Set();
                return guards.Judge(new Ipa(0x1008), Stage2Access.Write);
            });
            isBegun.Wait();
            judgement.Wait(TimeSpan.FromMilliseconds(100));
        };
        guards.Claim(new IpaRange(new Ipa(0x1000), 1), Stage2Access.Write);
        machine.Control.WhileAbsent = null;
        Assert.Equal(PageStanding.Denied, await judgement!.WaitAsync(TimeSpan.FromSeconds(20)));
    }

    [Fact]
    public void ARangeThatIsAllOfTheAddressSpaceIsRefusedByName()
    {
        using var guards = new PageGuards(Machine(), useInlineFilter: false);
        ArgumentOutOfRangeException refusal =
            Assert.Throws<ArgumentOutOfRangeException>(() => guards.Claim(new IpaRange(new Ipa(0), ulong.MaxValue), Stage2Access.Write));
        Assert.Equal("range", refusal.ParamName);
    }

    [Theory]
    [InlineData(Stage2Access.None)]
    [InlineData((Stage2Access)16)]
    public void AnEmptyOrUnknownDenialIsRefused(Stage2Access denied)
    {
        using var guards = new PageGuards(Machine(), useInlineFilter: false);
        ArgumentOutOfRangeException refusal =
            Assert.Throws<ArgumentOutOfRangeException>(() => guards.Claim(new IpaRange(new Ipa(0), 1), denied));
        Assert.Equal("denied", refusal.ParamName);
    }

    private static Stage2Access BaseOf(int page) => (page % 4) switch
    {
        3 => Stage2Access.Read | Stage2Access.ExecuteEl1,
        2 => Stage2Access.ReadWrite,
        _ => Stage2Access.All,
    };

    private static GuardedMachine Machine(bool inline = false)
    {
        var machine = new GuardedMachine { Filter = inline ? new RecordingFilter() : null };
        for (int page = 0; page < Pages; page++)
        {
            machine.Control![(ulong)page] = BaseOf(page);
        }

        return machine;
    }

    private static bool RunAgainstModel((int Kind, int Page, int Length, int Denial)[] steps, bool inline)
    {
        GuardedMachine machine = Machine(inline);
        using var guards = new PageGuards(machine, useInlineFilter: true);
        var model = new List<(PageGuard Guard, int Page, int Length, Stage2Access Denied, Stage2Access Lifted)>();
        foreach ((int kind, int page, int length, int denial) in steps)
        {
            if (kind <= 1 && model.Count != 0)
            {
                int index = page % model.Count;
                model[index].Guard.Dispose();
                model.RemoveAt(index);
            }
            else if (kind == 2)
            {
                model.Add((guards.Open(new Ipa(((ulong)page * PageSize) + 17)), page, 1, Stage2Access.None, Stage2Access.All));
            }
            else if (kind == 3)
            {
                model.Add((guards.OpenFetches(new Ipa(((ulong)page * PageSize) + 17)), page, 1, Stage2Access.None, Stage2Access.Execute));
            }
            else
            {
                // Some ranges run past the mapped pages.
                var range = new IpaRange(new Ipa(((ulong)page * PageSize) + 5), ((ulong)length * PageSize) - 10);
                model.Add((guards.Claim(range, s_denials[denial]), page, length, s_denials[denial], Stage2Access.None));
            }

            AssertEqualsModel(machine, guards, model);
        }

        guards.Dispose();
        model.Clear();
        AssertEqualsModel(machine, guards, model);
        return true;
    }

    private static void AssertEqualsModel(
        GuardedMachine machine, PageGuards guards, List<(PageGuard Guard, int Page, int Length, Stage2Access Denied, Stage2Access Lifted)> model)
    {
        for (int page = 0; page < Pages; page++)
        {
            var owners = model.Where(owner => page >= owner.Page && page < owner.Page + owner.Length).ToList();
            Stage2Access denied = owners.Aggregate(Stage2Access.None, (all, owner) => all | owner.Denied)
                & ~owners.Aggregate(Stage2Access.None, (all, owner) => all | owner.Lifted);
            Assert.Equal(denied, guards.DeniedAt(new Ipa((ulong)page * PageSize)));

            // Reads cannot be denied without writes in Stage 2; the filter denies exactly.
            Stage2Access data = denied & Stage2Access.ReadWrite;
            Stage2Access covered = machine.Filter is not null ? denied & Stage2Access.Execute
                : denied is Stage2Access.Read ? Stage2Access.ReadWrite
                : (denied & Stage2Access.Read) == 0 ? denied
                : (denied & Stage2Access.Execute) == Stage2Access.Execute ? Stage2Access.All
                : denied | Stage2Access.ReadWrite;
            Assert.Equal(BaseOf(page) & ~covered, machine.Control![(ulong)page]);
            Assert.Equal(machine.Filter is null ? Stage2Access.None : data, machine.Filter?.Denied.GetValueOrDefault((ulong)page) ?? Stage2Access.None);
        }
    }
}
