using System;
using System.Collections.Generic;
using FsCheck;
using FsCheck.Fluent;
using HvIntrospect.Interpreter.Mmu;
using HvIntrospect.Registers;
using HvIntrospect.Translation;
using Xunit;

namespace HvIntrospect.Tests.Interpreter.Mmu;

/// <summary>The machine's MMU and the library's walkers share no code but the registers' and descriptors' fields: on hostile tables they agree in every address, fault, level and attribute.</summary>
public sealed unsafe class WalkerAgreementTests
{
    private const int Worlds = 150;
    private const int Queries = 120;
    private static readonly AccessKind[] s_kinds = [AccessKind.Read, AccessKind.Write, AccessKind.Fetch, AccessKind.Modify];

    [Fact]
    public void TheMmuAndTheWalkersAgreeOnHostileTables()
    {
        var seen = new Dictionary<string, int>();
        int agreedLater = 0;
        int count = 0;
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            var tables = new HostileTables(seed);
            using TranslationWorld world = tables.World;
            for (int i = 0; i < Queries; i++)
            {
                ulong va = tables.Address();
                AccessKind kind = s_kinds[tables.Next(s_kinds.Length)];
                bool atEl0 = tables.Chance(40);
                bool pan = tables.Chance(30);
                bool unprivileged = kind != AccessKind.Fetch && tables.Chance(20);
                var state = new Spsr((atEl0 ? 0UL : 5) | (pan ? 1UL << 22 : 0));
                world.Cpu->Pstate = (uint)state.Value;
                world.Domain.Perform(world.Cpu, TlbiOperation.Alle1, 0);
                string before = new SoftwareWalk(world, tables.AddressBits, tables.Features).Describe(va, kind, state, unprivileged);
                world.Translator.Translate(world.Cpu, va, kind, atEl0 || unprivileged ? 0 : 1, out TranslationResult result);
                string actual = SoftwareWalk.Describe(result);
                count++;
                string what = before.Split("IPA")[0].Split("PA")[0];
                seen[what] = seen.GetValueOrDefault(what) + 1;
                if (actual == before)
                {
                    continue;
                }

                // A hostile table may contain the very descriptor that the walker has just updated in it.
                string after = new SoftwareWalk(world, tables.AddressBits, tables.Features).Describe(va, kind, state, unprivileged);
                Assert.True(actual == after, $"seed {seed}, {kind} 0x{va:x} in {state}: expected {before}, got {actual}");
                agreedLater++;
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(Worlds));
        Assert.True(seen.GetValueOrDefault(string.Empty) > count / 20 && seen.Count > 22, string.Join('\n', seen));
        Assert.True(agreedLater < count / 500, $"{agreedLater} of {count} agreed only afterwards.");
    }

    /// <summary>AT tells type, cacheability and shareability of both stages together.</summary>
    [Fact]
    public void TheMmuAndTheWalkerAgreeInWhatAtReports()
    {
        int translated = 0;
        var attributes = new HashSet<(byte, int)>();
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            var tables = new HostileTables(seed);
            using TranslationWorld world = tables.World;
            world.Cpu->System.HcrEl2 |= tables.Chance(40) ? (ulong)HcrBits.Cd : 0;
            world.Cpu->System.HcrEl2 |= tables.Chance(30) ? (ulong)HcrBits.Dct : 0;
            world.Cpu->System.HcrEl2 |= tables.Chance(50) ? (ulong)HcrBits.Fwb : 0;
            for (int i = 0; i < Queries; i++)
            {
                ulong va = tables.Address();
                bool isWrite = tables.Chance(30);
                int el = tables.Next(2);
                world.Domain.Perform(world.Cpu, TlbiOperation.Alle1, 0);
                Par expected = world.Translator.TranslateForAt(world.Cpu, va, isWrite, el, bothStages: true, pan: false, out _);
                TwoStageTranslation found = new SoftwareWalk(world, tables.AddressBits, tables.Features)
                    .Walk(va, isWrite ? AccessKind.Write : AccessKind.Read, new Spsr(el == 0 ? 0UL : 5));

                // Types with an inner half of 0 are reserved, or mean something with FEAT_XS only, which the machine has not.
                byte type = found.Stage1.Attributes.Value;
                if (found.IsFault || type < 0x10 || (type & 0xF) != 0 || type == 0xF0)
                {
                    Assert.True(expected == found.ToPar(), $"seed {seed}, 0x{va:x}: expected {expected}, got {found.ToPar()}: {found}");
                }

                translated += found.IsFault ? 0 : 1;
                _ = found.IsFault || attributes.Add((found.Attributes.Value, (int)found.Shareability));
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(Worlds));
        Assert.InRange(translated, Worlds * Queries / 20, Worlds * Queries);
        Assert.InRange(attributes.Count, 100, 768);
    }
}
