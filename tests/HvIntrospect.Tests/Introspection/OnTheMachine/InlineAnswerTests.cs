using System;
using System.Collections.Generic;
using HvIntrospect.Interpreter;
using HvIntrospect.Introspection;
using HvIntrospect.Registers;
using HvIntrospect.Tests.Support;
using HvIntrospect.Watchpoints;
using Xunit;

namespace HvIntrospect.Tests.Introspection.OnTheMachine;

/// <summary>Answers of handlers that are asked in the middle of a run, without an exit.</summary>
public sealed class InlineAnswerTests
{
    private const ulong Code = 0x4000_0000;
    private const ulong Data = 0x4010_0000;
    private const uint StrX2 = 0xF9000022; // str x2, [x1]

    /// <summary>After the exception the run is simply started again.</summary>
    [Fact]
    public void AHandlerThatThrowsIsAskedAgainAndThoseBeforeItAreNot()
    {
        using var machine = CheckedMachine.Make();
        machine.Memory.Write(new Ipa(Code), BitConverter.GetBytes(StrX2));
        Vcpu vcpu = machine.Vcpus[0];
        vcpu.ModifyCore()[1] = Data;
        vcpu.ModifyCore()[2] = 5;
        using var introspector = new Introspector(machine);
        var seen = new List<string>();
        introspector.AddWatch(new IpaRange(new Ipa(Data), 8), WatchKinds.Write, (in WatchEvent e) =>
        {
            seen.Add("first");
            e.Vcpu.ModifyCore()[9] = 9;
            return WatchResponse.Replace([6]);
        });
        introspector.AddWatch(new IpaRange(new Ipa(Data), 8), WatchKinds.Write, (in WatchEvent _) =>
        {
            seen.Add("second");
            return seen.Count < 4 ? throw new InvalidOperationException("not now") : WatchResponse.Continue;
        });
        Assert.Throws<InvalidOperationException>(() => machine.Run(vcpu, 1));
        Assert.Throws<InvalidOperationException>(() => machine.Run(vcpu, 1));
        Assert.Equal(Code, vcpu.Core.Pc.Value);
        Assert.Equal(VcpuExitKind.Canceled, machine.Run(vcpu, 1).Kind);
        Assert.Equal(["first", "second", "second", "second"], seen);
        Span<byte> bytes = stackalloc byte[8];
        machine.Memory.Read(new Ipa(Data), bytes);
        Assert.Equal(6UL, BitConverter.ToUInt64(bytes));
        Assert.Equal((9UL, Code + 4), (vcpu.Core[9], vcpu.Core.Pc.Value));
    }

    /// <summary>The exit of another vCPU is handled while a handler runs in the middle of a run: it waits for the store, so that the values chain.</summary>
    [Fact]
    public void AnExitOfAnotherVcpuDoesNotComeBetweenAnEventAndItsStore()
    {
        using var machine = CheckedMachine.Make(new MachineOptions { VcpuCount = 2 });
        machine.Memory.Write(new Ipa(Code), BitConverter.GetBytes(StrX2));
        for (int i = 0; i < 2; i++)
        {
            machine.Vcpus[i].ModifyCore()[1] = Data;
            machine.Vcpus[i].ModifyCore()[2] = 5 + (ulong)i;
        }

        using var introspector = new Introspector(machine);
        VcpuExit other = VcpuExit.FromException(
            DataAbortSyndrome.Create(false, FaultStatus.Create(FaultKind.Permission, 3), isWrite: true), new Va(Data), opcode: StrX2);
        var seen = new List<(int Vcpu, ulong Old, ulong New)>();
        introspector.AddWatch(new IpaRange(new Ipa(Data), 8), WatchKinds.Write, (in WatchEvent e) =>
        {
            seen.Add((e.Vcpu.Index, BitConverter.ToUInt64(e.OldValue), BitConverter.ToUInt64(e.NewValue)));
            if (e.Vcpu.Index == 0)
            {
                Assert.Equal(VcpuActionKind.Resume, introspector.Handle(machine.Vcpus[1], other).Kind);
                Assert.Equal(Code, machine.Vcpus[1].Core.Pc.Value);
            }

            return WatchResponse.Continue;
        });
        Assert.Equal(VcpuExitKind.Canceled, machine.Run(machine.Vcpus[0], 1).Kind);
        Assert.Equal(Code + 4, machine.Vcpus[0].Core.Pc.Value);
        introspector.Handle(machine.Vcpus[1], other);
        Assert.Equal([(0, 0UL, 5UL), (1, 5UL, 6UL)], seen);
        Assert.Equal(Code + 4, machine.Vcpus[1].Core.Pc.Value);
    }
}
