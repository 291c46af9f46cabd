using System;
using System.Collections.Generic;
using System.Linq;
using HvIntrospect.Interception;
using HvIntrospect.Interpreter;
using HvIntrospect.Introspection;
using HvIntrospect.Registers;
using HvIntrospect.Tests.Differential;
using HvIntrospect.Watchpoints;
using Xunit;
using Outcome = HvIntrospect.Tests.Differential.Outcome;

namespace HvIntrospect.Tests.Introspection.OnTheMachine;

/// <summary>A vCPU in a view that has other frames than the base view behind its code, its tables and some of its data: what is done for it is what it would have done there.</summary>
public sealed class WatchedInViewTests
{
    private const ulong Page = TestLayout.PageSize;
    private const uint StrX2 = 0xF900_0022; // str x2, [x1]
    private static readonly int s_cases = Environment.GetEnvironmentVariable("HVINTROSPECT_LONG") == "1" ? 100_000 : 1_500;

    /// <summary>Accesses of every class, in one page or across two of which one has another frame, fetched and translated through others.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void WhatIsPerformedIsWhatTheGuestDoesItself(bool useInlineFilter)
    {
        const A64Features Features = A64Features.All | A64Features.Later;
        using var native = new NativeLeg(Features);
        using var watched = new WatchedGuest(useInlineFilter, features: Features, isInView: true);
        int events = 0;
        for (int seed = 0; seed < s_cases; seed++)
        {
            LoadStoreCase given = seed % 8 == 0 ? ThreeLeggedTests.MakeMemoryOperation(seed) : LoadStoreCaseGenerator.Make(seed, LoadStoreCaseGenerator.AllRows);
            List<WatchSpec> specs = [.. WatchSpec.Some(new Random(seed), given.Target)];
            watched.Watch(specs);
            Outcome outcome = watched.Execute(given);
            watched.RemoveAll();
            List<string> expected = seed % 8 == 0 ? ExpectedEvents.OfCopyOrSet(given, specs) : ExpectedEvents.Of(given, specs, hasUnalignedAtomics: true);
            Assert.True(expected.SequenceEqual(watched.Events), $"{string.Join("; ", watched.Events)} but {string.Join("; ", expected)} ({given})");
            string? difference = OutcomeComparison.Difference(given, native.Execute(given), outcome, OutcomeFields.All);
            Assert.True(difference is null, $"{difference} ({given})");
            events += watched.Events.Count;
        }

        Assert.InRange(events, s_cases / 2, int.MaxValue);
        Assert.Equal(useInlineFilter, watched.Introspector.Statistics.InlineAccesses > s_cases / 20);
        Assert.InRange(watched.Introspector.Statistics.Emulated, s_cases / 10, long.MaxValue);
        Assert.True(watched.Guest.IsBaseUntouched());
    }

    [Fact]
    public void AWalkThroughATableOfTheViewIsSeenWithItsDescriptor()
    {
        using var guest = new GuestMachine(isInView: true);
        using var introspector = new Introspector(guest.Machine, new IntrospectorOptions { UnsupportedAccess = UnsupportedAccessPolicy.OpenAndStep });
        var seen = new List<(ulong Address, ulong Value)>();
        ulong table = guest.Vcpu.Translation.Ttbr0El1;
        introspector.AddWatch(new IpaRange(new Ipa(table), Page), WatchKinds.Read, (in WatchEvent e) =>
        {
            seen.Add((e.Ipa.Value, BitConverter.ToUInt64(e.OldValue)));
            return WatchResponse.Continue;
        });
        guest.Load(Store(TestLayout.DeniedPage));
        Run(guest, introspector);
        byte[] descriptor = new byte[8];
        guest.Machine.Memory.Read(GuestMachine.FrameOf(table) + 8, descriptor);
        Assert.Equal((table + 8, BitConverter.ToUInt64(descriptor)), seen[0]);
        Assert.NotEqual(0UL, seen[0].Value);
    }

    /// <summary>A page of the log is an IPA, as pages of the guest's memory are: whichever frame a vCPU has there, by whichever way it is written.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void AWriteToAFrameOfTheViewIsLoggedByItsIpa(int way)
    {
        using var guest = new GuestMachine(isInView: true);
        using var introspector = new Introspector(guest.Machine, new IntrospectorOptions { UseInlineFilter = false });
        introspector.DirtyLog.Start();
        guest.Load(Store(TestLayout.DeniedPage));
        var window = new IpaRange(new Ipa(TestLayout.Data), 4 * Page);
        ulong[] bitmap = new ulong[1];
        introspector.DirtyLog.Collect(window, bitmap);
        switch (way)
        {
            case 0:
                Run(guest, introspector);
                Assert.Equal(0, introspector.Statistics.Emulated);
                break;
            case 1:
                introspector.AddWatch(new IpaRange(new Ipa(TestLayout.DeniedPage), 8), WatchKinds.Write, static (in WatchEvent _) => WatchResponse.Continue);
                Run(guest, introspector);
                Assert.Equal(1, introspector.Statistics.Emulated);
                break;
            default:
                guest.Machine.Stage2.Views.MemoryOf(1).Write(new Ipa(TestLayout.DeniedPage), BitConverter.GetBytes(0x77UL));
                break;
        }

        Assert.Equal(1, introspector.DirtyLog.Collect(window, bitmap));
        Assert.Equal(2UL, bitmap[0]);
        byte[] written = new byte[8];
        guest.Machine.Memory.Read(GuestMachine.FrameOf(TestLayout.DeniedPage), written);
        Assert.Equal(0x77UL, BitConverter.ToUInt64(written));
        Assert.True(guest.IsBaseUntouched());
    }

