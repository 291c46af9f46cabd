using System;
using System.Linq;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;
using HvIntrospect.Interpreter;
using HvIntrospect.Introspection;
using HvIntrospect.Registers;
using HvIntrospect.Watchpoints;
using Xunit;

namespace HvIntrospect.Tests.Interpreter;

public sealed class MachineTests
{
    private const uint LdrX2X1Post8 = 0xF8408422;
    private const uint LdrX2X1 = 0xF9400022;
    private const uint StrX2X1 = 0xF9000022;
    private static readonly Ipa s_base = new(0x4000_0000);

    [Theory]
    [InlineData(DispatcherKind.Threaded)]
    [InlineData(DispatcherKind.Loop)]
    public void ARunEndsExactlyAtItsLimit(DispatcherKind dispatcher)
    {
        using var machine = new Machine(new MachineOptions { Dispatcher = dispatcher });
        var words = new uint[0x4000];
        Array.Fill(words, LdrX2X1Post8);
        Write(machine, s_base, words);
        Vcpu vcpu = machine.Vcpus[0];
        vcpu.ModifyCore()[1] = s_base.Value;

        Assert.Equal(VcpuExitKind.Canceled, machine.Run(vcpu, 3000).Kind);
        Assert.Equal(3000UL, vcpu.RetiredInstructions);
        Assert.Equal(s_base.Value + 12000, vcpu.Core.Pc.Value);
        Assert.Equal(s_base.Value + 24000, vcpu.Core[1]);
        Assert.Equal(VcpuExitKind.Canceled, machine.Run(vcpu, 1).Kind);
        Assert.Equal(s_base.Value + 12004, vcpu.Core.Pc.Value);
    }

    [Fact]
    public void AnAccessOutsideOfRamIsAStage2TranslationFault()
    {
        using var machine = new Machine(new MachineOptions());
        Write(machine, s_base, StrX2X1);
        Vcpu vcpu = machine.Vcpus[0];
        vcpu.ModifyCore()[1] = 0x0900_0018;

        VcpuExit exit = machine.Run(vcpu);
        Assert.Equal(VcpuExitKind.Exception, exit.Kind);
        Assert.Equal(ExceptionClass.DataAbortLowerEl, exit.Esr.Class);
        Assert.True(exit.TryGetIpa(out Ipa ipa));
        Assert.Equal(new Ipa(0x0900_0018), ipa);
        Assert.True(exit.Esr.TryGetDataAbort(out DataAbortSyndrome abort));
        Assert.Equal(FaultKind.Translation, abort.Status.Kind);
        Assert.True(abort.TryGetInstructionSyndrome(out _));
        Assert.Equal(s_base.Value, vcpu.Core.Pc.Value);
    }

    [Fact]
    public void AHandlerCannotDisposeTheMachineUnderItsVcpu()
    {
        using var machine = new Machine(new MachineOptions());
        Write(machine, s_base, StrX2X1);
        Vcpu vcpu = machine.Vcpus[0];
        vcpu.ModifyCore()[1] = s_base.Value + 0x1000;
        using var introspector = new Introspector(machine);
        bool isRefused = false;
        introspector.AddWatch(new IpaRange(s_base + 0x1000, 8), WatchKinds.Write, (in WatchEvent _) =>
        {
            isRefused = Assert.Throws<InvalidOperationException>(machine.Dispose) is not null;
            return WatchResponse.Continue;
        });

        Assert.Equal(VcpuExitKind.Canceled, machine.Run(vcpu, 1).Kind);
        Assert.True(isRefused);
        Assert.Equal(s_base.Value + 4, vcpu.Core.Pc.Value);
    }

    [Fact]
    public void AVcpuThatTheMachineDoesNotHaveIsRefused()
    {
        using var machine = new Machine(new MachineOptions());
        using var other = new Machine(new MachineOptions { VcpuCount = 2 });
        using var introspector = new Introspector(machine);
        Assert.Equal("vcpu", Assert.Throws<ArgumentException>(() => introspector.Handle(other.Vcpus[1], default)).ParamName);
        Assert.Equal(0, introspector.Statistics.Exits);
    }

