using System;
using System.Collections.Generic;
using System.Linq;
using HvIntrospect.Interpreter.Mmu;
using HvIntrospect.Registers;

namespace HvIntrospect.Tests.Interpreter.Mmu;

/// <summary>Tables of both stages whose tables, blocks and pages come and go, and a model of what every translation may be: what the tables have said since the last maintenance that reaches it, through every table that walks may remember.</summary>
internal sealed unsafe class ChangingTables : IDisposable
{
    public const int Vas = 8;
    private const ulong Asid = 3;
    private const ulong Root1 = 0x4200_0000;
    private const ulong Root2 = 0x4100_0000;
    private const ulong FirstVa = 0x20_0000;
    private const ulong FirstIpa = 0x5000_0000;
    private const ulong FirstPa = 0x6000_0000;
    private const ulong SlotSize = 0x20_0000;
    private const ulong PageSize = 0x1000;
    private const int Slots = 2;
    private const int Pages = 4;
    private const ulong Af = 1UL << 10;
    private const ulong Stage1Leaf = Af | (1UL << 11);
    private const ulong Stage2Leaf = Af | (3UL << 6) | (0xFUL << 2);
    private readonly TranslationWorld _world = new(A64Features.Armv8_4, 40);
    private readonly Random _random;
    private readonly Stage _stage1 = new(Root1 + 0x1008, Root1 + 0x2000, FirstVa, FirstIpa, Stage1Leaf);
    private readonly Stage _stage2 = new(Root2 + 0x1000 + (((FirstIpa >> 21) & 511) * 8), Root2 + 0x2000, FirstIpa, FirstPa, Stage2Leaf);

    // Which tables, by slot, walks may still come through.
    private readonly HashSet<int>[] _paths1 = [new(), new()];
    private readonly HashSet<int>[] _paths2 = [new(), new()];

    // What an entry of each kind may still say: of Stage 1 by VA, of Stage 2 by IPA, and of Stage 2 in combined entries by VA and IPA.
    private readonly HashSet<ulong?>[] _old1 = New(Vas);
    private readonly HashSet<ulong?>[] _old2 = New(Vas);
    private readonly HashSet<ulong?>[][] _combined = [.. Enumerable.Range(0, Vas).Select(static _ => New(Vas))];

    public ChangingTables(int seed, bool speculates)
    {
        _random = new Random(seed);
        _world.SetRegister("HCR_EL2", 0x8000_0001);
        _world.SetRegister("VTCR_EL2", Vtcr.Create(25, 1, GranuleSize.Size4K, 2).Value);
        _world.SetRegister("VTTBR_EL2", Vttbr.Create(new Pa(Root2), 7).Value);
        _world.SetRegister("SCTLR_EL1", 1);
        _world.SetRegister("TCR_EL1", 25 | (25UL << 16) | (2UL << 30) | (2UL << 32));
        _world.SetRegister("TTBR0_EL1", Root1 | (Asid << 48));
        _world.Write64(Root2 + 8, (Root2 + 0x1000) | 3);
        _world.Write64(Root2 + 0x1000 + (((Root1 >> 21) & 511) * 8), Root1 | Stage2Leaf | 1);
        _world.Write64(Root1, (Root1 + 0x1000) | 3);
        if (speculates)
        {
            SpeculativeWalker.TurnOn(_world.Cpu, (ulong)seed, 0);
            for (int i = 0; i < Vas; i++)
            {
                SpeculativeWalker.Remember(_world.Cpu, AddressOf(FirstVa, i));
            }
        }

        for (int i = 0; i < 40; i++)
        {
            Change();
        }

        Perform(TlbiOperation.Alle1, 0);
    }

    public int Stale { get; private set; }

    public int Mapped { get; private set; }

    public void Dispose() => _world.Dispose();