    [Fact]
    public void AHandlerThatActivatesAnotherViewDoesSoForTheNextRun()
    {
        using var guest = new GuestMachine(isInView: true);
        using var introspector = new Introspector(guest.Machine, new IntrospectorOptions { UseInlineFilter = false });
        introspector.AddWatch(new IpaRange(new Ipa(TestLayout.DeniedPage), 8), WatchKinds.Write, (in WatchEvent e) =>
        {
            guest.Machine.Stage2.Views.Activate(e.Vcpu, 0);
            return WatchResponse.Continue;
        });
        guest.Load(Store(TestLayout.DeniedPage));
        Run(guest, introspector);
        Assert.Equal(0, guest.Machine.Stage2.Views.ActiveView(guest.Vcpu));
        Assert.True(guest.IsBaseUntouched());
        byte[] written = new byte[8];
        guest.Machine.Memory.Read(GuestMachine.FrameOf(TestLayout.DeniedPage), written);
        Assert.Equal(0x77UL, BitConverter.ToUInt64(written));
    }

    [Fact]
    public void CachesAreMaintainedWhereTheViewHasThePage()
    {
        using var guest = new GuestMachine(isInView: true);
        using var guards = new PageGuards(guest.Machine, useInlineFilter: false);
        Assert.True(guards.TryGetPhysical(new Ipa(TestLayout.DeniedPage + 0x18), 1, out Pa inView));
        Assert.True(guards.TryGetPhysical(new Ipa(TestLayout.DeniedPage + 0x18), 0, out Pa inBase));
        Assert.Equal(guest.Machine.Stage2.Walk(GuestMachine.FrameOf(TestLayout.DeniedPage) + 0x18).Pa, inView);
        Assert.Equal(guest.Machine.Stage2.Walk(new Ipa(TestLayout.DeniedPage + 0x18)).Pa, inBase);
        Assert.False(guards.TryGetPhysical(default, 1, out _));
    }

    [Fact]
    public void AMonitorHoldsInTheViewInWhichItWasArmed()
    {
        using var guest = new GuestMachine(isInView: true);
        Assert.True(guest.Vcpu.TryGetCapability(out IExclusiveMonitor? monitor));
        monitor.Arm(new Ipa(TestLayout.DeniedPage), 8);
        Assert.True(monitor.IsArmed(new Ipa(TestLayout.DeniedPage), 8));
        guest.Machine.Stage2.Views.Activate(guest.Vcpu, 0);
        Assert.False(monitor.IsArmed(new Ipa(TestLayout.DeniedPage), 8));

        var monitors = new SoftwareMonitors(1);
        monitors.Arm(guest.Vcpu, 1, new Ipa(TestLayout.DeniedPage), 8, default);
        Assert.True(monitors.Holds(guest.Vcpu, 1, new Ipa(TestLayout.DeniedPage), 8, out _));
        Assert.False(monitors.Holds(guest.Vcpu, 0, new Ipa(TestLayout.DeniedPage), 8, out _));
    }

    private static LoadStoreCase Store(ulong address)
    {
        var given = new LoadStoreCase(0, LoadStoreCaseGenerator.Make(1).Row, StrX2) { Pc = TestLayout.Code };
        given.X[1] = address;
        given.X[2] = 0x77;
        return given;
    }

    /// <summary>Runs until one instruction was executed, by the guest or for it.</summary>
    private static void Run(GuestMachine guest, Introspector introspector)
    {
        for (int exits = 0; exits < 20 && guest.Vcpu.Core.Pc.Value == TestLayout.Code; exits++)
        {
            VcpuExit exit = guest.Machine.Run(guest.Vcpu, 1);
            if (exit.Kind != VcpuExitKind.Canceled)
            {
                Assert.Equal(VcpuActionKind.Resume, introspector.Handle(guest.Vcpu, exit).Kind);
            }
        }

        Assert.Equal(TestLayout.Code + 4, guest.Vcpu.Core.Pc.Value);
    }
}
