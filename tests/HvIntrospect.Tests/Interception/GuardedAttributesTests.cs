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

/// <summary>Guards over pages of every execution and DBM: an address space with guards beside one that is changed alike and has none.</summary>
public sealed class GuardedAttributesTests
{
    private const ulong Page = 0x1000;
    private const ulong Start = 0x4000_0000;
    private const int BlockPages = 512;
    private const int Pages = 3 * BlockPages;
    private const ulong PoolStart = 0x8000_0000;
    private const ulong PoolSize = 0x10_0000;

    // All bits of a block or page descriptor but its type, its address, and the Contiguous bit.
    private const ulong AttributeBits = 0xFFE0_0000_0000_0FFC | (1UL << 51);

    private static readonly Stage2Access[] s_execution = [Stage2Access.None, Stage2Access.ExecuteEl0, Stage2Access.ExecuteEl1, Stage2Access.Execute];

    [Theory]
    [InlineData(TranslationFeatures.XNX, 0)]
    [InlineData(TranslationFeatures.XNX | TranslationFeatures.HAFDBS, 0)]
    [InlineData(TranslationFeatures.XNX | TranslationFeatures.HAFDBS | TranslationFeatures.BBML2, 2)]
    [InlineData(TranslationFeatures.None, 2)]
    public void WhatGuardsLeaveBehindIsAsIfThereHadBeenNone(TranslationFeatures features, int views)
    {
        Gen<Step> step =
            from kind in Gen.Choose(0, 11)
            from first in Gen.Choose(0, 11)
            from length in Gen.Choose(0, 7)
            from choice in Gen.Choose(0, 1023)
            from view in Gen.Choose(0, views)
            from pagesLeft in Gen.Choose(0, 7)
            select new Step(kind, first, length, choice, view, pagesLeft);
        Prop.ForAll(step.ArrayOf().Resize(40).ToArbitrary(), steps => RunAgainstTwin(steps, features, views)).Check(Config.QuickThrowOnFailure.WithMaxTest(120));
    }

    private static bool RunAgainstTwin(Step[] steps, TranslationFeatures features, int views)
    {
        using var run = new Run(features, views);
        return run.Check(steps);
    }

    /// <param name="Kind">What is done.</param>
    /// <param name="First">The first page, around the place where two blocks meet.</param>
    /// <param name="Length">The number of pages, or of blocks.</param>
    /// <param name="Choice">Picks attributes, a denial or a guard.</param>
    /// <param name="View">The view of a guard.</param>
    /// <param name="PagesLeft">The number of table pages that a change of the mapping gets at first.</param>
    private sealed record Step(int Kind, int First, int Length, int Choice, int View, int PagesLeft)
    {
        public int FirstPage => Length switch { > 5 => First % 2 * BlockPages, 5 => BlockPages, _ => BlockPages - 6 + First };

        public int PageCount => Length switch { 7 => 2 * BlockPages, > 4 => BlockPages, _ => Length + 1 };

        public IpaRange Range => new(new Ipa(Start + ((ulong)FirstPage * Page)), (ulong)PageCount * Page);

        public bool Covers(int page) => page >= FirstPage && page < FirstPage + PageCount;
    }

    private sealed class Run : IDisposable
    {
        private readonly bool _hasLevels;
        private readonly int _views;
        private readonly FailingTablePages _pages = NewPages();
        private readonly Stage2AddressSpace _plain;
        private readonly Stage2AddressSpace _space;
        private readonly PageGuards _guards;
        private readonly List<(PageGuard Guard, Step Step, Stage2Access Denied)> _owners = [];

        public Run(TranslationFeatures features, int views)
        {
            _hasLevels = (features & TranslationFeatures.XNX) != 0;
            _views = views;
            _plain = NewSpace(NewPages(), features, views);
            _space = NewSpace(_pages, features, views);
            _guards = new PageGuards(new SpaceMachine(_space), useInlineFilter: false);
            for (int view = 1; view <= views; view++)
            {
                _space.Views.Create();
            }
        }

        public bool Check(Step[] steps)
        {
            foreach (Step step in steps)
            {
                Take(step);
                AssertEffective();
            }

            foreach ((PageGuard guard, _, _) in _owners)
            {
                guard.Dispose();
            }

            AssertSame(0);
            for (int view = 1; view <= _views; view++)
            {
                Assert.Equal(Bits(_space, 0, isView: true), Bits(_space, view, isView: true));
            }

            return true;
        }

        public void Dispose()
        {
            _guards.Dispose();
            _space.Dispose();
            _plain.Dispose();
            Assert.Equal(0, _pages.Taken);
        }

        private static FailingTablePages NewPages() => new(new TablePool(new PaRange(new Pa(PoolStart), PoolSize)));

        private static Stage2AddressSpace NewSpace(ITablePages pages, TranslationFeatures features, int views) => new(
            new TestPhysicalMemory(PoolStart, (int)PoolSize, isDirect: true), pages, new Stage2Geometry(32, 40, features: features), 1,
            new RecordingEl2Operations(), viewVmids: views == 0 ? [] : [2, 3]);

        private static ulong[] Bits(Stage2AddressSpace space, int view, bool isView = false) => [.. Enumerable.Range(0, Pages).Select(page =>
        {
            Stage2Translation found = space.Views.Walk(view, AddressOf(page));

            // A view keeps no log of its own.
            return !found.IsMapped && found.Descriptor == 0 ? 0 : isView ? (ulong)found.Attributes.Access : (found.Descriptor & AttributeBits) | 1;
        })];

        private static Ipa AddressOf(int page) => new(Start + ((ulong)page * Page));