    /// <summary>Does one thing at random.</summary>
    /// <returns>What is wrong, or null.</returns>
    public string? Step()
    {
        int page = _random.Next(Vas);
        switch (_random.Next(12))
        {
            case 0 or 1 or 2:
                Change();
                return null;
            case 3:
                Maintain(page);
                return null;
            case 4:
                _world.Translator.Speculate(_world.Cpu, AddressOf(FirstVa, page));
                return null;
            default:
                return Translate(page);
        }
    }

    private static HashSet<ulong?>[] New(int count) => [.. Enumerable.Range(0, count).Select(static _ => new HashSet<ulong?>())];

    private static ulong AddressOf(ulong first, int page) => first + ((ulong)(page / Pages) * SlotSize) + ((ulong)(page % Pages) * PageSize);

    private static int PageOf(ulong first, ulong address) => (int)(((address - first) / SlotSize * Pages) + ((address - first) % SlotSize / PageSize));

    private void Change()
    {
        Stage stage = _random.Next(2) == 0 ? _stage1 : _stage2;
        (ulong at, ulong descriptor) = stage.Change(_random);
        _world.Write64(at, descriptor);
        for (int slot = 0; slot < Slots; slot++)
        {
            _paths1[slot].Add(_stage1.SlotOf(slot));
            _paths2[slot].Add(_stage2.SlotOf(slot));
        }

        for (int va = 0; va < Vas; va++)
        {
            _old1[va].UnionWith(_stage1.Of(va, _paths1));
            _old2[va].UnionWith(_stage2.Of(va, _paths2));
            for (int ipa = 0; ipa < Vas; ipa++)
            {
                _combined[va][ipa].UnionWith(_stage2.Of(ipa, _paths2));
            }
        }
    }

    private void Maintain(int page)
    {
        ulong va = AddressOf(FirstVa, page) >> 12;
        ulong ipa = AddressOf(FirstIpa, page) >> 12;
        switch (_random.Next(9))
        {
            case 0:
                Perform(TlbiOperation.Vmalle1, 0);
                break;
            case 1:
                Perform(TlbiOperation.Vae1, va | (Asid << 48), va: page);
                break;
            case 2:
                Perform(TlbiOperation.Vaale1Is, va, va: page);
                break;
            case 3:
                Perform(TlbiOperation.Aside1, Asid << 48);
                break;
            case 4:
                // Another ASID: nothing goes.
                _world.Domain.Perform(_world.Cpu, TlbiOperation.Vae1, va | (9UL << 48));
                break;
            case 5:
                Perform(TlbiOperation.Ipas2E1, ipa, ipa: page);
                break;
            case 6:
                Perform(TlbiOperation.Ripas2Le1Is, ipa | (1UL << 46), ipa: page);
                break;
            case 7:
                Perform(TlbiOperation.Vmalls12E1, 0);
                break;
            default:
                Perform(TlbiOperation.Ipas2E1, ipa, ipa: page);
                Perform(TlbiOperation.Vmalle1, 0);
                break;
        }
    }

    private void Perform(TlbiOperation operation, ulong operand, int? va = null, int? ipa = null)
    {
        _world.Domain.Perform(_world.Cpu, operation, operand);
        bool all = operation is TlbiOperation.Vmalls12E1 or TlbiOperation.Alle1;
        bool isOfLeaves = operation is TlbiOperation.Vaale1Is or TlbiOperation.Ripas2Le1Is;
        for (int page = 0; page < Vas; page++)
        {
            if (all || page == ipa)
            {
                Forget(_stage2, _paths2, page, isOfLeaves);
                _old2[page].Clear();
                _old2[page].UnionWith(_stage2.Of(page, _paths2));
            }
        }

        for (int page = 0; page < Vas; page++)
        {
            if (ipa is null && (va is null || page == va))
            {
                Forget(_stage1, _paths1, page, isOfLeaves);
                _old1[page].Clear();
                _old1[page].UnionWith(_stage1.Of(page, _paths1));
                for (int i = 0; i < Vas; i++)
                {
                    _combined[page][i].Clear();
                    _combined[page][i].UnionWith(_old2[i]);
                }
            }
        }
    }