    [Fact]
    public void AMachineHasOneIntrospectorAtATime()
    {
        using var machine = new Machine(new MachineOptions());
        using (new Introspector(machine))
        {
            Assert.Throws<InvalidOperationException>(() => new Introspector(machine));
        }

        using var next = new Introspector(machine);
        using Watch watch = next.AddWatch(new IpaRange(s_base, 4), WatchKinds.Read, static (in WatchEvent _) => WatchResponse.Continue);
        Assert.True(watch.IsEffective);
    }

    [Fact]
    public void ADisposedMachineIsNamed()
    {
        var machine = new Machine(new MachineOptions());
        Vcpu vcpu = machine.Vcpus[0];
        Assert.True(vcpu.TryGetCapability(out ISingleStep? step) & vcpu.TryGetCapability(out IInterruptGate? gate) & vcpu.TryGetCapability(out IEl2Operations? operations));
        machine.Dispose();
        machine.Dispose();

        Assert.Equal(typeof(Machine).FullName, Assert.Throws<ObjectDisposedException>(() => vcpu.Core.Pc).ObjectName);
        Assert.Throws<ObjectDisposedException>(() => vcpu.Translation.SctlrEl1);
        Assert.Throws<ObjectDisposedException>(() => vcpu.RetiredInstructions);
        Assert.Throws<ObjectDisposedException>(() => vcpu.ElapsedInstructions);
        Assert.Throws<ObjectDisposedException>(() => machine.Run(vcpu));
        Assert.Throws<ObjectDisposedException>(() => step!.Arm());
        Assert.Throws<ObjectDisposedException>(() => gate!.Close());
        Assert.Throws<ObjectDisposedException>(() => operations!.ReadSystemRegister(SystemRegister.HcrEl2));
    }

    [Fact]
    public void GuestMemoryIsNotWhereItsIpaSays()
    {
        using var machine = new Machine(new MachineOptions());
        Write(machine, s_base, 0x12345678);
        Assert.True(machine.TryGetCapability(out IPhysicalMemory? physical));
        var bytes = new byte[4];
        Assert.Equal(0, physical!.Read(new Pa(s_base.Value), bytes));
        Assert.Equal(4, physical.Read(machine.Options.RamPhysicalBase, bytes));
        Assert.Equal(0x12345678u, MemoryMarshal.Read<uint>(bytes));
    }

    [Fact]
    public void RegistersAreReadAndWrittenInGroups()
    {
        using var machine = new Machine(new MachineOptions());
        Vcpu vcpu = machine.Vcpus[0];
        Assert.True(vcpu.Core.Pstate.SelectsSpEl1);
        ref CoreRegisters core = ref vcpu.ModifyCore();
        core.Sp = 0x1230;
        core.SpEl0 = 0x4560;
        vcpu.ModifyVector()[31] = new VectorRegister(1, 2);
        vcpu.ModifyException().VbarEl1 = 0x800;
        vcpu.ModifyTranslation().TcrEl1 = 7;
        machine.Run(vcpu, 0);
        Assert.Equal(0x1230UL, vcpu.Core.SpEl1);
        Assert.Equal(0x4560UL, vcpu.Core.SpEl0);
        Assert.Equal(new VectorRegister(1, 2), vcpu.Vector[31]);
        Assert.Equal(0x800UL, vcpu.Exception.VbarEl1);
        Assert.Equal(7UL, vcpu.Translation.TcrEl1);
    }

    [Fact]
    public void ARequestToExitEndsOneRun()
    {
        using var machine = new Machine(new MachineOptions());
        Vcpu vcpu = machine.Vcpus[0];
        vcpu.RequestExit();
        vcpu.RequestExit();
        Assert.Equal(VcpuExitKind.Canceled, machine.Run(vcpu).Kind);
        Assert.Equal(0UL, vcpu.RetiredInstructions);
        Write(machine, s_base, LdrX2X1);
        vcpu.ModifyCore()[1] = s_base.Value;
        machine.Run(vcpu, 1);
        Assert.Equal(1UL, vcpu.RetiredInstructions);
    }

