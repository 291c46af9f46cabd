using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using FsCheck;
using FsCheck.Fluent;
using HvIntrospect.Interpreter;
using HvIntrospect.Registers;
using HvIntrospect.Tests.Support;
using HvIntrospect.Translation.Stage2;
using Xunit;

namespace HvIntrospect.Tests.Introspection.OnTheMachine;

/// <summary>Two vCPUs load in views that change all the time: each load is what a dictionary of pages says, and the checker finds nothing.</summary>
public sealed class ViewsOnTheMachineTests
{
    private const ulong Page = 0x1000;
    private const ulong Code = 0x4000_0000;
    private const ulong Area = 0x4020_0000;
    private const int Pages = 8;
    private const int Views = 3;

    private static readonly Gen<Step[]> s_steps =
        (from kind in Gen.Choose(0, 15)
         from vcpu in Gen.Choose(0, 1)
         from view in Gen.Choose(0, Views - 1)
         from page in Gen.Choose(0, Pages - 1)
         from count in Gen.Choose(1, 3)
         from access in Gen.Choose(0, 7).Select(static bits => ((Stage2Access)bits & Stage2Access.ReadWrite) | (bits > 3 ? Stage2Access.Execute : 0))
         select new Step(kind, vcpu, view, page, Math.Min(count, Pages - page), access)).NonEmptyListOf().Resize(80).Select(list => list.ToArray());

    [Fact]
    public void EveryLoadIsWhatTheActiveViewSays() => Prop.ForAll(s_steps.ToArbitrary(), Gen.Choose(1, 1000).ToArbitrary(), static (steps, seed) =>
    {
        using var model = new Model((ulong)seed);
        Array.ForEach(steps, model.Apply);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(25));

    private readonly record struct Step(int Kind, int Vcpu, int View, int Page, int Count, Stage2Access Access);

    private sealed class Model : IDisposable
    {
        private readonly Machine _machine;
        private readonly Stage2AddressSpace _space;
        private readonly (ulong Frame, Stage2Access Access)?[] _base = new (ulong, Stage2Access)?[Pages];
        private readonly (Stage2ViewAccess Access, ulong? Frame)[,] _overrides = new (Stage2ViewAccess, ulong?)[Views, Pages];
        private readonly ulong _frames;

        public Model(ulong seed)
        {
            var options = new MachineOptions { VcpuCount = 2, MaximumViews = Views, Seed = seed, TranslatesSpeculatively = true };
            _machine = CheckedMachine.Make(options);
            _space = _machine.Stage2;
            _frames = options.RamPhysicalBase.Value + (Area - options.RamBase.Value);
            uint[] program = [0xF940_0022, 0xD400_0842, 0x17FF_FFFE]; // ldr x2, [x1]; hvc #0x42; b to the first
            _machine.Memory.Write(new Ipa(Code), MemoryMarshal.AsBytes<uint>(program));
            for (int page = 0; page < Pages; page++)
            {
                _machine.Memory.Write(Range(page, 1).Start, BitConverter.GetBytes(ValueOf(_frames + ((ulong)page * Page))));
                _base[page] = (_frames + ((ulong)page * Page), Stage2Access.All);
            }

            Assert.Equal(1, _space.Views.Create());
            Assert.Equal(2, _space.Views.Create());
        }

        public void Apply(Step step)
        {
            IpaRange range = Range(step.Page, step.Count);
            IEnumerable<int> pages = Enumerable.Range(step.Page, step.Count);
            ulong frame = _frames + (((ulong)step.Access & 7) * Page);
            switch (step.Kind)
            {
                case 0:
                    _space.Unmap(range);
                    Change(pages, _ => null);
                    break;
                case 1 when pages.All(page => _base[page] is null):
                    _space.Map(range, new Pa(_frames + ((ulong)step.Page * Page)), Stage2Attributes.Ram);
                    Change(pages, page => (_frames + ((ulong)page * Page), Stage2Access.All));
                    break;
                case 2:
                    _space.Protect(range, step.Access);
                    Change(pages, page => _base[page] is var (at, _) ? (at, step.Access) : null);
                    break;
                case 3:
                    _space.Coalesce(range);
                    break;
                case 4 or 5 when step.View != 0:
                    Stage2ViewAccess access = (step.Kind, step.Count) switch
                    {
                        (4, _) => Stage2ViewAccess.Without(step.Access),
                        (_, 1) => Stage2ViewAccess.With(step.Access),
                        _ => Stage2ViewAccess.Exactly(step.Access),
                    };
                    _space.Views.Protect(step.View, range, access);
                    Override(step.View, pages, old => (access, old.Frame));
                    break;
                case 6 when step.View != 0:
                    _space.Views.Remap(step.View, range.Start, new Pa(frame));
                    Override(step.View, [step.Page], old => (old.Access, frame));
                    break;
                case 7 when step.View != 0:
                    _space.Views.Restore(step.View, range);
                    Override(step.View, pages, _ => default);
                    break;
                case 8 or 9:
                    _space.Views.Activate(_machine.Vcpus[step.Vcpu], step.View);
                    break;
                default:
                    Load(_machine.Vcpus[step.Vcpu], step.Page);
                    break;
            }
        }

        public void Dispose() => _machine.Dispose();

        private static IpaRange Range(int page, int count) => new(new Ipa(Area + ((ulong)page * Page)), (ulong)count * Page);

        private static ulong ValueOf(ulong frame) => frame ^ 0x5A5A;

        private void Change(IEnumerable<int> pages, Func<int, (ulong, Stage2Access)?> change)
        {
            foreach (int page in pages)
            {
                _base[page] = change(page);
            }
        }

        private void Override(int view, IEnumerable<int> pages, Func<(Stage2ViewAccess Access, ulong? Frame), (Stage2ViewAccess, ulong?)> change)
        {
            foreach (int page in pages)
            {
                _overrides[view, page] = change(_overrides[view, page]);
            }
        }

        private void Load(Vcpu vcpu, int page)
        {
            ref CoreRegisters core = ref vcpu.ModifyCore();
            core.Pc = new Va(Code);
            core[1] = Area + ((ulong)page * Page);
            VcpuExit exit = _machine.Run(vcpu, 100);
            (Stage2ViewAccess access, ulong? frame) = _overrides[_space.Views.ActiveView(vcpu), page];
            if (_base[page] is var (at, permitted) && (access.Of(permitted) & Stage2Access.Read) != 0)
            {
                Assert.Equal(ExceptionClass.Hvc64, exit.Esr.Class);
                Assert.Equal(ValueOf(frame ?? at), vcpu.Core[2]);
                return;
            }

            Assert.Equal(ExceptionClass.DataAbortLowerEl, exit.Esr.Class);
            Assert.True(exit.Esr.TryGetDataAbort(out DataAbortSyndrome abort));
            Assert.Equal(_base[page] is null ? FaultKind.Translation : FaultKind.Permission, abort.Status.Kind);
        }
    }
}
