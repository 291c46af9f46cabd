using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Linq;
using FsCheck;
using FsCheck.Fluent;
using HvIntrospect.Interception;
using HvIntrospect.Registers;
using HvIntrospect.Tests.Translation.Stage2;
using HvIntrospect.Translation;
using HvIntrospect.Translation.Stage2;
using Xunit;

namespace HvIntrospect.Tests.Interception;

/// <summary>Guards on tables whose owner maps, unmaps and protects meanwhile.</summary>
public sealed class MappingChangeTests : IDisposable
{
    private const ulong Page = 0x1000;
    private const ulong Start = 0x4000_0000;
    private const int BlockPages = 512;

    // The end of one block and the start of the next, with a whole block between them.
    private const int Pages = 2 * BlockPages;
    private const int Views = 3;
    private const ulong PoolStart = 0x8000_0000;
    private const ulong PoolSize = 0x10_0000;

    private static readonly Stage2Access[] s_accesses =
        [Stage2Access.All, Stage2Access.ReadWrite, Stage2Access.Read | Stage2Access.ExecuteEl1, Stage2Access.Read];

    private static readonly Stage2Access[] s_denials =
        [Stage2Access.Read, Stage2Access.Write, Stage2Access.Execute, Stage2Access.ReadWrite, Stage2Access.All, Stage2Access.ExecuteEl0, Stage2Access.Read | Stage2Access.ExecuteEl1];

    private readonly FailingTablePages _pages = new(new TablePool(new PaRange(new Pa(PoolStart), PoolSize)));
    private readonly Stage2AddressSpace _space;

    public MappingChangeTests()
    {
        _space = NewSpace(_pages);
    }

