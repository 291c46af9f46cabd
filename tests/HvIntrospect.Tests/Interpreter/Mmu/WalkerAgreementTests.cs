using System;
using System.Collections.Generic;
using FsCheck;
using FsCheck.Fluent;
using HvIntrospect.Interpreter.Mmu;
using HvIntrospect.Registers;
using Xunit;

namespace HvIntrospect.Tests.Interpreter.Mmu;

/// <summary>The machine's MMU and the library's walkers share no code but the registers' and descriptors' fields: on hostile tables they agree in every address, fault and level.</summary>
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
}
