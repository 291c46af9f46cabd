using System;
using HvIntrospect.Registers;
using HvIntrospect.Tests.Introspection.Fakes;
using HvIntrospect.Translation;
using HvIntrospect.Translation.Stage2;
using Xunit;

namespace HvIntrospect.Tests.Translation.Stage2;

/// <summary>What becomes stale in a view, but not in the base view, when the base changes, and the guest's own maintenance.</summary>
public sealed class Stage2ViewMaintenanceTests
{
    private const ulong Page = 0x1000;
    private const ulong Block = 0x20_0000;
    private const ulong PoolStart = 0x8000_0000;
    private const ulong PoolSize = 0x10_0000;
    private const ulong Start = 0x4020_0000;
    private const int View = 1;

    private readonly TestPhysicalMemory _memory = new(PoolStart, (int)PoolSize, isDirect: true);
    private readonly RecordingEl2Operations _operations = new();

    [Fact]
    public void PiecesOfTheBasesBlockAreInvalidatedInTheViewThatHasThem()
    {
        using Stage2AddressSpace space = NewSpace(TranslationFeatures.None);
        IpaRange block = Stage2World.Range(Start, Block);
        space.Map(block, new Pa(Block), Stage2Attributes.Ram);
        space.Views.Create();
        space.Views.Protect(View, Stage2World.Range(Start, Page), Stage2ViewAccess.Without(Stage2Access.Write));
        _operations.Log.Clear();

        space.Protect(block, Stage2Access.Read);

        // The TLBI that reaches the block of the base reaches one page of the view's 512.
        Assert.Contains(InView(space, "Vmalls12E1Is"), _operations.Take(), StringComparison.Ordinal);
    }

    [Fact]
    public void WhatWalkersHaveUsedInTheViewAloneIsInvalidatedThere()
    {
        using Stage2AddressSpace space = NewSpace(TranslationFeatures.HAFDBS);
        space.Map(Stage2World.Range(Start, 2 * Page), new Pa(Page), new Stage2Attributes(Stage2Access.All, accessFlag: false));
        space.Views.Create();
        space.Views.Protect(View, Stage2World.Range(Start, Page), Stage2ViewAccess.Without(Stage2Access.Write));
        _memory[space.Views.Walk(View, new Ipa(Start + Page)).DescriptorAddress.Value] |= 1UL << 10;
        _operations.Log.Clear();

        space.Unmap(Stage2World.Range(Start + Page, Page));

        Assert.Contains(InView(space, $"Ipas2Le1Is 0x{(Start + Page) >> 12:x}"), _operations.Take(), StringComparison.Ordinal);
    }

    [Fact]
    public void TheGuestsMaintenanceReachesAllViewsFromAHostToo()
    {
        using Stage2AddressSpace space = NewSpace(TranslationFeatures.None);
        space.Views.Create();
        var vcpu = new FakeVcpu(0);
        vcpu.Capabilities.Add(_operations);
        ulong host = Hcr(HcrBits.E2h | HcrBits.Tge);
        _operations.WriteSystemRegister(SystemRegister.HcrEl2, host);
        _operations.Log.Clear();

        space.Views.Invalidate(vcpu, TlbiOperation.Vae1Is, 0x123);

        string both = $"VTTBR=0x{space.Vttbr.Value:x}; Isb; Vae1Is 0x123; VTTBR=0x{space.Views.VttbrOf(View).Value:x}; Isb; Vae1Is 0x123; Dsb Ish";
        string issued = _operations.Take();
        Assert.Contains($"HCR=0x{Hcr(HcrBits.E2h):x}; {both}; HCR=0x{host:x}", issued, StringComparison.Ordinal);
        Assert.EndsWith("Isb", issued, StringComparison.Ordinal);
    }

