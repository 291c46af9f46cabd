using System;
using System.Collections.Generic;
using System.Linq;
using FsCheck;
using FsCheck.Fluent;
using HvIntrospect.Registers;
using HvIntrospect.Translation;
using HvIntrospect.Translation.Stage2;
using Xunit;

namespace HvIntrospect.Tests.Translation.Stage2;

/// <summary>Random changes of a base view and of others against a dictionary of pages for each.</summary>
public sealed class Stage2ViewsModelTests
{
    private const ulong PoolStart = 0x8000_0000;
    private const ushort Vmid = 5;

    private static readonly int s_factor = Environment.GetEnvironmentVariable("HVINTROSPECT_LONG") == "1" ? 30 : 1;

    private static readonly Gen<Step[]> s_steps =
        (from kind in Gen.Choose(0, 15)
         from place in Gen.Choose(0, 11)
         from offset in Gen.OneOf(Gen.Constant(0), Gen.Choose(0, 5))
         from length in Gen.Choose(0, 4)
         from extra in Gen.Choose(0, 1000)
         from pagesLeft in Gen.OneOf(Gen.Constant(int.MaxValue), Gen.Choose(0, 3))
         select new Step(kind, place, offset, length, extra, pagesLeft)).NonEmptyListOf().Resize(40).Select(list => list.ToArray());

    public static TheoryData<int, int, int, int, bool> Geometries => new()
    {
        { 12, 32, 40, 1, false },
        { 12, 31, 40, 2, false },
        { 14, 32, 40, 2, false },
        { 14, 28, 40, 3, false },
        { 16, 32, 40, 2, false },
        { 12, 32, 52, 1, true },
        { 16, 36, 52, 2, false },
    };

