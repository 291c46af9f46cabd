using System;
using HvIntrospect.Interpreter;
using HvIntrospect.Introspection;
using HvIntrospect.Watchpoints;
using HvIntrospect.Tests.Support;
using Xunit;

namespace HvIntrospect.Tests.Introspection.OnTheMachine;

/// <summary>Long runs of nothing but watched accesses.</summary>
public sealed class WatchedLoopTests
{
    private const ulong Code = 0x4000_0000;
    private const ulong Data = 0x4010_0000;

    // str x2, [x1]; ldr x3, [x1]; stp x2, x5, [x1, #32]; ldp x4, x5, [x1]; b back
    private static readonly uint[] s_loop = [0xF9000022, 0xF9400023, 0xA9021422, 0xA9401424, 0x17FFFFFC];

    /// <summary>A handler that left a frame behind for each access would end the process long before.</summary>
    [Theory]
    [InlineData(DispatcherKind.Threaded)]
    [InlineData(DispatcherKind.Loop)]
    public void AMillionAccessesToAWatchedPageNeedNoStack(DispatcherKind dispatcher)
    {
        using Machine machine = Make(dispatcher, out Vcpu vcpu);
        using var introspector = new Introspector(machine);
        introspector.AddWatch(new IpaRange(new Ipa(Data + 0x800), 8), WatchKinds.ReadWrite, Count, "near");
        Run(machine, vcpu, introspector, 1_250_000);
        Assert.InRange(introspector.Statistics.InlineAccesses, 400_000, long.MaxValue);
        Assert.Equal(0, introspector.Statistics.Events);
    }

    [Fact]
    public void NothingIsAllocatedWithoutAnExit()
    {
        using Machine machine = Make(DispatcherKind.Automatic, out Vcpu vcpu);
        using var introspector = new Introspector(machine);
        introspector.AddWatch(new IpaRange(new Ipa(Data), 4), WatchKinds.ReadWrite, Count, "hit");
        vcpu.ModifyCore().Pc = new Va(Code);
        Run(machine, vcpu, introspector, 2000);
        Assert.InRange(Allocation.Of(() => Run(machine, vcpu, introspector, 2000)), 0, 200);
        Assert.InRange(introspector.Statistics.Events, 2000, long.MaxValue);
    }

    private static WatchResponse Count(in WatchEvent e) => WatchResponse.Continue;

    private static void Run(Machine machine, Vcpu vcpu, Introspector introspector, ulong instructions)
    {
        // Each exit here ends with its instruction performed, which counts, so this ends.
        ulong end = vcpu.RetiredInstructions + instructions;
        while (vcpu.RetiredInstructions < end)
        {
            VcpuExit exit = machine.Run(vcpu, end - vcpu.RetiredInstructions);
            Assert.True(exit.Kind == VcpuExitKind.Canceled || introspector.Handle(vcpu, exit).Kind == VcpuActionKind.Resume);
        }
    }

    private static Machine Make(DispatcherKind dispatcher, out Vcpu vcpu)
    {
        var machine = new Machine(new MachineOptions { Dispatcher = dispatcher });
        vcpu = machine.Vcpus[0];
        byte[] bytes = new byte[s_loop.Length * sizeof(uint)];
        Buffer.BlockCopy(s_loop, 0, bytes, 0, bytes.Length);
        machine.Memory.Write(new Ipa(Code), bytes);
        vcpu.ModifyCore()[1] = Data;
        return machine;
    }
}
