using System;
using System.Runtime.InteropServices;
using HvIntrospect.Interpreter;
using HvIntrospect.Introspection;
using HvIntrospect.Registers;
using HvIntrospect.Tests.Support;
using HvIntrospect.Watchpoints;
using Xunit;

namespace HvIntrospect.Tests.Introspection.OnTheMachine;

/// <summary>The count of instructions is the guest's own: watching it changes nothing, however an access is made.</summary>
public sealed class RetiredCountTests
{
    private const ulong Code = 0x4000_0000;
    private const ulong Vectors = 0x4001_0000;
    private const ulong Table = 0x4008_0000;
    private const ulong Data = 0x4010_0000;
    private const uint Hvc = 0xD4000002;

    // Round 1000 times: plain, pairs, writeback, a block of zeros, walks, an exclusive, and a supervisor call.
    private static readonly uint[] s_program =
    [
        0xF9000022, // str x2, [x1]
        0xF9400023, // ldr x3, [x1]
        0xA9021422, // stp x2, x5, [x1, #32]
        0xA9401424, // ldp x4, x5, [x1]
        0xF8008422, // str x2, [x1], #8
        0xF85F8C26, // ldr x6, [x1, #-8]!
        0xD50B7421, // dc zva, x1
        0xD508871F, // tlbi vmalle1: what follows walks through a watched table, which is stepped
        0xC85F7C27, // ldxr x7, [x1]
        0xC8087C27, // stxr w8, x7, [x1]
        0xD4000001, // svc #0
        0xF1000529, // subs x9, x9, #1
        0x54FFFE81, // b.ne back to the start
        Hvc,
    ];

    private static readonly uint[] s_eret = [0xD69F03E0];

    [Theory]
    [InlineData(true, false, 100_000)]
    [InlineData(false, false, 100_000)]
    [InlineData(true, true, 100_000)]
    [InlineData(false, true, 100_000)]
    [InlineData(false, true, 7)]
    public void WatchingDoesNotChangeIt(bool useInlineFilter, bool stops, int slice)
    {
        (ulong plain, _) = Run(null, 100_000);
        Assert.Equal((1000UL * 14) + 1, plain);
        var options = new IntrospectorOptions { UseInlineFilter = useInlineFilter, UnsupportedAccess = UnsupportedAccessPolicy.OpenAndStep };
        (ulong watched, IntrospectionStatistics statistics) = Run(options, slice, stops ? WatchResponse.Stop : WatchResponse.Continue);
        Assert.Equal(plain, watched);
        Assert.InRange(statistics.Events, 8000, long.MaxValue);
        Assert.InRange(statistics.Stepped, 1000, long.MaxValue);
    }

    /// <summary>An instruction that faults counts, whoever injects the fault, and so does the one that is executed after it.</summary>
    [Fact]
    public void AnInjectedFaultCountsAsOneThatTheGuestTakes()
    {
        using Machine machine = Make([0xF9000022, Hvc], out Vcpu vcpu);
        Write(machine, Vectors + 0x200, [Hvc]);
        using var introspector = new Introspector(machine, new IntrospectorOptions { UseInlineFilter = false });
        introspector.AddWatch(new IpaRange(new Ipa(Data), 8), WatchKinds.Write, (in WatchEvent _) => WatchResponse.InjectExternalAbort);
        VcpuExit exit = machine.Run(vcpu);
        Assert.Equal(0UL, vcpu.RetiredInstructions);
        Assert.Equal(VcpuActionKind.Resume, introspector.Handle(vcpu, exit).Kind);
        Assert.Equal(1UL, vcpu.RetiredInstructions);
        machine.Run(vcpu);
        Assert.Equal(2UL, vcpu.RetiredInstructions);
    }

    /// <summary>The vector of the abort is the very instruction that aborts, so that only ELR_EL1 tells that an exception was taken.</summary>
    [Fact]
    public void AFaultInItsOwnVectorCountsEachTime()
    {
        using Machine machine = Make([Hvc], out Vcpu vcpu);
        Write(machine, Vectors + 0x200, [0xF9000022]);
        vcpu.ModifyCore().Pc = new Va(Vectors + 0x200);
        using var introspector = new Introspector(machine, new IntrospectorOptions { UseInlineFilter = false });
        introspector.AddWatch(new IpaRange(new Ipa(Data), 8), WatchKinds.Write, (in WatchEvent _) => WatchResponse.InjectExternalAbort);
        for (ulong i = 1; i < 5; i++)
        {
            introspector.Handle(vcpu, machine.Run(vcpu));
            Assert.Equal(i, vcpu.RetiredInstructions);
            machine.Run(vcpu, 0);
            Assert.Equal(i, vcpu.RetiredInstructions);
        }
    }

