using System;
using System.Collections.Generic;
using System.Linq;
using FsCheck;
using FsCheck.Fluent;
using HvIntrospect.Interception;
using Xunit;

namespace HvIntrospect.Tests.Interception;

/// <summary>Guards of several owners in several views, while the mapping changes, the dirty log is on and the backend fails.</summary>
public sealed class ViewGuardsTests
{
    private const int Pages = 12;
    private const ulong PageSize = RecordingControl.PageSize;

    private static readonly Stage2Access[] s_accesses =
        [Stage2Access.All, Stage2Access.ReadWrite, Stage2Access.Read | Stage2Access.Execute, Stage2Access.Read];

    private static readonly Stage2Access[] s_denials =
        [Stage2Access.Read, Stage2Access.Write, Stage2Access.Execute, Stage2Access.ReadWrite, Stage2Access.All, Stage2Access.Write | Stage2Access.Execute, Stage2Access.ExecuteEl0, Stage2Access.Read | Stage2Access.ExecuteEl1];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void EveryViewPermitsTheBaseMinusWhatIsHeldThereAndInTheBaseView(bool inline)
    {
        Gen<Step> step =
            from kind in Gen.Choose(0, 15)
            from page in Gen.Choose(0, Pages - 1)
            from length in Gen.Choose(1, 5)
            from view in Gen.Choose(0, 3)
            from choice in Gen.Choose(0, 59)
            select new Step(kind, page, length, view, choice);
        Prop.ForAll(step.ArrayOf().ToArbitrary(), steps => new Model(inline).Run(steps)).Check(Config.QuickThrowOnFailure.WithMaxTest(400));
    }

    [Fact]
    public void AClaimOfOneViewHoldsThereAlone()
    {
        (RecordingControl control, RecordingViews views, PageGuards guards) = Make();
        using PageGuards disposed = guards;
        int view = views.Create();
        int other = views.Create();
        PageGuard guard = guards.Claim(new IpaRange(new Ipa(PageSize), 1), Stage2Access.Write, view);
        Assert.Equal((Stage2Access.All, Stage2Access.All), (control[1], views[other, 1]));
        Assert.Equal(Stage2Access.Read | Stage2Access.Execute, views[view, 1]);
        Assert.Equal(PageStanding.Denied, guards.Judge(new Ipa(PageSize), Stage2Access.Write, view));
        Assert.Equal(PageStanding.Permitted, guards.Judge(new Ipa(PageSize), Stage2Access.Write, other));
        Assert.Equal(PageStanding.Permitted, guards.Judge(new Ipa(PageSize), Stage2Access.Write));
        Assert.Equal(Stage2Access.Write, guards.DeniedAt(new Ipa(PageSize), view));
        guard.Dispose();
        Assert.Equal(0, views.Overrides(view));
    }

    [Fact]
    public void AClaimOfTheBaseViewHoldsInAllWithoutACallForAny()
    {
        (RecordingControl control, RecordingViews views, PageGuards guards) = Make();
        using PageGuards disposed = guards;
        int view = views.Create();
        guards.Claim(new IpaRange(new Ipa(PageSize), 1), Stage2Access.Write);
        int later = views.Create();
        Assert.All([control[1], views[view, 1], views[later, 1]], static access => Assert.Equal(Stage2Access.Read | Stage2Access.Execute, access));
        Assert.Equal(0, views.Changes);
        Assert.Equal(PageStanding.Denied, guards.Judge(new Ipa(PageSize), Stage2Access.Write, later));
    }