    private static void Forget(Stage stage, HashSet<int>[] paths, int page, bool isOfLeaves)
    {
        if (!isOfLeaves)
        {
            paths[page / Pages].Clear();
            paths[page / Pages].Add(stage.SlotOf(page / Pages));
        }
    }

    private string? Translate(int page)
    {
        ulong va = AddressOf(FirstVa, page);
        _world.Translator.Translate(_world.Cpu, va, AccessKind.Read, 1, out TranslationResult result);
        ulong? now = _stage1.Of(page) is ulong first ? _stage2.Of(PageOf(FirstIpa, first)) : null;
        Mapped += result.IsMapped ? 1 : 0;
        Stale += result.IsMapped && result.Pa != now ? 1 : 0;
        foreach (ulong? old in _old1[page])
        {
            if (old is not ulong ipa)
            {
                // A fault is never kept: the tables must say so now.
                if (!result.IsMapped && !result.Fault.IsStage2 && _stage1.Of(page, _paths1).Contains(null))
                {
                    return null;
                }

                continue;
            }

            int at = PageOf(FirstIpa, ipa);
            bool isAllowed = result.IsMapped
                ? _combined[page][at].Contains(result.Pa)
                : result.Fault.IsStage2 && result.Fault.Ipa == ipa && _stage2.Of(at, _paths2).Contains(null);
            if (isAllowed)
            {
                return null;
            }
        }

        return $"0x{va:x} is {SoftwareWalk.Describe(result)}";
    }

    /// <summary>Two slots of 2 MB, each nothing, a block, or one of two tables of four pages.</summary>
    private sealed class Stage(ulong slotsAt, ulong tablesAt, ulong first, ulong target, ulong leaf)
    {
        // 0 nothing; 1 and 2 a block; 3 and 4 a table.
        private readonly int[] _slots = new int[Slots];

        // -1 nothing, -2 without the Access flag, else the page of the target.
        private readonly int[] _pages = [.. Enumerable.Repeat(-1, Slots * Pages)];

        public int SlotOf(int slot) => _slots[slot];

        public ulong? Of(int page) => Through(_slots[page / Pages], page);

        /// <summary>What the tables say of a page, and what those say that were in the place of its table.</summary>
        public IEnumerable<ulong?> Of(int page, HashSet<int>[] paths) =>
            paths[page / Pages].Where(static slot => slot >= 3).Append(_slots[page / Pages]).Select(slot => Through(slot, page));

        private ulong? Through(int slot, int page)
        {
            int entry = slot < 3 ? 0 : _pages[((slot - 3) * Pages) + (page % Pages)];
            return slot == 0 || entry < 0 ? null
                : slot < 3 ? AddressOf(target, ((slot - 1) * Pages) + (page % Pages))
                : AddressOf(target, entry);
        }

        public (ulong At, ulong Descriptor) Change(Random random)
        {
            if (random.Next(4) == 0)
            {
                int slot = random.Next(Slots);
                int kind = Math.Max(random.Next(-1, 8), 0);
                _slots[slot] = kind > 4 ? kind - 3 : kind;
                _slots[slot] = Math.Min(_slots[slot], 4);
                return (slotsAt + ((ulong)slot * 8), _slots[slot] switch
                {
                    0 => 0,
                    < 3 => (target + ((ulong)(_slots[slot] - 1) * SlotSize)) | leaf | 1,
                    _ => (tablesAt + ((ulong)(_slots[slot] - 3) * 0x1000)) | 3,
                });
            }

            int index = random.Next(Slots * Pages);
            _pages[index] = random.Next(-2, Slots * Pages);
            ulong descriptor = _pages[index] == -1 ? 0 : AddressOf(target, Math.Max(_pages[index], 0)) | leaf | 3;
            ulong at = tablesAt + ((ulong)(index / Pages) * 0x1000) + ((ulong)(index % Pages) * 8);
            return (at, _pages[index] == -2 ? descriptor & ~Af : descriptor);
        }

        public override string ToString() => $"{first:x}: {string.Join(' ', _slots)}; {string.Join(' ', _pages)}";
    }
}
