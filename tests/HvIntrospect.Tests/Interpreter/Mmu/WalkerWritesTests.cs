using System;
using HvIntrospect.Interpreter;
using HvIntrospect.Introspection;
using HvIntrospect.Registers;
using HvIntrospect.Translation;
using HvIntrospect.Watchpoints;
using Xunit;

namespace HvIntrospect.Tests.Interpreter.Mmu;

/// <summary>What the walker writes into the guest's tables is a write like any other: to the dirty log, to snapshots, to exclusive monitors and to whoever watches.</summary>
public sealed class WalkerWritesTests
{
    private const ulong Tables = GuestProgram.Code + 0x10_0000;
    private const ulong Leaf = Tables + 0x4000;
    private const ulong Address = 0x0020_0000;
    private const ulong Af = 1UL << 10;
    private const ulong Dbm = 1UL << 51;
    private const ulong ReadOnly = 1UL << 7;
    private const ulong PageBits = GuestProgram.Data | (3UL << 8) | 3;

    [Theory]
    [InlineData(GuestProgram.LdrX2, PageBits | Af | Dbm | ReadOnly)]
    [InlineData(GuestProgram.StrX2, PageBits | Af | Dbm)]
    public void AWriteOfTheWalkerReachesTheDirtyLogAndSnapshots(uint word, ulong after)
    {
        using GuestProgram program = Make(word);
        Assert.True(program.Machine.TryGetCapability(out IDirtyLog? log));
        log!.Start();
        var bitmap = new ulong[(program.Machine.Options.RamSize >> 12) / 64];
        log.Collect(new IpaRange(program.Machine.Options.RamBase, program.Machine.Options.RamSize), bitmap);
        using MachineSnapshot snapshot = program.Machine.TakeSnapshot();
        Assert.Equal(0x42, program.RunToCall());
        Assert.Equal(after, program.Read64(Leaf));
        Array.Clear(bitmap);
        log.Collect(new IpaRange(program.Machine.Options.RamBase, program.Machine.Options.RamSize), bitmap);
        int page = (int)((Leaf - GuestProgram.Code) >> 12);
        Assert.NotEqual(0UL, bitmap[page / 64] & (1UL << (page % 64)));
        program.Machine.Restore(snapshot);
        Assert.Equal(PageBits | Dbm | ReadOnly, program.Read64(Leaf));
        Assert.Equal(0x42, program.RunToCall());
        Assert.Equal(after, program.Read64(Leaf));
    }

    [Theory]
    [InlineData(GuestProgram.LdrX2, false)]
    [InlineData(GuestProgram.StrX2, true)]
    [InlineData(GuestProgram.StrX2, false)]
    public void AWatchOfTheTableIsToldAndTheGuestGoesOn(uint word, bool inline)
    {
        using GuestProgram program = Make(word);
        int events = 0;
        using var introspector = new Introspector(
            program.Machine, new IntrospectorOptions { TranslationFeatures = TranslationFeatures.HAFDBS, UseInlineFilter = inline, UnsupportedAccess = UnsupportedAccessPolicy.OpenAndStep });
        introspector.AddWatch(new IpaRange(new Ipa(Leaf), 8), WatchKinds.Write, (in WatchEvent _) =>
        {
            events++;
            return WatchResponse.Continue;
        });
        VcpuAction action = introspector.Run(program.Vcpu, (_, in _) => program.Machine.Run(program.Vcpu, GuestProgram.Limit), out VcpuExit exit);
        Assert.Equal((VcpuActionKind.Unhandled, ExceptionClass.Hvc64), (action.Kind, exit.Esr.Class));
        Assert.Equal(PageBits | Af | Dbm | (word == GuestProgram.LdrX2 ? ReadOnly : 0), program.Read64(Leaf));
        Assert.Equal(1, events);
    }

    /// <summary>ldr or str; hvc, with a page that the walker has not touched yet.</summary>
    private static GuestProgram Make(uint word)
    {
        var options = new MachineOptions { Features = A64Features.Armv8_1, TranslationFeatures = TranslationFeatures.HAFDBS, RamSize = 4 << 20 };
        var program = new GuestProgram(options, word, GuestProgram.Hvc42);
        var tables = new GuestTables(program.Machine, Tables);
        tables.Map(GuestProgram.Code, GuestProgram.Code, 1);
        tables.Map(Address, GuestProgram.Data, 1);
        tables.TurnOn(program.Vcpu);
        program.Vcpu.ModifyTranslation().TcrEl1 |= (ulong)(TcrBits.Ha | TcrBits.Hd);
        program.Vcpu.ModifyCore()[1] = Address;
        Assert.Equal(PageBits | Af, program.Read64(Leaf));
        program.Machine.Memory.Write(new Ipa(Leaf), BitConverter.GetBytes(PageBits | Dbm | ReadOnly));
        return program;
    }
}
