using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using FsCheck;
using FsCheck.Fluent;
using HvIntrospect.Interpreter;
using HvIntrospect.Interpreter.Checking;
using HvIntrospect.Registers;
using HvIntrospect.Tests.Support;
using HvIntrospect.Translation;
using HvIntrospect.Translation.Stage2;
using Xunit;

namespace HvIntrospect.Tests.Translation.Stage2;

/// <summary>
/// Random changes of tables that two vCPUs use, against a flat model of pages: on a machine that keeps what it has translated, translates speculatively, and checks each step against the rules of
/// the architecture. Whatever a guest reads, writes or fetches is what the model says, and no change issues more maintenance than it needs.
/// </summary>
public sealed class Stage2OnTheMachineTests
{
    private static readonly int s_factor = Environment.GetEnvironmentVariable("HVINTROSPECT_LONG") == "1" ? 200 : 5;

    private static readonly Gen<Step[]> s_steps =
        (from kind in Gen.Choose(0, 9)
         from page in Gen.OneOf(Gen.Elements(0, 1, 2, 3), Gen.Choose(0, 1 << 14))
         from length in Gen.Choose(0, 6)
         from extra in Gen.Choose(0, 1000)
         select new Step(kind, page, length, extra)).ListOf(25).Select(steps => new List<Step>(steps).ToArray());

    public static TheoryData<int, int, int, int?, bool, string> Geometries => new()
    {
        { 8, 12, 32, null, false, nameof(TranslationFeatures.None) },
        { 8, 12, 40, 1, true, nameof(TranslationFeatures.None) },
        { 12, 12, 44, 0, true, nameof(TranslationFeatures.HAFDBS) },
        { 4, 12, 40, 1, true, nameof(TranslationFeatures.S2FWB) },
        { 8, 12, 40, 1, true, nameof(TranslationFeatures.BBML1) },
        { 8, 12, 40, 1, true, nameof(TranslationFeatures.BBML2) },
        { 8, 12, 52, -1, true, nameof(TranslationFeatures.LPA2) },
        { 4, 14, 36, 2, false, nameof(TranslationFeatures.None) },
        { 4, 14, 52, 0, true, nameof(TranslationFeatures.LPA2) },
        { 2, 16, 40, 2, true, nameof(TranslationFeatures.None) },
        { 2, 16, 52, 1, false, nameof(TranslationFeatures.None) },
    };

    [Theory]
    [MemberData(nameof(Geometries))]
    public void GuestsSeeWhatTheModelMaps(int runs, int granule, int inputBits, int? startLevel, bool hasRanges, string features)
    {
        TranslationFeatures translation = Enum.Parse<TranslationFeatures>(features);
        int outputBits = inputBits == 52 ? 52 : 40;
        var geometry = new Stage2Geometry(inputBits, outputBits, TranslationGranule.Of((GranuleSize)granule), startLevel, translation, physicalAddressBits: 52);
        using var guests = new TwoGuests(geometry, Stage2CoreFeatures.Armv8_0 with { HasLevelHints = hasRanges, HasRangeInvalidation = hasRanges });
        Prop.ForAll(s_steps.ToArbitrary(), steps => guests.Run(steps)).Check(Config.QuickThrowOnFailure.WithMaxTest(runs * s_factor));
    }

    /// <summary>Memory that EL2 has just written is read and executed by guests without their caches: with and without HCR_EL2.FWB, on cores that need the data cache cleaned for fetches (CTR_EL0.IDC = 0) and on others.</summary>
    [Theory]
    [InlineData(nameof(TranslationFeatures.None), false, false)]
    [InlineData(nameof(TranslationFeatures.None), true, true)]
    [InlineData(nameof(TranslationFeatures.S2FWB), true, false)]
    public void GuestsReadAndFetchWhatWasWrittenLast(string features, bool isCoherent, bool hasPhysicalInstructionCache)
    {
        using var guests = new TwoGuests(CachedGeometry(features), CoresOf(isCoherent, hasPhysicalInstructionCache), maintainsCaches: true);
        Prop.ForAll(s_steps.ToArbitrary(), steps => guests.Run(steps)).Check(Config.QuickThrowOnFailure.WithMaxTest(3 * s_factor));
    }