    [Fact]
    public void AnOpeningOfOneViewGrantsNothingThatTheBaseDoesNot()
    {
        (RecordingControl control, RecordingViews views, PageGuards guards) = Make();
        using PageGuards disposed = guards;
        int view = views.Create();
        guards.Claim(new IpaRange(new Ipa(PageSize), 1), Stage2Access.All);
        PageGuard opening = guards.Open(new Ipa(PageSize), view);
        Assert.Equal((Stage2Access.None, Stage2Access.All), (control[1], views[view, 1]));
        control.Map(1, Stage2Access.Read);
        Assert.Equal((Stage2Access.None, Stage2Access.Read), (control[1], views[view, 1]));
        control.Map(1, null);
        control.Map(1, Stage2Access.ReadWrite);
        Assert.Equal((Stage2Access.None, Stage2Access.ReadWrite), (control[1], views[view, 1]));
        opening.Dispose();
        Assert.Equal(0, views.Overrides(view));
        Assert.Equal(Stage2Access.None, views[view, 1]);
    }

    [Fact]
    public void AViewThatGetsTheNumberOfARemovedOneHasNoneOfItsGuards()
    {
        (_, RecordingViews views, PageGuards guards) = Make();
        using PageGuards disposed = guards;
        int view = views.Create();
        PageGuard guard = guards.Claim(new IpaRange(new Ipa(PageSize), 1), Stage2Access.Write, view);
        views.Remove(view);
        Assert.Equal(view, views.Create());
        Assert.Equal(PageStanding.Permitted, guards.Judge(new Ipa(PageSize), Stage2Access.Write, view));
        PageGuard other = guards.Claim(new IpaRange(new Ipa(PageSize), 1), Stage2Access.Write, view);
        guard.Dispose();
        Assert.Equal(PageStanding.Denied, guards.Judge(new Ipa(PageSize), Stage2Access.Write, view));
        other.Dispose();
        Assert.Equal(0, views.Overrides(view));
    }