    [Fact]
    public void AnInstructionThatIsExecutedAgainCountsOnce()
    {
        using Machine machine = Make([0xF9000022, Hvc], out Vcpu vcpu);
        using var introspector = new Introspector(machine, new IntrospectorOptions { UseInlineFilter = false });
        Watch watch = introspector.AddWatch(new IpaRange(new Ipa(Data), 8), WatchKinds.Write, (in WatchEvent _) => WatchResponse.Continue);
        VcpuExit exit = machine.Run(vcpu);
        watch.Dispose();
        Assert.Equal(VcpuActionKind.Resume, introspector.Handle(vcpu, exit).Kind);
        Assert.Equal(1, introspector.Statistics.Retries);
        Assert.Equal(0UL, vcpu.RetiredInstructions);
        machine.Run(vcpu);
        Assert.Equal(2UL, vcpu.RetiredInstructions);
    }

    private static (ulong Retired, IntrospectionStatistics Statistics) Run(IntrospectorOptions? options, int slice, WatchResponse answer = default)
    {
        using Machine machine = Make(s_program, out Vcpu vcpu);
        vcpu.ModifyCore()[9] = 1000;
        using Introspector? introspector = options is null ? null : new Introspector(machine, options);
        introspector?.AddWatch(new IpaRange(new Ipa(Data), 64), WatchKinds.ReadWrite, (in WatchEvent _) => answer);
        introspector?.AddWatch(new IpaRange(new Ipa(Table), 16), WatchKinds.Read, (in WatchEvent _) => answer);
        for (int runs = 0; runs < 100_000; runs++)
        {
            ulong before = vcpu.RetiredInstructions;
            VcpuExit exit = machine.Run(vcpu, (ulong)slice);
            Assert.InRange(vcpu.RetiredInstructions - before, 0UL, (ulong)slice);
            if (exit.Kind == VcpuExitKind.Canceled)
            {
                Assert.Equal((ulong)slice, vcpu.RetiredInstructions - before);
                continue;
            }

            VcpuAction action = introspector?.Handle(vcpu, exit) ?? VcpuAction.Unhandled(UnhandledReason.OtherException);
            if (action.Kind == VcpuActionKind.Unhandled)
            {
                Assert.Equal(Code + (4 * (ulong)s_program.Length), vcpu.Core.Pc.Value);
                return (vcpu.RetiredInstructions, introspector?.Statistics ?? default);
            }
        }

        throw new InvalidOperationException("The guest does not end.");
    }

    private static Machine Make(uint[] program, out Vcpu vcpu)
    {
        var machine = CheckedMachine.Make();
        vcpu = machine.Vcpus[0];
        vcpu.TryGetCapability(out IEl2Operations? el2);
        el2!.WriteSystemRegister(SystemRegister.CpacrEl1, 3UL << 20);
        Write(machine, Code, program);
        Write(machine, Vectors + 0x200, s_eret);
        MapNormal(machine, vcpu);
        vcpu.ModifyException().VbarEl1 = Vectors;
        vcpu.ModifyCore()[1] = Data;
        return machine;
    }

    /// <summary>DC ZVA needs normal memory: one block of it at its own address.</summary>
    private static void MapNormal(Machine machine, Vcpu vcpu)
    {
        Span<byte> block = stackalloc byte[8];
        BitConverter.TryWriteBytes(block, 0x4000_0000UL | (3 << 8) | (1 << 10) | 1);
        machine.Memory.Write(new Ipa(Table + 8), block);
        ref TranslationRegisters registers = ref vcpu.ModifyTranslation();
        registers.Ttbr0El1 = Table;
        registers.TcrEl1 = 25 | (1UL << 32) | (1 << 23);
        registers.MairEl1 = 0xFF;
        registers.SctlrEl1 = (ulong)SctlrBits.M;
    }

    private static void Write(Machine machine, ulong address, uint[] words) =>
        machine.Memory.Write(new Ipa(address), MemoryMarshal.AsBytes<uint>(words));
}