    [Fact]
    public async Task APauseKeepsRunsFromStarting()
    {
        using var machine = new Machine(new MachineOptions());
        Assert.True(machine.TryGetCapability(out IPauseAll? pause));
        pause!.Pause();
        pause.Pause();
        Task<VcpuExit> run = Task.Run(() => machine.Run(machine.Vcpus[0], 0));
        pause.Resume();
        await Task.Delay(20);
        Assert.False(run.IsCompleted);
        pause.Resume();
        Assert.Equal(VcpuExitKind.Canceled, (await run).Kind);
        Assert.Throws<InvalidOperationException>(pause.Resume);
    }

    [Fact]
    public async Task ARequestToExitReachesAVcpuThatWaitsForItsTurn()
    {
        using var machine = new Machine(new MachineOptions());
        Assert.True(machine.TryGetCapability(out IPauseAll? pause));
        pause!.Pause();
        Task<VcpuExit> run = Task.Run(() => machine.Run(machine.Vcpus[0]));
        await Task.Delay(20);
        machine.Vcpus[0].RequestExit();
        Assert.Equal(VcpuExitKind.Canceled, (await run.WaitAsync(TimeSpan.FromSeconds(20))).Kind);
        Assert.Equal(0UL, machine.Vcpus[0].RetiredInstructions);
        pause.Resume();
        Assert.Equal(VcpuExitKind.Canceled, machine.Run(machine.Vcpus[0], 0).Kind);
    }

    [Fact]
    public async Task WhoPausesOftenIsNotKeptWaiting()
    {
        using var machine = new Machine(new MachineOptions());
        Write(machine, s_base, 0x14000000); // b .
        Vcpu vcpu = machine.Vcpus[0];
        Assert.True(machine.TryGetCapability(out IPauseAll? pause));
        Task<VcpuExit> run = Task.Run(() => machine.Run(vcpu));
        ulong shortest = ulong.MaxValue;
        ulong before = 0;
        long end = Environment.TickCount64 + 20_000;
        while (shortest >= 1 << 15 && Environment.TickCount64 < end)
        {
            Thread.SpinWait(20);
            pause!.Pause();
            ulong executed = vcpu.RetiredInstructions - before;
            before += executed;
            pause.Resume();
            shortest = executed == 0 ? shortest : Math.Min(shortest, executed);
        }

        vcpu.RequestExit();
        await run;
        Assert.InRange(shortest, 1UL, 1UL << 15);
    }

    [Fact]
    public async Task VcpusThatNeverExitTakeTurns()
    {
        using var machine = new Machine(new MachineOptions { VcpuCount = 2 });
        Write(machine, s_base, 0x14000000); // b .
        Task<VcpuExit>[] runs = [.. machine.Vcpus.Select(vcpu => Task.Run(() => machine.Run(vcpu)))];
        long end = Environment.TickCount64 + 20_000;
        while ((machine.Vcpus[0].RetiredInstructions == 0 || machine.Vcpus[1].RetiredInstructions == 0) && Environment.TickCount64 < end)
        {
            await Task.Delay(5);
        }

        foreach (Vcpu vcpu in machine.Vcpus)
        {
            vcpu.RequestExit();
            Assert.NotEqual(0UL, vcpu.RetiredInstructions);
        }

        await Task.WhenAll(runs).WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public void OptionsOutOfRangeAreNamed()
    {
        Assert.Equal("RamSize", Assert.Throws<ArgumentException>(() => new Machine(new MachineOptions { RamSize = 5 })).ParamName);
        Assert.Equal("VcpuCount", Assert.Throws<ArgumentException>(() => new Machine(new MachineOptions { VcpuCount = 0 })).ParamName);
        Assert.Equal("RamBase", Assert.Throws<ArgumentException>(() => new Machine(new MachineOptions { RamBase = new Ipa(1UL << 40) })).ParamName);
        Assert.Equal(
            "HypervisorMemory",
            Assert.Throws<ArgumentException>(() => new Machine(new MachineOptions { RamPhysicalBase = new Pa(0x1_0000_0000) })).ParamName);
    }

    private static void Write(Machine machine, Ipa address, params ReadOnlySpan<uint> words) =>
        Assert.Equal(words.Length * 4, machine.Memory.Write(address, MemoryMarshal.AsBytes(words)));
}
