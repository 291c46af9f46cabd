using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;
using HvIntrospect.Interpreter;
using HvIntrospect.Registers;
using HvIntrospect.Tests.Support;
using HvIntrospect.Translation;
using HvIntrospect.Translation.Stage2;
using Xunit;

namespace HvIntrospect.Tests.Interpreter;

public sealed class MachineCapabilityTests
{
    private const uint LdrX2X1 = 0xF9400022;
    private const uint LdrX2X1Post8 = 0xF8408422;
    private const uint StrX2X1Post8 = 0xF8008422;
    private const uint LdrbW2X1 = 0x39400022;
    private const uint StpX2X3X1 = 0xA9000C22;
    private const uint StrX2X1 = 0xF9000022;
    private const uint LdxrX2X1 = 0xC85F7C22;
    private const uint StxrW4X2X1 = 0xC8047C22;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);
    private static readonly Ipa s_code = new(0x4000_0000);
    private static readonly Ipa s_data = new(0x4010_0000);

    [Fact]
    public void IdentificationRegistersSayWhatTheCoresWereMadeWith()
    {
        Machine machine = CheckedMachine.Make(new MachineOptions(CoreModel.Max));
        machine.Vcpus[0].TryGetCapability(out IEl2Operations? operations);
        Stage2CoreFeatures core = Stage2CoreFeatures.Read(operations!);
        Assert.Equal(52, core.PhysicalAddressBits);
        Assert.True(core.Has(TranslationFeatures.HAFDBS | TranslationFeatures.VMID16));
        Assert.True(core is { HasLevelHints: true, HasRangeInvalidation: true, HasGranule4K: true, HasGranule16K: true, HasGranule64K: true, DataCacheLine: 64, InstructionCacheLine: 64 });
    }

    [Fact]
    public void ADeniedAccessIsOfferedWithOldAndNewValue()
    {
        using Machine machine = Make(out Vcpu vcpu, LdrX2X1Post8, StrX2X1Post8, LdrbW2X1);
        var handler = new RecordingHandler();
        IInlineAccessFilter filter = Watch(machine, handler, Stage2Access.ReadWrite);
        machine.Memory.Write(s_data, new byte[] { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 });
        vcpu.ModifyCore()[1] = s_data.Value;

        Assert.Equal(VcpuExitKind.Canceled, machine.Run(vcpu, 3).Kind);
        Assert.Collection(
            handler.Accesses,
            access =>
            {
                Assert.False(access.IsWrite);
                Assert.Equal(s_data, access.Ipa);
                Assert.Equal(0x0807060504030201UL, access.OldData);
                Assert.Equal(s_code.Value, access.Pc.Value);
                Assert.Equal(LdrX2X1Post8, access.Opcode);
            },
            access =>
            {
                Assert.True(access.IsWrite);
                Assert.Equal(s_data + 8, access.Ipa);
                Assert.Equal(0x0A09UL, access.OldData);
                Assert.Equal(0x0807060504030201UL, access.NewData);
            },
            access =>
            {
                Assert.Equal(1, access.Size);
                Assert.Equal(s_data + 16, access.Ipa);
            });
        Assert.Equal(s_code.Value + 8, handler.LastPc);

        filter.Deny(new IpaRange(s_data, 0x1000), Stage2Access.None);
        vcpu.ModifyCore().Pc = new Va(s_code.Value);
        machine.Run(vcpu, 3);
        Assert.Equal(3, handler.Accesses.Count);
    }

    [Fact]
    public void WhatPassesIsPerformedAndNotOffered()
    {
        using Machine machine = Make(out Vcpu vcpu, LdrX2X1Post8, StrX2X1Post8, StrX2X1Post8, LdrbW2X1);
        var handler = new RecordingHandler { Passing = new IpaRange(s_data, 16) };
        Watch(machine, handler, Stage2Access.ReadWrite);
        machine.Memory.Write(s_data, new byte[] { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 });
        vcpu.ModifyCore()[1] = s_data.Value;

        // The first access of the page passes as the later ones do.
        machine.Run(vcpu, 2);
        Assert.Empty(handler.Accesses);
        Assert.Equal(0x0807060504030201UL, vcpu.Core[2]);
        Assert.Equal(0x0807060504030201UL, ReadData(machine, 8));

        machine.Run(vcpu, 2);
        Assert.Equal([s_data + 16, s_data + 24], handler.Accesses.ConvertAll(static access => access.Ipa));
        Assert.Equal(0x0807060504030201UL, ReadData(machine, 16));
        Assert.Equal(0UL, vcpu.Core[2]);
    }

    [Fact]
    public void AHandlerReplacesSkipsOrTraps()
    {
        using Machine machine = Make(out Vcpu vcpu, StrX2X1Post8, LdrX2X1Post8, LdrX2X1Post8, StrX2X1Post8);
        var handler = new RecordingHandler();
        Watch(machine, handler, Stage2Access.ReadWrite);
        vcpu.ModifyCore()[1] = s_data.Value;
        vcpu.ModifyCore()[2] = 5;

        handler.Answers.Enqueue((InlineAccessDecision.Replace, 77));
        handler.Answers.Enqueue((InlineAccessDecision.Replace, 78));
        handler.Answers.Enqueue((InlineAccessDecision.Skip, 79));
        handler.Answers.Enqueue((InlineAccessDecision.Trap, 80));
        machine.Run(vcpu, 1);
        Assert.Equal(77UL, ReadData(machine, 0));
        machine.Run(vcpu, 1);
        Assert.Equal(78UL, vcpu.Core[2]);
        machine.Run(vcpu, 1);
        Assert.Equal(78UL, vcpu.Core[2]);
        Assert.Equal(s_data.Value + 24, vcpu.Core[1]);

        VcpuExit exit = machine.Run(vcpu, 1);
        Assert.True(exit.Esr.TryGetDataAbort(out DataAbortSyndrome abort));
        Assert.Equal(FaultKind.Permission, abort.Status.Kind);
        Assert.True(abort.IsWrite);
        Assert.Equal(s_data.Value + 24, exit.Far.Value);
        Assert.Equal(s_code.Value + 12, vcpu.Core.Pc.Value);
    }

    [Theory]
    [InlineData(StpX2X3X1, 0UL)]
    [InlineData(LdxrX2X1, 0UL)]
    [InlineData(LdrX2X1, 0xFFCUL)]
    public void WhatIsNotOnePlainElementTakesTheFault(uint word, ulong offset)
    {
        using Machine machine = Make(out Vcpu vcpu, word);
        var handler = new RecordingHandler();
        Watch(machine, handler, Stage2Access.ReadWrite);

        // Normal memory, so that the unaligned access gets as far as the denial: HCR_EL2.DC.
        Assert.True(vcpu.TryGetCapability(out IEl2Operations? operations));
        operations!.WriteSystemRegister(
            SystemRegister.HcrEl2, new Hcr(operations.ReadSystemRegister(SystemRegister.HcrEl2)).With(HcrBits.Dc).Value);
        vcpu.ModifyCore()[1] = s_data.Value + offset;
        VcpuExit exit = machine.Run(vcpu, 1);
        Assert.True(exit.Esr.TryGetDataAbort(out DataAbortSyndrome abort));
        Assert.Equal(FaultKind.Permission, abort.Status.Kind);
        Assert.Empty(handler.Accesses);
    }

    [Fact]
    public void AnExecutorPerformsAWordThatIsNotInMemory()
    {
        using Machine machine = Make(out Vcpu vcpu, 1, 0u);
        Assert.True(machine.TryGetCapability(out IInstructionExecutor? executor));
        machine.Memory.Write(s_data, new byte[] { 9 });
        vcpu.ModifyCore()[1] = s_data.Value;
        Assert.Equal(InstructionExecution.Completed, executor!.Execute(vcpu, LdrX2X1Post8));
        Assert.Equal(9UL, vcpu.Core[2]);
        Assert.Equal(s_data.Value + 8, vcpu.Core[1]);
        Assert.Equal(s_code.Value + 4, vcpu.Core.Pc.Value);
        Assert.Equal(0UL, vcpu.RetiredInstructions);

        vcpu.ModifyCore()[1] = 0x0900_0000;
        Assert.Equal(InstructionExecution.Exception, executor.Execute(vcpu, LdrX2X1Post8));
        Assert.Equal(0x0900_0000UL, vcpu.Core[1]);
        Assert.Equal(s_code.Value + 4, vcpu.Core.Pc.Value);
        Assert.Equal(InstructionExecution.Exception, executor.Execute(vcpu, 0));
    }

    [Fact]
    public void TheMonitorOpensWhenAnotherWrites()
    {
        using Machine machine = Make(out Vcpu vcpu, 2, LdxrX2X1, StxrW4X2X1, LdxrX2X1, StrX2X1, LdxrX2X1, StxrW4X2X1);
        Vcpu other = machine.Vcpus[1];
        vcpu.ModifyCore()[1] = s_data.Value;

        // The run is interrupted between the two, and nobody writes.
        machine.Run(vcpu, 1);
        machine.Run(vcpu, 1);
        Assert.Equal(0UL, vcpu.Core[4]);

        // The other vCPU writes the location.
        machine.Run(vcpu, 1);
        other.ModifyCore().Pc = new Va(s_code.Value + 12);
        other.ModifyCore()[1] = s_data.Value;
        machine.Run(other, 1);
        vcpu.ModifyCore().Pc = new Va(s_code.Value + 4);
        machine.Run(vcpu, 1);
        Assert.Equal(1UL, vcpu.Core[4]);

        // The host writes the location.
        vcpu.ModifyCore().Pc = new Va(s_code.Value + 16);
        machine.Run(vcpu, 1);
        machine.Memory.Write(s_data, new byte[] { 1 });
        machine.Run(vcpu, 1);
        Assert.Equal(1UL, vcpu.Core[4]);
    }

    [Fact]
    public void TheMonitorIsOpenAfterAnExceptionReturnUnlessSoftwareArmsIt()
    {
        using Machine machine = Make(out Vcpu vcpu, LdxrX2X1, LdrX2X1Post8, StxrW4X2X1);
        Assert.True(vcpu.TryGetCapability(out IExclusiveMonitor? monitor));
        foreach (bool arm in (ReadOnlySpan<bool>)[false, true])
        {
            vcpu.ModifyCore().Pc = new Va(s_code.Value);
            vcpu.ModifyCore()[1] = s_data.Value;
            machine.Run(vcpu, 1);
            Assert.True(monitor!.IsArmed(s_data, 8));
            Assert.False(monitor.IsArmed(s_data, 4));
            vcpu.ModifyCore()[1] = 0x0900_0000;
            Assert.Equal(VcpuExitKind.Exception, machine.Run(vcpu, 1).Kind);
            if (arm)
            {
                monitor.Arm(s_data, 8);
            }

            vcpu.ModifyCore()[1] = s_data.Value;
            vcpu.ModifyCore().Pc = new Va(s_code.Value + 8);
            machine.Run(vcpu, 1);
            Assert.Equal(arm ? 0UL : 1UL, vcpu.Core[4]);
        }
    }

    [Fact]
    public void AnInlineHandlerCannotHaveAnotherInstructionExecuted()
    {
        using Machine machine = Make(out Vcpu vcpu, StrX2X1, StrX2X1);
        Assert.True(machine.TryGetCapability(out IInstructionExecutor? executor));
        Watch(machine, new CallingHandler(() => executor!.Execute(vcpu, LdrX2X1Post8)), Stage2Access.Write);
        vcpu.ModifyCore()[1] = s_data.Value;
        Assert.Throws<InvalidOperationException>(() => machine.Run(vcpu, 2));
        Assert.Equal((s_code.Value, s_data.Value), (vcpu.Core.Pc.Value, vcpu.Core[1]));
        Assert.Equal(0UL, vcpu.RetiredInstructions);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1000)]
    public void AnOperationOfEl2IsOneOfTheNamedValues(int value)
    {
        using var machine = new Machine(new MachineOptions());
        Assert.True(machine.Vcpus[0].TryGetCapability(out IEl2Operations? el2));
        Assert.Throws<ArgumentOutOfRangeException>("operation", () => el2.Tlbi((TlbiOperation)value, 0));
        Assert.Throws<ArgumentOutOfRangeException>("option", () => el2.Dsb((BarrierOption)value));
        Assert.Throws<ArgumentOutOfRangeException>("operation", () => el2.InvalidateInstructionCache((InstructionCacheOperation)value, default));
        Assert.Throws<ArgumentOutOfRangeException>("operation", () => el2.MaintainDataCache((DataCacheOperation)value, default));
        Assert.Throws<ArgumentOutOfRangeException>("operation", () => el2.TranslateAddress((AddressTranslationOperation)value, default));
    }

    [Theory]
    [InlineData(InstructionCacheOperation.Ivau)]
    [InlineData(InstructionCacheOperation.Iallu)]
    public async Task TheInstructionCacheIsNotMaintainedUnderARunningVcpu(InstructionCacheOperation operation)
    {
        using Machine machine = Make(out Vcpu vcpu, 2, StrX2X1);
        Assert.True(machine.Vcpus[1].TryGetCapability(out IEl2Operations? other));
        using var isInside = new ManualResetEventSlim();
        using var isSeen = new ManualResetEventSlim();
        Watch(
            machine,
            new CallingHandler(() =>
            {
                isInside.Set();
                isSeen.Wait(s_patience);
            }),
            Stage2Access.Write);
        vcpu.ModifyCore()[1] = s_data.Value;
        Task<VcpuExit> run = Task.Run(() => machine.Run(vcpu, 1));
        Assert.True(isInside.Wait(s_patience));
        var isBegun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task maintenance = Task.Run(() =>
        {
            isBegun.SetResult();
            other!.InvalidateInstructionCache(operation, machine.Options.RamPhysicalBase);
        });
        await isBegun.Task;
        await Task.WhenAny(maintenance, Task.Delay(100));
        bool isEarly = maintenance.IsCompleted;
        isSeen.Set();
        await Task.WhenAll(run, maintenance).WaitAsync(s_patience);
        Assert.False(isEarly);
    }

    private static IInlineAccessFilter Watch(Machine machine, IInlineAccessHandler handler, Stage2Access denied)
    {
        Assert.True(machine.TryGetCapability(out IInlineAccessFilter? filter));
        filter!.SetHandler(handler);
        filter.Deny(new IpaRange(s_data, 0x1000), denied);
        return filter;
    }

    private static ulong ReadData(Machine machine, ulong offset)
    {
        var bytes = new byte[8];
        machine.Memory.Read(s_data + offset, bytes);
        return MemoryMarshal.Read<ulong>(bytes);
    }

    private static Machine Make(out Vcpu vcpu, params ReadOnlySpan<uint> words) => Make(out vcpu, 1, words);

    private static Machine Make(out Vcpu vcpu, int vcpus, params ReadOnlySpan<uint> words)
    {
        var machine = CheckedMachine.Make(new MachineOptions { VcpuCount = vcpus });
        machine.Memory.Write(s_code, MemoryMarshal.AsBytes(words));
        vcpu = machine.Vcpus[0];
        return machine;
    }

    private sealed class CallingHandler : IInlineAccessHandler
    {
        private readonly Action _call;

        public CallingHandler(Action call)
        {
            _call = call;
        }

        public bool Passes(int vcpu, Ipa address, int size, bool isWrite) => false;

        public InlineAccessDecision OnAccess(IVcpu vcpu, ref InlineAccess access)
        {
            _call();
            return InlineAccessDecision.Perform;
        }
    }

    private sealed class RecordingHandler : IInlineAccessHandler
    {
        public List<InlineAccess> Accesses { get; } = [];

        public Queue<(InlineAccessDecision Decision, ulong Data)> Answers { get; } = [];

        public ulong LastPc { get; private set; }

        public IpaRange? Passing { get; init; }

        public bool Passes(int vcpu, Ipa address, int size, bool isWrite) => Passing is { } passing && passing.Contains(address, (ulong)size);

        public InlineAccessDecision OnAccess(IVcpu vcpu, ref InlineAccess access)
        {
            Accesses.Add(access);
            LastPc = vcpu.Core.Pc.Value;
            if (!Answers.TryDequeue(out (InlineAccessDecision Decision, ulong Data) answer))
            {
                return InlineAccessDecision.Perform;
            }

            access.NewData = answer.Data;
            return answer.Decision;
        }
    }
}