    [Fact]
    public void AFrameIsCleanedBeforeAViewHasItAndCodeBeforeAViewMayExecuteIt()
    {
        using Stage2AddressSpace space = NewSpace(TranslationFeatures.None, Stage2CoreFeatures.Armv8_0 with { DataCacheLine = 2048 });
        IpaRange page = Stage2World.Range(Start, Page);
        space.Map(page, new Pa(Block), Stage2Attributes.Ram);
        space.Views.Create();
        _operations.Log.Clear();

        space.Views.Remap(View, page.Start, new Pa(Page));

        string frame = $"Dc Civac {new Pa(Page)}; Dc Civac {new Pa(Page + 0x800)}";
        string lost = $"Dc Civac {new Pa(Block)}; Dc Civac {new Pa(Block + 0x800)}; Dsb Sy";
        string issued = _operations.Take();
        Assert.StartsWith($"{frame}; Dsb Sy; Ic Ialluis 0x0; Dsb Ish; ", issued, StringComparison.Ordinal);
        Assert.EndsWith($"; Isb; {lost}; Dsb Ishst", issued, StringComparison.Ordinal);

        // Nothing new may be executed, then what may have been written since.
        space.Views.Protect(View, page, Stage2ViewAccess.Without(Stage2Access.Execute));
        Assert.DoesNotContain("c ", _operations.Take(), StringComparison.Ordinal);
        space.Views.Protect(View, page, default);
        Assert.StartsWith($"{frame.Replace("Civac", "Cvau", StringComparison.Ordinal)}; Dsb Ish; Ic Ialluis 0x0; ", _operations.Take(), StringComparison.Ordinal);
    }

    /// <summary>What the base maps, permits or takes away at an address, it does to the frame that a view has there, too; and what is the base's is not maintained twice.</summary>
    [Fact]
    public void AChangeOfTheBaseMaintainsTheFramesOfViewsAndWhatTheyAloneMayExecute()
    {
        const ulong Frame = 9 * Page;
        using Stage2AddressSpace space = NewSpace(TranslationFeatures.None, Stage2CoreFeatures.Armv8_0 with { DataCacheLine = 4096 });
        IpaRange pages = Stage2World.Range(Start, 3 * Page);
        space.Views.Create();
        space.Views.Remap(View, pages.Start, new Pa(Frame));
        space.Views.Protect(View, Stage2World.Range(Start + Page, Page), Stage2ViewAccess.With(Stage2Access.Execute));
        Assert.DoesNotContain("c ", _operations.Take(), StringComparison.Ordinal);

        space.Map(pages, new Pa(Block), new Stage2Attributes(Stage2Access.ReadWrite));
        Assert.StartsWith(
            $"Dc Civac {new Pa(Block)}; Dc Civac {new Pa(Block + Page)}; Dc Civac {new Pa(Block + (2 * Page))}; Dc Civac {new Pa(Frame)}; Dc Cvau {new Pa(Block + Page)}; Dsb Sy; Ic Ialluis 0x0; Dsb Ish; Dsb Ishst",
            _operations.Take(), StringComparison.Ordinal);

        // The second page is cleaned for the base; in the view it was code already.
        space.Protect(pages, Stage2Access.All);
        Assert.StartsWith(
            $"Dc Cvau {new Pa(Block)}; Dc Cvau {new Pa(Frame)}; Dc Cvau {new Pa(Block + Page)}; Dc Cvau {new Pa(Block + (2 * Page))}; Dsb Ish; Ic Ialluis 0x0; Dsb Ish; ",
            _operations.Take(), StringComparison.Ordinal);

        space.Unmap(pages);
        Assert.EndsWith(
            $"; Dc Civac {new Pa(Block)}; Dc Civac {new Pa(Frame)}; Dc Civac {new Pa(Block + Page)}; Dc Civac {new Pa(Block + (2 * Page))}; Dsb Sy", _operations.Take(), StringComparison.Ordinal);

        // A view takes its frames along.
        space.Map(pages, new Pa(Block), Stage2Attributes.Ram);
        _operations.Log.Clear();
        space.Views.Remove(View);
        Assert.EndsWith($"; Isb; Dc Civac {new Pa(Frame)}; Dsb Sy", _operations.Take(), StringComparison.Ordinal);
        _operations.Log.Clear();
    }

    private static ulong Hcr(HcrBits bits) => new Hcr(0).With(bits, set: true).Value;

    private static string InView(Stage2AddressSpace space, string operation) => $"VTTBR=0x{space.Views.VttbrOf(View).Value:x}; Isb; {operation}";

    private Stage2AddressSpace NewSpace(TranslationFeatures features, Stage2CoreFeatures? cachesOf = null)
    {
        var pages = new TablePool(new PaRange(new Pa(PoolStart), PoolSize));
        var space = new Stage2AddressSpace(_memory, pages, new Stage2Geometry(32, 40, features: features), 5, _operations, cores: cachesOf, maintainsCaches: cachesOf is not null, viewVmids: [6]);
        _operations.WriteSystemRegister(SystemRegister.VtcrEl2, space.Vtcr.Value);
        _operations.WriteSystemRegister(SystemRegister.VttbrEl2, space.Vttbr.Value);
        return space;
    }
}