    public void Dispose()
    {
        _space.Dispose();
        Assert.Equal(0, _pages.Taken);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void EffectiveAccessIsTheBaseMinusAllDenialsWhoeverChangesWhat(bool inline)
    {
        Gen<Step> step =
            from kind in Gen.Choose(0, 9)
            from first in Gen.Choose(0, 11)
            from length in Gen.Choose(1, 5)
            from isWide in Gen.Frequency((5, Gen.Constant(false)), (1, Gen.Constant(true)))
            from choice in Gen.Choose(0, 19)
            from view in Gen.Choose(0, Views - 1)
            select new Step(kind, first, length, isWide, choice, view);
        Prop.ForAll(step.ArrayOf().ToArbitrary(), steps => RunAgainstModel(steps, inline)).Check(Config.QuickThrowOnFailure.WithMaxTest(150));
    }

    [Fact]
    public void MemoryThatIsMappedLaterIsDenied()
    {
        using var guards = new PageGuards(new SpaceMachine(_space, null), useInlineFilter: false);
        PageGuard guard = guards.Claim(new IpaRange(new Ipa(Start + Page), 8), Stage2Access.Write);
        Assert.Equal(PageStanding.NoMemory, guards.Judge(new Ipa(Start + Page), Stage2Access.Write));
        _space.Map(new IpaRange(new Ipa(Start), BlockPages * Page), new Pa(0), Stage2Attributes.Ram);
        Assert.Equal(Stage2Access.All, AccessAt(_space, Start));
        Assert.Equal(Stage2Access.Read | Stage2Access.Execute, AccessAt(_space, Start + Page));
        Assert.Equal(PageStanding.Denied, guards.Judge(new Ipa(Start + Page), Stage2Access.Write));
        guard.Dispose();
        Assert.True(_space.TryGetMapping(new Ipa(Start + Page), out Stage2MappingInfo mapping));
        Assert.Equal(Stage2Access.All, mapping.Access);
        Assert.Equal(BlockPages * Page, mapping.Range.Length);
    }

    [Fact]
    public void NoVcpuEverHasMoreThanTheGuardsLeave()
    {
        var operations = new RecordingEl2Operations();
        using var space = new Stage2AddressSpace(
            new TestPhysicalMemory(PoolStart, (int)PoolSize, isDirect: true), new TablePool(new PaRange(new Pa(PoolStart), PoolSize)), new Stage2Geometry(32, 40), 7, operations);
        using var guards = new PageGuards(new SpaceMachine(space, null), useInlineFilter: false);
        guards.Claim(new IpaRange(new Ipa(Start + Page), 8), Stage2Access.Write);
        int looks = 0;
        operations.Issued = _ =>
        {
            looks++;
            Assert.Equal(Stage2Access.None, (AccessAt(space, Start + Page) ?? Stage2Access.None) & Stage2Access.Write);
        };
        var range = new IpaRange(new Ipa(Start), BlockPages * Page);
        space.Map(range, new Pa(0), Stage2Attributes.Ram);
        space.Protect(range, Stage2Access.Read);
        space.SetAttributes(range, Stage2Attributes.Device);
        operations.Issued = null;
        Assert.InRange(looks, 10, int.MaxValue);
        Assert.Equal(Stage2Access.Read, AccessAt(space, Start + Page));
        Assert.Equal(Stage2Access.ReadWrite, AccessAt(space, Start + (2 * Page)));
    }

    [Fact]
    public void AMappingThatCannotBeMadeWithItsDenialsIsNotMade()
    {
        using var guards = new PageGuards(new SpaceMachine(_space, null), useInlineFilter: false);
        guards.Claim(new IpaRange(new Ipa(Start + Page), 8), Stage2Access.Write);
        int taken = _pages.Taken;
        var range = new IpaRange(new Ipa(Start), BlockPages * Page);

        // The block itself needs no table below the root; the page that is denied does.
        _pages.CallsLeft = 0;
        Assert.Throws<Stage2Exception>(() => _space.Map(range, new Pa(0), Stage2Attributes.Ram));
        Assert.False(_space.TryGetMapping(new Ipa(Start), out _));
        Assert.Equal(taken, _pages.Taken);
        _pages.CallsLeft = int.MaxValue;
        _space.Map(range, new Pa(0), Stage2Attributes.Ram);
        Assert.Equal(Stage2Access.Read | Stage2Access.Execute, AccessAt(_space, Start + Page));
    }

    [Fact]
    public void WhatHardwareNotedOutlivesEveryChangeAndLogsWhatIsMappedLater()
    {
        var memory = new TestPhysicalMemory(PoolStart, (int)PoolSize, isDirect: true);
        using var space = new Stage2AddressSpace(
            memory, new TablePool(new PaRange(new Pa(PoolStart), PoolSize)), new Stage2Geometry(32, 40, features: TranslationFeatures.HAFDBS), 7, new RecordingEl2Operations());
        var range = new IpaRange(new Ipa(Start), 4 * Page);
        space.Map(new IpaRange(range.Start, 3 * Page), new Pa(0), Stage2Attributes.Ram);
        using var guards = new PageGuards(new SpaceMachine(space, null), useInlineFilter: false);
        guards.DirtyLog.Start();
        var bitmap = new ulong[1];
        HardwareWrites(Start);
        HardwareWrites(Start + Page);
        space.Protect(new IpaRange(range.Start, Page), Stage2Access.ReadWrite);
        space.SetAttributes(new IpaRange(range.Start + Page, Page), Stage2Attributes.Device);
        space.Map(new IpaRange(range.Start + (3 * Page), Page), new Pa(0), Stage2Attributes.Ram);
        Assert.Equal(2, guards.DirtyLog.Collect(range, bitmap));
        Assert.Equal(3UL, bitmap[0]);
        HardwareWrites(Start + (3 * Page));
        Assert.Equal(1, guards.DirtyLog.Collect(range, bitmap));
        Assert.Equal(8UL, bitmap[0]);

        void HardwareWrites(ulong ipa)
        {
            Stage2Translation found = space.Walk(new Ipa(ipa));
            Assert.True(found.Attributes.HasDirtyBitModifier);
            memory[found.DescriptorAddress.Value] |= 1UL << 7;
        }
    }

    [Fact]
    public void HolesOfAnySizeAreDeniedInTheTimeOfTheMappedParts()
    {
        _space.Map(new IpaRange(new Ipa(Start), BlockPages * Page), new Pa(0), Stage2Attributes.Ram);
        using var guards = new PageGuards(new SpaceMachine(_space, null), useInlineFilter: false);

        // Far more than the tables translate: page by page it would not end in years.
        PageGuard guard = guards.Claim(new IpaRange(new Ipa(0), 1UL << 60), Stage2Access.Write);
        Assert.Equal(Stage2Access.Read | Stage2Access.Execute, AccessAt(_space, Start));
        _space.Map(new IpaRange(new Ipa(2 * Start), Page), new Pa(0), Stage2Attributes.Ram);
        Assert.Equal(Stage2Access.Read | Stage2Access.Execute, AccessAt(_space, 2 * Start));
        guard.Dispose();
        Assert.Equal(Stage2Access.All, AccessAt(_space, Start));
        Assert.Equal(Stage2Access.All, AccessAt(_space, 2 * Start));
        Assert.True(_space.TryGetMapping(new Ipa(Start), out Stage2MappingInfo mapping));
        Assert.Equal(BlockPages * Page, mapping.Range.Length);
    }

    [Fact]
    public void AProtectionThatCannotBeSetWithItsDenialsChangesNothing()
    {
        var range = new IpaRange(new Ipa(Start), BlockPages * Page);
        _space.Map(range, new Pa(0), new Stage2Attributes(Stage2Access.Read));
        using var guards = new PageGuards(new SpaceMachine(_space, null), useInlineFilter: false);
        PageGuard guard = guards.Claim(new IpaRange(new Ipa(Start + Page), 8), Stage2Access.Write);

        // The block permits no writes, so that it is still whole: what permits some of them needs a table.
        _pages.CallsLeft = 0;
        Assert.Throws<Stage2Exception>(() => _space.Protect(range, Stage2Access.ReadWrite));
        Assert.Throws<Stage2Exception>(() => _space.SetAttributes(range, Stage2Attributes.Ram));
        Assert.Equal(Stage2Access.Read, AccessAt(_space, Start));
        guard.Dispose();
        Assert.Equal(Stage2Access.Read, AccessAt(_space, Start));
        Assert.Equal(Stage2Access.Read, AccessAt(_space, Start + Page));
        _pages.CallsLeft = int.MaxValue;
    }

    [Fact]
    public void ARemovedViewTakesItsGuardsWithIt()
    {
        _space.Map(new IpaRange(new Ipa(Start), BlockPages * Page), new Pa(0), Stage2Attributes.Ram);
        using var guards = new PageGuards(new SpaceMachine(_space, null), useInlineFilter: false);
        int view = _space.Views.Create();
        PageGuard guard = guards.Claim(new IpaRange(new Ipa(Start), 8), Stage2Access.Write, view);
        Assert.Equal(PageStanding.Denied, guards.Judge(new Ipa(Start), Stage2Access.Write, view));
        _space.Views.Remove(view);
        Assert.Equal(view, _space.Views.Create());
        Assert.Equal(PageStanding.Permitted, guards.Judge(new Ipa(Start), Stage2Access.Write, view));
        guard.Dispose();
        Assert.Throws<ArgumentOutOfRangeException>(() => guards.Claim(new IpaRange(new Ipa(Start), 8), Stage2Access.Write, view + 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => guards.Claim(new IpaRange(new Ipa(0), 1UL << 40), Stage2Access.Write, view));
        _space.Views.Remove(view);
    }

    [Fact]
    public void AWriteForWhichThereIsNoTableIsLoggedForAllOfItsBlock()
    {
        var range = new IpaRange(new Ipa(Start), BlockPages * Page);
        _space.Map(range, new Pa(0), Stage2Attributes.Ram);
        using var guards = new PageGuards(new SpaceMachine(_space, null), useInlineFilter: false);
        ulong[] bitmap = new ulong[BlockPages / 64];
        guards.DirtyLog.Start();
        Assert.Equal(Stage2Access.Read | Stage2Access.Execute, AccessAt(_space, Start));
        _pages.CallsLeft = 0;
        guards.Log(new IpaRange(new Ipa(Start + Page + 8), 8));
        Assert.Equal(Stage2Access.All, AccessAt(_space, Start));
        Assert.Equal(BlockPages, guards.DirtyLog.Collect(range, bitmap));
        _pages.CallsLeft = int.MaxValue;
        guards.Log(new IpaRange(new Ipa(Start + Page + 8), 8));
        Assert.Equal(1, guards.DirtyLog.Collect(range, bitmap));
        Assert.Equal(2UL, bitmap[0]);
        guards.DirtyLog.Stop();
        Assert.True(_space.TryGetMapping(new Ipa(Start), out Stage2MappingInfo mapping));
        Assert.Equal((Stage2Access.All, BlockPages * Page), (mapping.Access, mapping.Range.Length));
    }

    [Fact]
    public void BlocksAreSplitAtTheStartWhereThatIsAskedForAndMergedAtTheEnd()
    {
        var range = new IpaRange(new Ipa(Start), BlockPages * Page);
        _space.Map(range, new Pa(0), Stage2Attributes.Ram);
        using var guards = new PageGuards(new SpaceMachine(_space, null), useInlineFilter: false, splitsForDirtyLog: true);
        guards.DirtyLog.Start();
        Assert.True(_space.TryGetMapping(new Ipa(Start), out Stage2MappingInfo mapping));
        Assert.Equal(Page, mapping.Range.Length);
        _pages.CallsLeft = 0;
        guards.Log(range);
        guards.DirtyLog.Stop();
        _pages.CallsLeft = int.MaxValue;
        Assert.True(_space.TryGetMapping(new Ipa(Start), out mapping));
        Assert.Equal((Stage2Access.All, BlockPages * Page), (mapping.Access, mapping.Range.Length));
    }

    private static Stage2AddressSpace NewSpace(ITablePages pages) => new(
        new TestPhysicalMemory(PoolStart, (int)PoolSize, isDirect: true), pages, new Stage2Geometry(32, 40, features: TranslationFeatures.XNX), 7, new RecordingEl2Operations(), viewVmids: [8, 9]);

    private static Stage2Access? AccessAt(Stage2AddressSpace space, ulong address) =>
        space.TryGetMapping(new Ipa(address), out Stage2MappingInfo mapping) ? mapping.Access : null;

    private static bool RunAgainstModel(Step[] steps, bool inline)
    {
        using Stage2AddressSpace space = NewSpace(new TablePool(new PaRange(new Pa(PoolStart), PoolSize)));
        var filter = new RecordingFilter();
        using var guards = new PageGuards(new SpaceMachine(space, inline ? filter : null), useInlineFilter: true);
        var model = new Model();
        for (int view = 1; view < Views; view++)
        {
            Assert.Equal(view, space.Views.Create());
        }

        ulong unguarded = space.Views.MemoryUse(1);
        foreach (Step step in steps)
        {
            model.Take(step, space, guards);
            model.AssertAgrees(space, guards, inline ? filter : null);
        }

        guards.Dispose();
        model.Owners.Clear();
        model.AssertAgrees(space, guards, inline ? filter : null);
        for (int view = 1; view < Views; view++)
        {
            Assert.Equal(unguarded, space.Views.MemoryUse(view));
        }

        return true;
    }

    /// <param name="Kind">What is done.</param>
    /// <param name="First">The first page, around the place where two blocks meet.</param>
    /// <param name="Length">The number of pages.</param>
    /// <param name="IsWide">True for a whole block instead.</param>
    /// <param name="Choice">Picks an access, a denial or a guard.</param>
    /// <param name="View">The view of a guard.</param>
    private sealed record Step(int Kind, int First, int Length, bool IsWide, int Choice, int View)
    {
        public int FirstPage => IsWide ? First % 2 * BlockPages : BlockPages - 6 + First;

        public int PageCount => IsWide ? BlockPages : Length;

        public IpaRange Range => new(new Ipa(Start + ((ulong)FirstPage * Page)), (ulong)PageCount * Page);
    }

    private sealed class Model
    {
        private readonly Stage2Access?[] _base = new Stage2Access?[Pages];

        public List<(PageGuard Guard, Step Step, Stage2Access Denied)> Owners { get; } = [];

        public void Take(Step step, Stage2AddressSpace space, PageGuards guards)
        {
            Stage2Access access = s_accesses[step.Choice % s_accesses.Length];
            switch (step.Kind)
            {
                case 0 or 1:
                    Stage2Access denied = s_denials[step.Choice % s_denials.Length];
                    Owners.Add((guards.Claim(step.Range, denied, step.View), step, denied));
                    break;
                case 2 or 3 when Owners.Count != 0:
                    Owners[step.Choice % Owners.Count].Guard.Dispose();
                    Owners.RemoveAt(step.Choice % Owners.Count);
                    break;
                case 4:
                    Step opened = step with { Length = 1, IsWide = false };
                    Owners.Add((guards.Open(opened.Range.Start, step.View), opened, Stage2Access.None));
                    break;
                case 5 or 6 when Part(step).IndexOfAnyExcept((Stage2Access?)null) < 0:
                    space.Map(step.Range, new Pa(step.Range.Start.Value - Start), new Stage2Attributes(access));
                    Part(step).Fill(access);
                    break;
                case 5 or 6:
                    Assert.Throws<ArgumentException>(() => space.Map(step.Range, new Pa(0), Stage2Attributes.Ram));
                    break;
                case 7:
                    space.Unmap(step.Range);
                    Part(step).Clear();
                    break;
                case 8:
                    space.Protect(step.Range, access);
                    Change(step, access);
                    break;
                case 9:
                    space.SetAttributes(step.Range, new Stage2Attributes(access, Stage2MemoryType.DeviceNGnRE, Shareability.NonShareable));
                    Change(step, access);
                    break;
            }
        }

        public void AssertAgrees(Stage2AddressSpace space, PageGuards guards, RecordingFilter? filter)
        {
            // Where the blocks meet every page counts; the rest of a block is changed as a whole.
            for (int page = 0; page < Pages; page += page is >= BlockPages - 8 and < BlockPages + 12 ? 1 : 84)
            {
                for (int view = 0; view < Views; view++)
                {
                    AssertAgrees(space, guards, filter, page, view);
                }
            }
        }

        private void AssertAgrees(Stage2AddressSpace space, PageGuards guards, RecordingFilter? filter, int page, int view)
        {
            Stage2Access denied = DeniedIn(page, owner => owner.View == 0 || owner.View == view);
            Stage2Access inBase = DeniedIn(page, static owner => owner.View == 0);
            Stage2Access own = view == 0 ? Stage2Access.None : DeniedIn(page, owner => owner.View == view);
            ulong address = Start + ((ulong)page * Page);
            Stage2Access covered = Cover(filter is not null ? (denied & Stage2Access.Execute) | own : denied);
            Stage2Access? access = space.Views.TryGetMapping(view, new Ipa(address), out Stage2MappingInfo mapping) ? mapping.Access : null;
            Assert.Equal(_base[page] & ~covered, access);
            Stage2Access byFilter = filter is null ? Stage2Access.None : inBase & Stage2Access.ReadWrite;
            Assert.Equal(byFilter, filter?.Denied.GetValueOrDefault(address / Page) ?? Stage2Access.None);
            PageStanding standing = _base[page] is not Stage2Access permitted ? PageStanding.NoMemory
                : (permitted & Stage2Access.Write) == 0 ? PageStanding.Protected
                : ((covered | byFilter) & Stage2Access.Write) != 0 ? PageStanding.Denied
                : PageStanding.Permitted;
            Assert.Equal(standing, guards.Judge(new Ipa(address), Stage2Access.Write, view));
        }

        private Stage2Access DeniedIn(int page, Func<Step, bool> isCounted)
        {
            List<(PageGuard Guard, Step Step, Stage2Access Denied)> owners =
                Owners.FindAll(owner => isCounted(owner.Step) && page >= owner.Step.FirstPage && page < owner.Step.FirstPage + owner.Step.PageCount);
            return owners.Exists(owner => owner.Denied == Stage2Access.None)
                ? Stage2Access.None
                : owners.Aggregate(Stage2Access.None, (all, owner) => all | owner.Denied);
        }

        private static Stage2Access Cover(Stage2Access denied) => (denied & (Stage2Access.Read | Stage2Access.Execute)) == (Stage2Access.Read | Stage2Access.Execute) ? Stage2Access.All
            : (denied & Stage2Access.Read) != 0 ? denied | Stage2Access.ReadWrite
            : denied;

        private Span<Stage2Access?> Part(Step step) => _base.AsSpan(step.FirstPage, step.PageCount);

        private void Change(Step step, Stage2Access access)
        {
            foreach (ref Stage2Access? page in Part(step))
            {
                page = page is null ? null : access;
            }
        }
    }

    /// <summary>A machine without vCPUs on the tables of an address space.</summary>
    private sealed class SpaceMachine : IVirtualMachine
    {
        private readonly Stage2AddressSpace _space;
        private readonly IInlineAccessFilter? _filter;

        public SpaceMachine(Stage2AddressSpace space, IInlineAccessFilter? filter)
        {
            _space = space;
            _filter = filter;
        }

        public IReadOnlyList<IVcpu> Vcpus => [];

        public IGuestMemory Memory => _space.Memory;

        public A64Features Features => A64Features.Armv8_0;

        public bool TryGetCapability<T>([NotNullWhen(true)] out T? capability)
            where T : class
        {
            capability = _space as T ?? _space.Views as T ?? _filter as T;
            return capability is not null;
        }
    }
}