    [Fact]
    public void AViewThatIsNotOrDoesNotReachSoFarIsRefusedAndTheRestStaysUsable()
    {
        (_, RecordingViews views, PageGuards guards) = Make();
        using PageGuards disposed = guards;
        int view = views.Create();
        Assert.Throws<ArgumentOutOfRangeException>(() => guards.Claim(new IpaRange(new Ipa(0), 1), Stage2Access.Write, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => guards.Claim(new IpaRange(new Ipa(0), 1), Stage2Access.Write, view + 1));
        Assert.Throws<ArgumentException>(() => guards.Claim(new IpaRange(new Ipa(0), 1UL << 40), Stage2Access.Write, view));
        Assert.Equal(0, views.Overrides(view));
        guards.Claim(new IpaRange(new Ipa(0), 1), Stage2Access.Write, view).Dispose();
    }

    [Fact]
    public void ABackendWithoutViewsIsNamed()
    {
        using var guards = new PageGuards(new GuardedMachine(), useInlineFilter: false);
        NotSupportedException refusal = Assert.Throws<NotSupportedException>(() => guards.Claim(new IpaRange(new Ipa(0), 1), Stage2Access.Write, 1));
        Assert.Contains(nameof(IStage2Views), refusal.Message, StringComparison.Ordinal);
        Assert.Equal(refusal.Message, Assert.Throws<NotSupportedException>(() => guards.Open(new Ipa(0), 1)).Message);
    }

    private static (RecordingControl Control, RecordingViews Views, PageGuards Guards) Make(bool inline = false)
    {
        var control = new RecordingControl();
        for (ulong page = 0; page < Pages - 2; page++)
        {
            control[page] = Stage2Access.All;
        }

        var views = new RecordingViews(control);
        var machine = new GuardedMachine { Control = control, Views = views, Filter = inline ? new RecordingFilter() : null };
        return (control, views, new PageGuards(machine, useInlineFilter: true));
    }

    /// <param name="Kind">What is done.</param>
    /// <param name="Page">The first page.</param>
    /// <param name="Length">The number of pages; some are beyond those that are mapped.</param>
    /// <param name="View">The view; not every number is one.</param>
    /// <param name="Choice">Picks a denial, an access, a guard, or the call that fails.</param>
    private sealed record Step(int Kind, int Page, int Length, int View, int Choice)
    {
        public IpaRange Range => new(new Ipa(((ulong)Page * PageSize) + 5), ((ulong)Length * PageSize) - 10);
    }

    private sealed record Owner(PageGuard Guard, int View, int Page, int Length, Stage2Access Denied, Stage2Access Lifted);

    private sealed class Model
    {
        private readonly RecordingControl _control;
        private readonly RecordingViews _views;
        private readonly PageGuards _guards;
        private readonly bool _inline;
        private readonly Stage2Access?[] _base = new Stage2Access?[Pages + 5];
        private readonly bool[] _isClean = new bool[Pages + 5];
        private readonly List<Owner> _owners = [];
        private readonly HashSet<int> _existing = [0];

        public Model(bool inline)
        {
            _inline = inline;
            (_control, _views, _guards) = Make(inline);
            Array.Fill(_base, Stage2Access.All, 0, Pages - 2);
        }

        public bool Run(Step[] steps)
        {
            foreach (Step step in steps)
            {
                Take(step);
                AssertAgrees();
            }

            _guards.Dispose();
            _owners.Clear();
            Array.Clear(_isClean);
            AssertAgrees();
            Assert.All(_existing, view => Assert.Equal(0, _views.Overrides(view)));
            return true;
        }

        private void Take(Step step)
        {
            Stage2Access denied = s_denials[step.Choice % s_denials.Length];
            switch (step.Kind)
            {
                case <= 3 when _existing.Contains(step.View):
                    Hold(step, step.Length, denied, Stage2Access.None, () => _guards.Claim(step.Range, denied, step.View));
                    break;
                case <= 3:
                    Assert.Throws<ArgumentOutOfRangeException>(() => _guards.Claim(step.Range, denied, step.View));
                    break;
                case 4 when _existing.Contains(step.View):
                    Hold(step, 1, Stage2Access.None, Stage2Access.All, () => _guards.Open(step.Range.Start, step.View));
                    break;
                case 5 when _existing.Contains(step.View):
                    Hold(step, 1, Stage2Access.None, Stage2Access.Execute, () => _guards.OpenFetches(step.Range.Start, step.View));
                    break;
                case 6 or 7 or 8 when _owners.Count != 0:
                    Owner released = _owners[step.Choice % _owners.Count];
                    Fail(step, () => released.Guard.Dispose(), () => _owners.Remove(released));
                    break;
                case 9:
                    Stage2Access? access = step.Choice % 5 == 4 ? null : s_accesses[step.Choice % 5];
                    _control.Map((ulong)step.Page, access);
                    _base[step.Page] = access;
                    break;
                case 10 when _existing.Count < 4:
                    _existing.Add(_views.Create());
                    break;
                case 11 when step.View != 0 && _existing.Remove(step.View):
                    _views.Remove(step.View);
                    _owners.RemoveAll(owner => owner.View == step.View);
                    break;
                case 12 when step.Choice < 40:
                    Fail(step, _guards.DirtyLog.Start, () => Array.Fill(_isClean, true));
                    break;
                case 12:
                    Fail(step, _guards.DirtyLog.Stop, () => Array.Clear(_isClean));
                    break;
                case 13 or 14:
                    Fail(step, () => _guards.Log(step.Range), () => Array.Clear(_isClean, step.Page, step.Length));
                    break;
                case 15 when _guards.DirtyLog.IsTracking:
                    Collect(step);
                    break;
            }
        }

        private void Hold(Step step, int length, Stage2Access denied, Stage2Access lifted, Func<PageGuard> hold)
        {
            PageGuard? guard = null;
            Fail(step, () => guard = hold(), () => _owners.Add(new Owner(guard!, step.View, step.Page, length, denied, lifted)));
        }

        private void Collect(Step step)
        {
            var range = new IpaRange(new Ipa((ulong)step.Page * PageSize), (ulong)step.Length * PageSize);
            ulong[] bitmap = [ulong.MaxValue];
            ulong expected = Enumerable.Range(0, step.Length).Aggregate(0UL, (bits, i) => bits | (_isClean[step.Page + i] ? 0 : 1UL << i));
            Fail(step, () => _guards.DirtyLog.Collect(range, bitmap), () =>
            {
                Assert.Equal(expected, bitmap[0]);
                Array.Fill(_isClean, true, step.Page, step.Length);
            });
        }

        /// <summary>Does something with a backend that fails now and then: then nothing has changed.</summary>
        private void Fail(Step step, Action act, Action then)
        {
            _control.FailAt = step.Choice % 7 == 0 ? step.Choice / 7 % 3 : -1;
            _views.FailAt = step.Choice % 7 == 1 ? step.Choice / 7 % 3 : -1;
            bool isDone = false;
            try
            {
                act();
                isDone = true;
            }
            catch (InvalidOperationException exception) when (exception.Message == "The backend was told to fail.")
            {
            }

            _control.FailAt = -1;
            _views.FailAt = -1;
            if (isDone)
            {
                then();
            }
        }

        private void AssertAgrees()
        {
            for (int page = 0; page < Pages + 4; page++)
            {
                foreach (int view in _existing)
                {
                    AssertAgrees(page, view);
                }
            }
        }

        private void AssertAgrees(int page, int view)
        {
            Stage2Access denied = DeniedIn(page, owner => owner.View == 0 || owner.View == view);
            Stage2Access inBase = DeniedIn(page, static owner => owner.View == 0);
            Stage2Access own = view == 0 ? Stage2Access.None : DeniedIn(page, owner => owner.View == view);
            Stage2Access log = _isClean[page] ? Stage2Access.Write : Stage2Access.None;
            Stage2Access refused = Cover((_inline ? (denied & Stage2Access.Execute) | own : denied) | log);
            Assert.Equal(_base[page] is not null, _control.IsMapped((ulong)page));
            if (_base[page] is Stage2Access original)
            {
                Assert.Equal(original & ~refused, _views[view, (ulong)page]);
            }

            var address = new Ipa(((ulong)page * PageSize) + 8);
            Stage2Access byFilter = _inline ? inBase & Stage2Access.ReadWrite : Stage2Access.None;
            Stage2Access withoutLog = Cover(_inline ? (denied & Stage2Access.Execute) | own : denied) | byFilter;
            Assert.Equal(denied | log, _guards.DeniedAt(address, view));
            foreach (Stage2Access needed in (Stage2Access[])[Stage2Access.Read, Stage2Access.Write, Stage2Access.Execute, Stage2Access.ReadWrite])
            {
                PageStanding standing = _base[page] is not Stage2Access permitted ? PageStanding.NoMemory
                    : (permitted & needed) != needed ? PageStanding.Protected
                    : (needed & (refused | byFilter)) == 0 ? PageStanding.Permitted
                    : (needed & withoutLog) == 0 ? PageStanding.Logged
                    : PageStanding.Denied;
                Assert.Equal(standing, _guards.Judge(address, needed, view));
            }
        }

        private Stage2Access DeniedIn(int page, Func<Owner, bool> isCounted)
        {
            List<Owner> owners = [.. _owners.Where(owner => isCounted(owner) && page >= owner.Page && page < owner.Page + owner.Length)];
            return owners.Aggregate(Stage2Access.None, static (all, owner) => all | owner.Denied)
                & ~owners.Aggregate(Stage2Access.None, static (all, owner) => all | owner.Lifted);
        }

        private static Stage2Access Cover(Stage2Access denied) => (denied & (Stage2Access.Read | Stage2Access.Execute)) == (Stage2Access.Read | Stage2Access.Execute) ? Stage2Access.All
            : (denied & Stage2Access.Read) != 0 ? denied | Stage2Access.ReadWrite
            : denied;
    }
}