    [Theory]
    [InlineData(nameof(TranslationFeatures.None), false, nameof(ArchitectureRule.MissingDataCacheClean))]
    [InlineData(nameof(TranslationFeatures.None), true, nameof(ArchitectureRule.MissingDataCacheClean))]
    [InlineData(nameof(TranslationFeatures.S2FWB), true, nameof(ArchitectureRule.MissingExecutionMaintenance))]
    public void WithoutCacheMaintenanceTheyNeedNot(string features, bool isCoherent, string rule)
    {
        using var guests = new TwoGuests(CachedGeometry(features), CoresOf(isCoherent, hasPhysicalInstructionCache: false), maintainsCaches: false);
        Assert.Contains(rule, Assert.ThrowsAny<Exception>(() => guests.Run([default])).Message, StringComparison.Ordinal);
    }

    private static Stage2Geometry CachedGeometry(string features) =>
        new(40, 40, TranslationGranule.Granule4K, 1, Enum.Parse<TranslationFeatures>(features), physicalAddressBits: 52);

    // The first line of each page stands for all of it.
    private static Stage2CoreFeatures CoresOf(bool isCoherent, bool hasPhysicalInstructionCache) => Stage2CoreFeatures.Armv8_0 with
    {
        NeedsDataCacheClean = !isCoherent,
        DataCacheLine = 0x1000,
        InstructionCacheLine = 0x1000,
        HasPhysicalInstructionCache = hasPhysicalInstructionCache,
    };

    private readonly record struct Step(int Kind, int Page, int Length, int Extra);

    private readonly record struct MappedPage(ulong Pa, Stage2Attributes Attributes);

    private sealed class TwoGuests : IDisposable
    {
        private const ulong Code = 0x4000_0000;
        private const int Store = 8;
        private const int Called = 1;
        private const int SplitKind = 8;

        private static readonly Stage2Attributes[] s_attributes =
        [
            Stage2Attributes.Ram,
            new(Stage2Access.Read),
            new(Stage2Access.All, Stage2MemoryType.NormalNonCacheable),
            new(Stage2Access.ReadWrite),
            new(Stage2Access.All, accessFlag: false),
        ];

        private readonly Machine _machine;
        private readonly IPhysicalMemory _memory;
        private readonly CountingEl2Operations _operations;
        private readonly Stage2Geometry _geometry;
        private readonly Stage2CoreFeatures _cores;
        private readonly MappedPage?[] _pages;
        private readonly ulong _page;
        private readonly ulong _window;
        private readonly ulong _frames;
        private readonly bool _maintainsCaches;

        /// <summary>What EL2 writes through its cache while the checker looks on; null where memory stays as it is.</summary>
        private readonly IPhysicalMemory? _data;
        private Stage2Tables? _tables;
        private int _accesses;

