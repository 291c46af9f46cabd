using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using HvIntrospect.Interpreter;
using HvIntrospect.Introspection;
using HvIntrospect.Shapes;
using HvIntrospect.Tests.Support;
using HvIntrospect.Watchpoints;
using Xunit;

namespace HvIntrospect.Tests.Introspection.OnTheMachine;

/// <summary>A counter that a guest increments by exclusive sequences on a page that is watched for writes, through what each interface offers.</summary>
public sealed class WatchedExclusiveTests
{
    private const ulong Code = 0x4000_0000;
    private const ulong Data = 0x4010_0000;
    private const int Rounds = 50;

    private static readonly uint[] s_program =
    [
        0xC85F7C22, // ldxr x2, [x1]
        0x91000442, // add x2, x2, #1
        0xC8037C22, // stxr w3, x2, [x1]
        0x35FFFFA3, // cbnz w3, to the load
        0xF1000529, // subs x9, x9, #1
        0x54FFFF61, // b.ne, to the load
        0xD4000002, // hvc #0
        0x14000000, // b .
    ];

    [Theory]
    [InlineData("machine")]
    [InlineData("KVM")]
    [InlineData("HVF")]
    [InlineData("Xen")]
    public void EachIncrementIsOneEvent(string name)
    {
        using var machine = CheckedMachine.Make();
        machine.Memory.Write(new Ipa(Code), MemoryMarshal.AsBytes<uint>(s_program));
        Vcpu own = machine.Vcpus[0];
        ref CoreRegisters core = ref own.ModifyCore();
        core[0] = 0x8400_0008;
        core[1] = Data;
        core[9] = Rounds;
        VcpuExit RunOwn(IVcpu _, ulong count) => machine.Run(own, count);
        BackendShape? shape = name switch
        {
            "KVM" => new KvmShape(machine, RunOwn),
            "HVF" => new HvfShape(machine, RunOwn),
            "Xen" => new XenShape(machine, RunOwn),
            _ => null,
        };
        using var introspector = new Introspector(shape ?? (IVirtualMachine)machine);
        var seen = new List<(ulong Old, ulong New)>();
        introspector.AddWatch(new IpaRange(new Ipa(Data), 8), WatchKinds.Write, (in WatchEvent e) =>
        {
            seen.Add((BitConverter.ToUInt64(e.OldValue), BitConverter.ToUInt64(e.NewValue)));
            return WatchResponse.Continue;
        });
        VcpuAction action = default;
        IVcpu vcpu = shape?.Vcpus[0] ?? own;
        for (int runs = 0; runs < 20 * Rounds && own.Core.Pc.Value < Code + (6 * 4); runs++)
        {
            VcpuExit exit = shape?.Run(vcpu, action, 1000) ?? machine.Run(own, 1000);
            action = introspector.Handle(vcpu, exit);
            Assert.NotEqual(VcpuActionKind.Stop, action.Kind);
        }

        Assert.Equal(Enumerable.Range(0, Rounds).Select(i => ((ulong)i, (ulong)i + 1)), seen);
        Span<byte> counter = stackalloc byte[8];
        machine.Memory.Read(new Ipa(Data), counter);
        Assert.Equal((ulong)Rounds, BitConverter.ToUInt64(counter));
    }
}