    [Theory]
    [MemberData(nameof(Geometries))]
    public void EachViewIsTheBaseWithItsOverrides(int granule, int inputBits, int outputBits, int startLevel, bool hasLpa2)
    {
        TranslationFeatures features = hasLpa2 ? TranslationFeatures.LPA2 : TranslationFeatures.None;
        var geometry = new Stage2Geometry(inputBits, outputBits, TranslationGranule.Of((GranuleSize)granule), startLevel, features: features);
        Prop.ForAll(s_steps.ToArbitrary(), steps =>
        {
            var model = new Model(geometry);
            foreach (Step step in steps)
            {
                model.Apply(step);
            }

            model.End();
            model.Dispose();
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(8 * s_factor));
    }

    private readonly record struct Step(int Kind, int Place, int Offset, int Length, int Extra, int PagesLeft);

    private readonly record struct Override(Stage2ViewAccess Access, ulong? Frame);

    private sealed class Model : IDisposable
    {
        private static readonly Stage2Attributes[] s_attributes =
        [
            Stage2Attributes.Ram,
            new(Stage2Access.ReadWrite, Stage2MemoryType.DeviceNGnRE),
            new(Stage2Access.Read),
            new(Stage2Access.All, Stage2MemoryType.NormalNonCacheable, Shareability.InnerShareable),
            new(Stage2Access.ReadWrite, accessFlag: false),
        ];

        private readonly Stage2Geometry _geometry;
        private readonly TestPhysicalMemory _memory;
        private readonly FailingTablePages _pages;
        private readonly RecordingEl2Operations _operations = new();
        private readonly Stage2AddressSpace _space;
        private readonly List<MaintenanceChecker> _checkers = [];
        private readonly Dictionary<ulong, (ulong Frame, Stage2Attributes Attributes)> _base = [];
        private readonly Dictionary<ulong, Override>?[] _views = new Dictionary<ulong, Override>?[3];
        private readonly ulong _page;

        public Model(Stage2Geometry geometry)
        {
            _geometry = geometry;
            _page = geometry.Granule.Size;
            int poolPages = geometry.Granule.SizeLog2 switch { 12 => 200, 14 => 100, _ => 60 };
            _memory = new TestPhysicalMemory(PoolStart, poolPages << geometry.Granule.SizeLog2, isDirect: false);
            _pages = new FailingTablePages(new TablePool(new PaRange(new Pa(PoolStart), (ulong)poolPages << geometry.Granule.SizeLog2), geometry.Granule));
            _space = new Stage2AddressSpace(_memory, _pages, geometry, Vmid, _operations, viewVmids: [6, 7]);
            _operations.WriteSystemRegister(SystemRegister.VttbrEl2, _space.Vttbr.Value);
            Check(_space.Vttbr);
        }

        public void Apply(Step step)
        {
            // Near the start of a block, so that ranges end in blocks, tables and between.
            int shift = _geometry.Granule.BlockSizeLog2(_geometry.Granule.SizeLog2 == 16 ? 3 : 2);
            ulong near = (ulong)(step.Place % 4) << shift;
            ulong start = near + (step.Place >= 8 ? (ulong)(step.Offset * 3) << _geometry.Granule.SizeLog2 : (ulong)step.Offset << _geometry.Granule.SizeLog2);
            start += _geometry.Granule.SizeLog2 == 16 ? (ulong)(step.Place & 4) << 27 : 0;
            ulong length = step.Length switch { 0 => _page, 1 => 2 * _page, 2 => 5 * _page, 3 => Math.Min(1UL << shift, 512 * _page), _ => Math.Min(2UL << shift, 600 * _page) };
            if (start + length > 1UL << _geometry.InputBits)
            {
                return;
            }

            IpaRange range = Stage2World.Range(start, length);
            int view = 1 + (step.Extra % 2);
            Dictionary<ulong, Override>? overrides = _views[view];
            var access = Stage2World.AccessOf(_geometry, step.Extra);
            Stage2Attributes attributes = s_attributes[step.Extra % s_attributes.Length];
            switch (step.Kind)
            {
                case 0 or 1 or 2:
                    ulong distance = 0x1_0000_0000 + ((step.Extra & 4) == 0 ? 0 : _page);
                    distance += _geometry.OutputBits == 52 ? 0xA_0000_0000_0000UL : 0;
                    ulong target = start + distance;
                    bool isMapped = PagesIn(range).Any(_base.ContainsKey);
                    if (isMapped)
                    {
                        Refuse(() => _space.Map(range, new Pa(target), attributes));
                    }
                    else if (Make(step, () => _space.Map(range, new Pa(target), attributes)))
                    {
                        foreach (ulong page in PagesIn(range))
                        {
                            _base[page] = (page + distance, attributes);
                        }
                    }

                    break;
                case 3:
                    if (Make(step, () => _space.Unmap(range)))
                    {
                        foreach (ulong page in PagesIn(range))
                        {
                            _base.Remove(page);
                        }
                    }

                    break;
                case 4 or 5:
                    if (Make(step, () => _space.Protect(range, access)))
                    {
                        Change(range, old => old with { Access = access });
                    }

                    break;
                case 6:
                    if (Make(step, () => _space.SetAttributes(range, attributes)))
                    {
                        Change(range, _ => attributes);
                    }

                    break;
                case 7:
                    Make(step, () => _space.Split(range));
                    break;
                case 8:
                    Make(step, () => _space.Coalesce(range));
                    break;
                case 9 or 10:
                    Create(step);
                    break;
                case 11 when step.Extra % 3 == 0 && overrides is not null:
                    Make(step, () => _space.Views.Remove(view));
                    _views[view] = null;
                    MaintenanceChecker removed = _checkers.Single(checker => checker.Vmid == (ulong)(Vmid + view));
                    removed.Detach();
                    _checkers.Remove(removed);
                    break;
                case 12 or 13 when overrides is not null:
                    Stage2ViewAccess permitted = (step.Extra & 24) switch
                    {
                        0 => Stage2ViewAccess.Exactly(access),
                        8 => Stage2ViewAccess.With(access),
                        16 => default,
                        _ => Stage2ViewAccess.Without(access),
                    };
                    if (Make(step, () => _space.Views.Protect(view, range, permitted)))
                    {
                        ChangeOverrides(overrides, range, old => old with { Access = permitted });
                    }

                    break;
                case 14 when overrides is not null:
                    // Frames in a row too, which a block of the base stays a block with.
                    ulong? frame = (step.Extra & 32) != 0 ? null : start + ((ulong)(step.Extra & 64) << 28);
                    if (Make(step, () => _space.Views.Remap(view, new Ipa(start), frame is ulong at ? new Pa(at) : null)))
                    {
                        ChangeOverrides(overrides, Stage2World.Range(start, _page), old => old with { Frame = frame });
                    }

                    break;
                case 15 when overrides is not null:
                    if (Make(step, () => _space.Views.Restore(view, range)))
                    {
                        ChangeOverrides(overrides, range, _ => default);
                    }

                    break;
            }

            Compare(range);
        }

        /// <summary>Whatever was done, nothing is left of it when all is unmapped and no view is there any more.</summary>
        public void End()
        {
            for (int view = 1; view < _views.Length; view++)
            {
                if (_views[view] is not null)
                {
                    _space.Views.Restore(view, Stage2World.Range(0, 1UL << _geometry.InputBits));
                    _views[view] = [];
                    Assert.Equal((ulong)_geometry.RootTables * _page, _space.Views.MemoryUse(view));
                    Compare(Stage2World.Range(0, _page), view);
                }
            }

            _space.Unmap(Stage2World.Range(0, 1UL << _geometry.InputBits));
            Assert.Equal(_geometry.RootTables * (1 + _views.Count(view => view is not null)), _pages.Taken);
        }

        public void Dispose()
        {
            _space.Dispose();
            Assert.Equal(0, _pages.Taken);
        }

        private void Check(Vttbr vttbr) => _checkers.Add(new MaintenanceChecker(_memory, _operations, _geometry, vttbr.Value) { IsOneOfSeveral = true });

        private void Create(Step step)
        {
            int free = Array.IndexOf(_views, null, 1);
            if (free < 0)
            {
                Assert.Throws<InvalidOperationException>(() => _space.Views.Create());
            }
            else if (Make(step, () => Assert.Equal(free, _space.Views.Create())))
            {
                _views[free] = [];
                Check(_space.Views.VttbrOf(free));
            }
        }

        private IEnumerable<ulong> PagesIn(IpaRange range)
        {
            for (ulong page = range.Start.Value; page <= range.Last.Value; page += _page)
            {
                yield return page;
            }
        }

        private void Change(IpaRange range, Func<Stage2Attributes, Stage2Attributes> change)
        {
            foreach (ulong page in PagesIn(range))
            {
                if (_base.TryGetValue(page, out (ulong Frame, Stage2Attributes Attributes) old))
                {
                    _base[page] = (old.Frame, change(old.Attributes));
                }
            }
        }

        private void ChangeOverrides(Dictionary<ulong, Override> overrides, IpaRange range, Func<Override, Override> change)
        {
            foreach (ulong page in PagesIn(range))
            {
                Override changed = change(overrides.GetValueOrDefault(page));
                overrides.Remove(page);
                if (changed != default)
                {
                    overrides[page] = changed;
                }
            }
        }

        private List<Dictionary<ulong, ulong>> Snapshot()
        {
            var words = new List<Dictionary<ulong, ulong>> { new TreeReader(_memory, _geometry, _space.Vttbr).Words };
            for (int view = 1; view < _views.Length; view++)
            {
                if (_views[view] is not null)
                {
                    words.Add(new TreeReader(_memory, _geometry, _space.Views.VttbrOf(view)).Words);
                }
            }

            return words;
        }

        private void Refuse(Action change)
        {
            List<Dictionary<ulong, ulong>> before = Snapshot();
            Assert.Throws<ArgumentException>(change);
            Assert.Equal(before, Snapshot());
        }

        /// <summary>Makes a change; where the pages do not suffice nothing at all is changed, in no tree.</summary>
        private bool Make(Step step, Action change)
        {
            List<Dictionary<ulong, ulong>>? before = step.PagesLeft == int.MaxValue ? null : Snapshot();
            int taken = _pages.Taken;
            _pages.CallsLeft = step.PagesLeft;
            try
            {
                change();
                return true;
            }
            catch (Stage2Exception refusal) when (refusal.Kind == Stage2ErrorKind.OutOfTablePages)
            {
                Assert.Equal(taken, _pages.Taken);
                Assert.Equal(before ?? [], Snapshot());
                return false;
            }
            finally
            {
                _pages.CallsLeft = int.MaxValue;
            }
        }

        private void Compare(IpaRange range)
        {
            foreach (MaintenanceChecker checker in _checkers)
            {
                checker.CheckDone();
                Assert.Empty(checker.Complaints);
            }

            var tables = new TreeReader(_memory, _geometry, _space.Vttbr);
            Assert.Empty(tables.Shared);
            AssertPages(_base, tables.Pages);
            int taken = tables.Own.Count + _geometry.RootTables;
            Assert.Equal((ulong)taken * _page, _space.Views.MemoryUse(0));
            for (int view = 1; view < _views.Length; view++)
            {
                if (_views[view] is not null)
                {
                    TreeReader reader = Compare(range, view);
                    Assert.All(reader.Shared, table => Assert.Contains(table, tables.Own));
                    taken += reader.Own.Count + _geometry.RootTables;
                }
            }

            Assert.Equal(taken, _pages.Taken);
        }

        private TreeReader Compare(IpaRange range, int view)
        {
            Dictionary<ulong, Override> overrides = _views[view]!;
            var expected = new Dictionary<ulong, (ulong Frame, Stage2Attributes Attributes)>(_base);
            foreach ((ulong page, Override changed) in overrides)
            {
                if (_base.TryGetValue(page, out (ulong Frame, Stage2Attributes Attributes) old))
                {
                    expected[page] = (changed.Frame ?? old.Frame, old.Attributes with { Access = changed.Access.Of(old.Attributes.Access) });
                }
            }

            var reader = new TreeReader(_memory, _geometry, _space.Views.VttbrOf(view));
            AssertPages(expected, reader.Pages);
            Assert.Equal((ulong)(reader.Own.Count + _geometry.RootTables) * _page, _space.Views.MemoryUse(view));

            // A table of the view's own is there for an override in it, and for nothing else.
            Assert.All(reader.Own.Values, own => Assert.Contains(overrides.Keys, page => page - own.Ipa < own.Size));
            foreach (ulong ipa in new[] { range.Start.Value, range.Last.Value })
            {
                Stage2Translation found = _space.Views.Walk(view, new Ipa(ipa));
                Assert.Equal(expected.TryGetValue(ipa & ~(_page - 1), out (ulong Frame, Stage2Attributes Attributes) page), found.IsMapped);
                Assert.True(!found.IsMapped || (page.Frame | (ipa & (_page - 1))) == found.Pa.Value);
            }

            return reader;
        }

        private static void AssertPages(
            Dictionary<ulong, (ulong Frame, Stage2Attributes Attributes)> expected, Dictionary<ulong, (ulong Frame, Stage2Attributes Attributes)> actual)
        {
            Assert.Equal(expected.Count, actual.Count);
            foreach ((ulong page, (ulong Frame, Stage2Attributes Attributes) value) in expected)
            {
                Assert.True(actual.TryGetValue(page, out (ulong Frame, Stage2Attributes Attributes) found), $"0x{page:x} is not mapped.");
                Assert.True(value == found, $"0x{page:x} is {found.Attributes} at 0x{found.Frame:x}, not {value.Attributes} at 0x{value.Frame:x}.");
            }
        }
    }
}