        public TwoGuests(Stage2Geometry geometry, Stage2CoreFeatures cores, bool? maintainsCaches = null)
        {
            _maintainsCaches = maintainsCaches == true;
            _geometry = geometry;
            _cores = cores;
            _page = geometry.Granule.Size;
            int perBlock = 1 << geometry.Granule.Stride;
            _pages = new MappedPage?[2 * perBlock];
            _window = 1UL << (geometry.InputBits - 1);
            var options = new MachineOptions(CoreModel.Max)
            {
                TranslationFeatures = (CoreModel.Max.TranslationFeatures & ~(cores.NeedsDataCacheClean && maintainsCaches is not null ? TranslationFeatures.S2FWB : TranslationFeatures.None)) | geometry.Features,
                VcpuCount = 2,
                RamSize = 4UL << 30,
                HypervisorMemory = new PaRange(new Pa(0x1_0000_0000), 32UL << 20),
                Seed = 7,
                TranslatesSpeculatively = true,
            };
            _machine = CheckedMachine.Make(options);
            Assert.True(_machine.TryGetCapability(out IPhysicalMemory? memory));
            _memory = memory;
            _data = maintainsCaches is null ? null : _machine.Checker!.CheckData(memory);
            Assert.True(_machine.Vcpus[0].TryGetCapability(out IEl2Operations? operations));
            _operations = new CountingEl2Operations(operations);

            // ldr x2, [x1]; hvc #1; str x2, [x1]; hvc #1
            Give(options.RamPhysicalBase.Value, MemoryMarshal.AsBytes<uint>([0xF940_0022, 0xD400_0022, 0xF900_0022, 0xD400_0022]));

            // Each page of memory names itself, and can be called.
            _frames = options.RamPhysicalBase.Value + (1UL << 30);
            for (ulong frame = 0; frame < 3 * (ulong)perBlock; frame++)
            {
                Give(_frames + (frame * _page), ContentOf(_frames + (frame * _page)));
            }

            _operations.Dsb(BarrierOption.Ish);
            _operations.InvalidateInstructionCache(InstructionCacheOperation.Ialluis, default);
            _operations.Dsb(BarrierOption.Ish);
            _operations.Isb();
        }

        public void Dispose()
        {
            _tables?.Dispose();
            _machine.Dispose();
        }

        public void Run(Step[] steps)
        {
            Array.Clear(_pages);
            var pool = new TablePool(new PaRange(new Pa(0x1_0100_0000), 16UL << 20), _geometry.Granule);
            _tables?.Dispose();
            _tables = new Stage2Tables(_memory, pool, _geometry, 2, _operations, _cores, _maintainsCaches);
            _tables.Map(Stage2World.Range(Code, _page), _machine.Options.RamPhysicalBase, Stage2Attributes.Ram);
            foreach (Vcpu vcpu in _machine.Vcpus)
            {
                Install(vcpu);
            }

            foreach (Step step in steps)
            {
                IpaRange range = RangeOf(step);
                Change(step, range);
                int first = PageOf(range.Start.Value);
                int last = PageOf(range.Last.Value);
                foreach (int page in (int[])[first, last, first - 1, last + 1, (first + last) / 2, step.Extra * 31])
                {
                    Access(_machine.Vcpus[_accesses & 1], ((page % _pages.Length) + _pages.Length) % _pages.Length, (_accesses++ % 3) switch { 0 => Stage2Access.Read, 1 => Stage2Access.Write, _ => Stage2Access.Execute });
                }
            }

            Assert.Equal(0UL, _machine.Checker!.ViolationCount);
        }

        private void Give(ulong address, ReadOnlySpan<byte> content)
        {
            Assert.Equal(content.Length, _memory.Write(new Pa(address), content));
            _operations.MaintainDataCache(DataCacheOperation.Civac, new Pa(address));
        }

        private static byte[] ContentOf(ulong frame)
        {
            byte[] content = new byte[12];
            BinaryPrimitives.WriteUInt64LittleEndian(content, frame);
            BinaryPrimitives.WriteUInt32LittleEndian(content.AsSpan(8), 0xD400_0022);
            return content;
        }

        /// <summary>Writes some of the memory anew that a change gives to the guests, or what may then be executed.</summary>
        private void Fill(IpaRange range, ulong target, bool isMapped)
        {
            ulong pages = range.Length / _page;
            for (ulong page = 0; _data is not null && page < pages; page += Math.Max(1, pages / 64))
            {
                ulong? frame = isMapped ? _pages[PageOf(range.Start.Value) + (int)page]?.Pa : target + (page * _page);
                if (frame is ulong address)
                {
                    _data.Write(new Pa(address), ContentOf(address));
                }
            }
        }

