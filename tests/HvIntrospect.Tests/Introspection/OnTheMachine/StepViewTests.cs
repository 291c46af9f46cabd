using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using HvIntrospect.Interpreter;
using HvIntrospect.Introspection;
using HvIntrospect.Registers;
using HvIntrospect.Watchpoints;
using Xunit;

namespace HvIntrospect.Tests.Introspection.OnTheMachine;

/// <summary>Steps with a page open where the backend has views: the page is open to the stepped vCPU alone, and the others go on.</summary>
public sealed class StepViewTests
{
    private const ulong Code = 0x4000_0000;
    private const ulong OtherCode = 0x4000_1000;
    private const ulong Table = 0x4011_0000;
    private const ulong Counter = Table + 0x800;
    private const ulong Tcr = 32 | (1UL << 8) | (1UL << 10) | (3UL << 12) | (1UL << 23);
    private const ulong Sctlr = 0x30C5_1825;
    private const uint Add = 0x91000463; // add x3, x3, #1
    private const uint StrX3 = 0xF9000023; // str x3, [x1]
    private const uint Hvc = 0xD4000002;

    private readonly List<(int Vcpu, WatchKinds Kind, ulong Address)> _events = [];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ThePageIsOpenToTheSteppedVcpuAlone(bool hasViews)
    {
        using LiveMachine machine = Make(hasViews);
        var introspector = new Introspector(machine, new IntrospectorOptions { UnsupportedAccess = UnsupportedAccessPolicy.OpenAndStep });
        introspector.AddWatch(new IpaRange(new Ipa(Table), 0x1000), WatchKinds.ReadWrite, (in WatchEvent e) =>
        {
            _events.Add((e.Vcpu.Index, e.Kind, e.Ipa.Value));
            return WatchResponse.Continue;
        });
        Vcpu one = machine.Machine.Vcpus[0];
        Vcpu other = machine.Machine.Vcpus[1];

        // The fetch of the first instruction walks through the watched table.
        Assert.Equal(VcpuActionKind.Resume, introspector.Handle(one, machine.Machine.Run(one)).Kind);
        Assert.Equal(hasViews, machine.Space.Views.ActiveView(one) != 0);
        VcpuExit exit = machine.Machine.Run(other);
        if (!hasViews)
        {
            Assert.Equal(VcpuExitKind.Canceled, exit.Kind);
        }
        else
        {
            // It goes on, and its store to the very page is seen.
            Assert.Equal(ExceptionClass.DataAbortLowerEl, exit.Esr.Class);
            Assert.Equal(VcpuActionKind.Resume, introspector.Handle(other, exit).Kind);
            Assert.Equal(ExceptionClass.Hvc64, machine.Machine.Run(other).Esr.Class);
        }

        Assert.Equal(VcpuActionKind.Resume, introspector.Handle(one, machine.Machine.Run(one)).Kind);
        Assert.Equal(0, machine.Space.Views.ActiveView(one));
        Assert.Equal(1, introspector.Statistics.Stepped);
        Assert.Equal(1UL, one.Core[3]);
        if (!hasViews)
        {
            Assert.Equal(VcpuActionKind.Resume, introspector.Handle(other, machine.Machine.Run(other)).Kind);
        }

        Assert.Equal([(0, WatchKinds.Read, Table + 8), (1, WatchKinds.Write, Counter)], _events);
        introspector.Dispose();

        // The view was the introspector's.
        if (hasViews)
        {
            Assert.Equal(1, machine.Space.Views.Create());
        }
    }

    private static LiveMachine Make(bool hasViews)
    {
        var machine = new LiveMachine(2, viewVmids: hasViews ? [3] : []);
        machine.Memory.Write(new Ipa(Table + 8), BitConverter.GetBytes(0x4000_0701UL));
        machine.Memory.Write(new Ipa(Code), MemoryMarshal.AsBytes<uint>([Add, Hvc]));
        machine.Memory.Write(new Ipa(OtherCode), MemoryMarshal.AsBytes<uint>([Add, StrX3, Hvc]));
        ref TranslationRegisters translation = ref machine.Machine.Vcpus[0].ModifyTranslation();
        translation.Ttbr0El1 = Table;
        translation.TcrEl1 = Tcr;
        translation.MairEl1 = 0xFF;
        translation.SctlrEl1 = Sctlr;
        machine.Machine.Vcpus[0].ModifyCore().Pc = new Va(Code);
        ref CoreRegisters core = ref machine.Machine.Vcpus[1].ModifyCore();
        core.Pc = new Va(OtherCode);
        core[1] = Counter;
        return machine;
    }
}