        private void Take(Step step)
        {
            Stage2Access denied = (Stage2Access)(step.Choice % 15) + 1;
            switch (step.Kind)
            {
                case 0 or 1:
                    _owners.Add((_guards.Claim(step.Range, denied, step.View), step, denied));
                    break;
                case 2:
                    Step opened = step with { Length = 0 };
                    _owners.Add((_guards.Open(opened.Range.Start, step.View), opened, Stage2Access.None));
                    break;
                case 3 or 4 when _owners.Count != 0:
                    _owners[step.Choice % _owners.Count].Guard.Dispose();
                    _owners.RemoveAt(step.Choice % _owners.Count);
                    break;
                case 5 or 6 or 7 when IsUnmapped(step):
                    Change(step, space => space.Map(step.Range, new Pa(step.Range.Start.Value - Start), AttributesOf(step.Choice)));
                    break;
                case 8:
                    Change(step, space => space.Unmap(step.Range));
                    break;
                case 9 or 10:
                    Change(step, space => space.SetAttributes(step.Range, AttributesOf(step.Choice)));
                    break;
                case 11:
                    Change(step, space => space.Protect(step.Range, AttributesOf(step.Choice).Access));
                    break;
            }
        }

        /// <summary>Changes both, the one with guards first with so few table pages that it may fail: then nothing may be otherwise than before.</summary>
        private void Change(Step step, Action<Stage2AddressSpace> change)
        {
            List<(ulong Size, ulong Descriptor)> before = Leaves();
            int taken = _pages.Taken;
            _pages.CallsLeft = step.PagesLeft;
            try
            {
                change(_space);
            }
            catch (Stage2Exception)
            {
                Assert.Equal(before, Leaves());
                Assert.Equal(taken, _pages.Taken);
                _pages.CallsLeft = int.MaxValue;
                change(_space);
            }

            _pages.CallsLeft = int.MaxValue;
            change(_plain);
        }

        private Stage2Attributes AttributesOf(int choice)
        {
            Stage2Access execution = s_execution[(choice >> 2) & 3];
            execution = _hasLevels || execution == Stage2Access.None ? execution : Stage2Access.Execute;
            return ((choice >> 5) % 3) switch
            {
                0 => new Stage2Attributes(((Stage2Access)choice & Stage2Access.ReadWrite) | execution) { HasDirtyBitModifier = (choice & 16) != 0 },
                1 => new Stage2Attributes(((Stage2Access)choice & Stage2Access.ReadWrite) | execution, Stage2MemoryType.NormalNonCacheable),
                _ => Stage2Attributes.Ram with { HasDirtyBitModifier = (choice & 16) != 0 },
            };
        }

        private bool IsUnmapped(Step step) => Enumerable.Range(step.FirstPage, step.PageCount).All(page => !_plain.TryGetMapping(AddressOf(page), out _));

        private List<(ulong Size, ulong Descriptor)> Leaves() => [.. Enumerable.Range(0, Pages).Select(page =>
        {
            Stage2Translation found = _space.Walk(AddressOf(page));
            return (found.Size, found.Descriptor);
        })];

        private void AssertSame(int view) => Assert.Equal(Bits(_plain, 0), Bits(_space, view));

        /// <summary>What is permitted is what the other one permits, minus what is denied.</summary>
        private void AssertEffective()
        {
            for (int page = 0; page < Pages; page += page is >= BlockPages - 8 and < BlockPages + 12 ? 1 : 60)
            {
                for (int view = 0; view <= _views; view++)
                {
                    bool isMapped = _plain.TryGetMapping(AddressOf(page), out Stage2MappingInfo mapping);
                    Assert.Equal(isMapped, _space.Views.TryGetMapping(view, AddressOf(page), out Stage2MappingInfo guarded));
                    Stage2Access denied = DeniedIn(page, view);
                    if (view == 0)
                    {
                        Assert.Equal(mapping.Access & ~denied, guarded.Access);
                    }
                    else
                    {
                        // The first write to what is logged is noted for all views.
                        Stage2Access logged = mapping.Access & ~_plain.Walk(AddressOf(page)).Attributes.Access;
                        Assert.Equal(Stage2Access.None, guarded.Access & denied);
                        Assert.Equal(mapping.Access & ~denied, guarded.Access | (logged & ~denied));
                    }
                }
            }
        }

        private Stage2Access DeniedIn(int page, int view)
        {
            List<(PageGuard Guard, Step Step, Stage2Access Denied)> owners = _owners.FindAll(owner => owner.Step.Covers(page) && (owner.Step.View == 0 || owner.Step.View == view));
            Stage2Access denied = owners.Exists(static owner => owner.Denied == Stage2Access.None)
                ? Stage2Access.None
                : owners.Aggregate(Stage2Access.None, static (all, owner) => all | owner.Denied);
            denied |= !_hasLevels && (denied & Stage2Access.Execute) != 0 ? Stage2Access.Execute : Stage2Access.None;
            return (denied & Stage2Access.Read) == 0 ? denied
                : (denied & Stage2Access.Execute) == Stage2Access.Execute ? Stage2Access.All
                : denied | Stage2Access.ReadWrite;
        }
    }

    /// <summary>A machine without vCPUs on the tables of an address space.</summary>
    private sealed class SpaceMachine(Stage2AddressSpace space) : IVirtualMachine
    {
        public IReadOnlyList<IVcpu> Vcpus => [];

        public IGuestMemory Memory => space.Memory;

        public A64Features Features => A64Features.Armv8_0;

        public bool TryGetCapability<T>([NotNullWhen(true)] out T? capability)
            where T : class
        {
            capability = space as T ?? space.Views as T;
            return capability is not null;
        }
    }
}