        private void Install(Vcpu vcpu)
        {
            Assert.True(vcpu.TryGetCapability(out IEl2Operations? operations));
            operations.WriteSystemRegister(SystemRegister.VtcrEl2, _tables!.Vtcr.Value);
            operations.WriteSystemRegister(SystemRegister.VttbrEl2, _tables.Vttbr.Value);
            var hcr = new Hcr(operations.ReadSystemRegister(SystemRegister.HcrEl2));
            operations.WriteSystemRegister(SystemRegister.HcrEl2, hcr.With(HcrBits.Fwb, _geometry.HasForcedWriteBack).Value);
            operations.Isb();
        }

        private ulong BlockSize => (ulong)_pages.Length / 2 * _page;

        private int PageOf(ulong ipa) => (int)((ipa - _window) / _page);

        private IpaRange RangeOf(Step step)
        {
            int perBlock = _pages.Length / 2;
            int first = step.Page < 4 ? step.Page * perBlock / 2 : step.Page % _pages.Length;
            int length = step.Length switch
            {
                0 => 1,
                1 => 3,
                2 => 67,
                3 => perBlock,
                4 => perBlock - 1,
                5 => perBlock / 2,
                _ => _pages.Length,
            };
            return Stage2World.Range(_window + ((ulong)first * _page), (ulong)Math.Min(length, _pages.Length - first) * _page);
        }

        private void Change(Step step, IpaRange range)
        {
            var before = new StaleEntries.Snapshot(_memory, _geometry, _tables!.Vttbr);
            MappedPage?[] pages = [.. _pages];
            _operations.Reset();
            Apply(step, range);

            var stale = new StaleEntries(before, new StaleEntries.Snapshot(_memory, _geometry, _tables.Vttbr), _geometry, _cores.HasRangeInvalidation);
            (int ByAddress, int OfVmid, int OfCombined) issued = (_operations.ByAddress, _operations.OfVmid, _operations.OfCombined);
            if (_geometry.HasHardwareAccessFlag)
            {
                // Which Access flags a speculative walk has set, and when, is not known.
                Assert.InRange(issued.OfVmid + issued.OfCombined, 0, 1);
                Assert.InRange(issued.ByAddress, issued.OfCombined, 64 * issued.OfCombined);
                return;
            }

            Assert.True(stale.Instructions == issued, $"{step} of {range} issued {issued}, not {stale.Instructions}: {stale}");

            // Nothing became stale but what is not as it was; where sizes change, nothing beyond the blocks that the range touches.
            foreach ((ulong Start, ulong Size) reach in stale.Reaches)
            {
                bool isMeant = step.Kind >= SplitKind
                    ? reach.Start < (range.Last.Value | (BlockSize - 1)) && (range.Start.Value & ~(BlockSize - 1)) < reach.Start + reach.Size
                    : Touches(reach, page => _pages[page] != pages[page]);
                Assert.True(isMeant, $"0x{reach.Start:x}+0x{reach.Size:x} was changed by {step} of {range}.");
            }
        }

        private void Apply(Step step, IpaRange range)
        {
            Stage2Attributes attributes = s_attributes[step.Extra % s_attributes.Length];
            var access = ((Stage2Access)step.Extra & Stage2Access.ReadWrite) | ((step.Extra & 4) != 0 ? Stage2Access.Execute : 0);
            ulong target = _frames + (range.Start.Value - _window) + ((step.Extra & 8) != 0 ? _page : 0);
            Fill(range, target, isMapped: step.Kind is 4 or 5 or 6);
            switch (step.Kind)
            {
                case 0 or 1 or 2:
                    if (Array.TrueForAll(PagesOf(range), static page => page is null))
                    {
                        _tables!.Map(range, new Pa(target), attributes, (step.Extra & 16) != 0 ? 3 : 0, isContiguous: (step.Extra & 32) != 0);
                        Set(range, (page, ipa) => new MappedPage(target + (ipa - range.Start.Value), attributes));
                    }

                    break;
                case 3:
                    _tables!.Unmap(range);
                    Set(range, static (_, _) => null);
                    break;
                case 4 or 5:
                    _tables!.Protect(range, access);
                    Set(range, (page, _) => page is MappedPage old ? old with { Attributes = old.Attributes with { Access = access } } : null);
                    break;
                case 6:
                    _tables!.SetAttributes(range, attributes);
                    Set(range, (page, _) => page is MappedPage old ? old with { Attributes = attributes } : null);
                    break;
                case 7:
                    _tables!.Remap(range, new Pa(target));
                    Set(range, (page, ipa) => page is MappedPage old ? old with { Pa = target + (ipa - range.Start.Value) } : null);
                    break;
                case SplitKind:
                    _tables!.Split(range);
                    break;
                default:
                    _tables!.Merge(range);
                    break;
            }
        }

        private MappedPage?[] PagesOf(IpaRange range) => _pages[PageOf(range.Start.Value)..(PageOf(range.Last.Value) + 1)];

        private void Set(IpaRange range, Func<MappedPage?, ulong, MappedPage?> change)
        {
            for (ulong ipa = range.Start.Value; ipa <= range.Last.Value; ipa += _page)
            {
                ref MappedPage? page = ref _pages[PageOf(ipa)];
                page = change(page, ipa);
            }
        }

        private bool Touches((ulong Start, ulong Size) reach, Predicate<int> isMeant)
        {
            for (ulong ipa = Math.Max(reach.Start, _window); ipa < reach.Start + reach.Size; ipa += _page)
            {
                if (PageOf(ipa) < _pages.Length && isMeant(PageOf(ipa)))
                {
                    return true;
                }
            }

            return false;
        }

        private void Access(Vcpu vcpu, int page, Stage2Access access)
        {
            ulong ipa = _window + ((ulong)page * _page);
            MappedPage? mapped = _pages[page];
            ref CoreRegisters core = ref vcpu.ModifyCore();
            core.Pc = new Va(access == Stage2Access.Execute ? ipa + 8 : access == Stage2Access.Write ? Code + Store : Code);
            core[1] = ipa;
            core[2] = mapped?.Pa ?? 0;
            VcpuExit exit = _machine.Run(vcpu, 1000);
            FaultKind? expected = mapped is not MappedPage there ? FaultKind.Translation
                : !there.Attributes.HasAccessFlag && !_geometry.HasHardwareAccessFlag ? FaultKind.AccessFlag
                : (there.Attributes.Access & access) == 0 ? FaultKind.Permission : null;
            if (expected is null)
            {
                Assert.True(exit.Esr.TryGetCall(out CallSyndrome call) && call.Immediate == Called, $"{access} of 0x{ipa:x}: {exit}");
                Assert.True(access == Stage2Access.Execute || vcpu.ModifyCore()[2] == mapped!.Value.Pa, $"{access} of 0x{ipa:x} reached 0x{vcpu.ModifyCore()[2]:x}, not 0x{mapped!.Value.Pa:x}.");
                if (!mapped!.Value.Attributes.HasAccessFlag)
                {
                    MarkAccessed(ipa);
                }

                return;
            }

            var status = new FaultStatus((int)exit.Esr.Value & 0x3F);

            // Stage 1 is off.
            Assert.Equal(ipa, exit.Far.Value & ~(_page - 1));
            Assert.Equal(expected, status.Kind);
            Assert.Equal(_tables!.Walker.Walk(new Ipa(ipa), access).Status, status);
        }

        /// <summary>The walker has set AF of the block or page.</summary>
        private void MarkAccessed(ulong ipa)
        {
            Stage2Translation leaf = _tables!.Walker.Walk(new Ipa(ipa));
            ulong start = Math.Max(ipa & ~(leaf.Size - 1), _window);
            Set(Stage2World.Range(start, leaf.Size), static (page, _) => page is MappedPage old ? old with { Attributes = old.Attributes with { HasAccessFlag = true } } : null);
        }
    }
}
