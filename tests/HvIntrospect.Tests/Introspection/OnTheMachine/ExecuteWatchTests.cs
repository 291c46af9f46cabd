using System;
using System.Collections.Generic;
using System.Linq;
using HvIntrospect.Interpreter;
using HvIntrospect.Introspection;
using HvIntrospect.Registers;
using HvIntrospect.Shapes;
using HvIntrospect.Tests.Interpreter;
using HvIntrospect.Watchpoints;
using Xunit;

namespace HvIntrospect.Tests.Introspection.OnTheMachine;

/// <summary>Watches on instructions: every one that is executed in the range is seen once, before it, and the guest does not notice.</summary>
public sealed class ExecuteWatchTests
{
    private const ulong Code = GuestProgram.Code;
    private const ulong Data = GuestProgram.Data;
    private const uint AddX3 = GuestProgram.AddX3;
    private const uint Hvc42 = GuestProgram.Hvc42;
    private const uint StrX2 = GuestProgram.StrX2;
    private const int CodeWords = 0x600;

    private static readonly int s_programs = Environment.GetEnvironmentVariable("HVINTROSPECT_LONG") == "1" ? 2000 : 80;

    public static TheoryData<string> Kernels => ["memcpy", "mixed", "qsort"];

    [Theory]
    [InlineData("here")]
    [InlineData("HVF")]
    public void EveryInstructionOfTheRangeIsSeenOnceBeforeItIsExecuted(string backend)
    {
        // A loop of three turns: mov x4, #3; add x3; subs x4, x4, #1; b.ne .-8; hvc
        using var program = new GuestProgram(0xD2800064, AddX3, 0xF1000484, 0x54FFFFC1, Hvc42);
        var seen = new List<string>();
        using Host host = new(program.Machine, backend);
        host.Introspector.AddWatch(new IpaRange(new Ipa(Code + 6), 3), WatchKinds.Execute, (in WatchEvent e) =>
        {
            Assert.True(e.IsExact && e.Va == e.Pc && e.Ipa.Value == e.Pc.Value && e.Size == 4);
            Assert.Equal(e.Opcode, BitConverter.ToUInt32(e.OldValue));
            Assert.Equal(e.Opcode, BitConverter.ToUInt32(e.NewValue));
            seen.Add(FormattableString.Invariant($"{e.Pc.Value - Code} {e.Opcode:x} {e.Vcpu.Core[3]} {e.Sequence}"));
            return WatchResponse.Continue;
        });
        host.RunToCall();
        Assert.Equal(
            ["4 91000463 0 1", "8 f1000484 1 2", "4 91000463 1 3", "8 f1000484 2 4", "4 91000463 2 5", "8 f1000484 3 6"], seen);
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void AKernelOfGccIsSeenAsItIsSteppedAndEndsTheSame(string name)
    {
        const ulong Instructions = 12_000;
        using Machine plain = KernelGuest.Load(name, 1, new MachineOptions());
        List<ulong> expected = Step(plain, Instructions, out _);
        var random = new Random(name.Length);
        ulong[] places = [.. expected.Distinct()];
        for (int i = 0; i < 3; i++)
        {
            using Machine machine = KernelGuest.Load(name, 1, new MachineOptions());
            ulong start = places[random.Next(places.Length)] + (ulong)random.Next(4);
            var range = new IpaRange(new Ipa(start), (ulong)random.Next(1, i == 0 ? 8 : 200));
            using Host host = new(machine, "here");
            List<ulong> seen = host.Watch(range, WatchKinds.Execute);
            List<ulong> data = host.Watch(new IpaRange(new Ipa(start & ~0xFFFUL), 0x1000), WatchKinds.Read);
            host.RunTo(Instructions);
            Assert.Equal(expected.Where(pc => range.Overlaps(new Ipa(pc), 4)), seen);
            AssertSame(plain, machine);
            Assert.True(seen.Count > 0 && data.Count >= 0);
        }
    }

    /// <summary>Programs that loop, call, fault, write over themselves and run into nonsense, with watches on their code and data.</summary>
    [Fact]
    public void RandomProgramsAreSeenAsTheyAreSteppedAndEndTheSame()
    {
        const ulong Instructions = 600;
        int events = 0;
        for (int seed = 0; seed < s_programs; seed++)
        {
            using GuestProgram plain = RandomGuest(seed);
            List<ulong> expected = Step(plain.Machine, Instructions, out ulong retired);
            using GuestProgram program = RandomGuest(seed);
            var random = new Random(seed);
            using Host host = new(program.Machine, "here", useInlineFilter: seed % 2 == 0);
            var range = new IpaRange(new Ipa(Code + (ulong)random.Next(0x400)), (ulong)random.Next(1, 0x1000));
            List<ulong> seen = host.Watch(range, WatchKinds.Execute);
            host.Watch(new IpaRange(new Ipa(Code + (ulong)random.Next(0x1800)), 16), WatchKinds.ReadWrite);
            host.RunTo(retired);
            Assert.Equal(expected.Where(pc => range.Overlaps(new Ipa(pc), 4)), seen);
            AssertSame(plain.Machine, program.Machine);
            events += seen.Count;
        }

        Assert.InRange(events, 10 * s_programs, int.MaxValue);
    }

    [Theory]
    [InlineData("here", true)]
    [InlineData("here", false)]
    [InlineData("HVF", false)]
    public void DataInAPageOfWatchedCodeAreSeenToo(string backend, bool useInlineFilter)
    {
        // str x2, [x1]; ldr x5, [x1]; add x3; str q2, [x1, #16], where x1 points behind the code.
        using var program = new GuestProgram(StrX2, 0xF9400025, AddX3, 0x3D800422, Hvc42);
        program.SetBits(SystemRegister.CpacrEl1, 3UL << 20);
        program.Vcpu.ModifyCore()[1] = Code + 0x100;
        program.Vcpu.ModifyCore()[2] = 0x22;
        using Host host = new(program.Machine, backend, useInlineFilter);
        var log = new List<string>();
        foreach (WatchKinds kinds in (WatchKinds[])[WatchKinds.Execute, WatchKinds.ReadWrite])
        {
            host.Introspector.AddWatch(new IpaRange(new Ipa(Code), 0x200), kinds, (in WatchEvent e) =>
            {
                log.Add(FormattableString.Invariant($"{e.Kind} {e.Ipa.Value - Code:x}"));
                return WatchResponse.Continue;
            });
        }

        host.RunToCall();
        Assert.Equal(["Execute 0", "Write 100", "Execute 4", "Read 100", "Execute 8", "Execute c", "Write 110", "Write 118", "Execute 10"], log);
        Assert.Equal(0x22UL, program.Vcpu.Core[5]);
    }

    [Fact]
    public void OneWatchMaySeeEverything()
    {
        using var program = new GuestProgram(StrX2, Hvc42);
        program.Vcpu.ModifyCore()[1] = Code + 0x100;
        using Host host = new(program.Machine, "here");
        List<ulong> seen = host.Watch(new IpaRange(new Ipa(Code), 0x200), WatchKinds.ReadWrite | WatchKinds.Execute);
        host.RunToCall();
        Assert.Equal([Code, Code, Code + 4], seen);
    }

    [Theory]
    [InlineData(GuestProgram.Svc9, 0x56000009UL, Code + 4)]
    [InlineData(GuestProgram.Udf, 0x02000000UL, Code)]
    [InlineData(GuestProgram.Brk5, 0xF2000005UL, Code)]
    public void AnInstructionThatTakesAnExceptionIsSeenOnce(uint word, ulong esr, ulong returnAddress)
    {
        using var program = new GuestProgram(word, AddX3, Hvc42);
        using Host host = new(program.Machine, "here");
        List<ulong> seen = host.Watch(new IpaRange(new Ipa(Code), 0x100), WatchKinds.Execute);
        Assert.Equal(0x104, host.RunToCall());
        Assert.Equal((esr, returnAddress), (program.Vcpu.Exception.EsrEl1.Value, program.Vcpu.Exception.ElrEl1));
        Assert.Equal([Code], seen);

        // Executed again, it is seen again.
        program.Vcpu.ModifyCore().Pc = new Va(Code);
        host.RunToCall();
        Assert.Equal([Code, Code], seen);
    }

    [Fact]
    public void ABranchToItselfIsSeenEachTime()
    {
        using var program = new GuestProgram(GuestProgram.BranchToSelf);
        using Host host = new(program.Machine, "here");
        List<ulong> seen = host.Watch(new IpaRange(new Ipa(Code), 4), WatchKinds.Execute);
        host.RunTo(25);
        Assert.Equal(25, seen.Count);
        Assert.Equal(25UL, program.Vcpu.RetiredInstructions);
    }

    [Fact]
    public void AnInterruptIsTakenBeforeTheInstructionIsSeen()
    {
        using var program = new GuestProgram(AddX3, AddX3, Hvc42);
        program.SetState(5);
        using Host host = new(program.Machine, "here");
        List<ulong> seen = host.Watch(new IpaRange(new Ipa(Code), 0x100), WatchKinds.Execute);
        host.RunTo(1);
        program.Vcpu.SetInterruptLine(InterruptLine.VirtualIrq, true);
        Assert.Equal(0x105, host.RunToCall());
        Assert.Equal([Code], seen);
        program.Vcpu.SetInterruptLine(InterruptLine.VirtualIrq, false);
        program.Vcpu.ModifyCore().Pc = new Va(program.Vcpu.Exception.ElrEl1);
        host.RunToCall();
        Assert.Equal([Code, Code + 4, Code + 8], seen);
        Assert.Equal(2UL, program.Vcpu.Core[3]);
    }

    /// <summary>The library's own exits would break the monitor after each instruction, and the loop would never end.</summary>
    [Theory]
    [InlineData("here", 0)]
    [InlineData("here", 3)]
    [InlineData("HVF", 0)]
    [InlineData("HVF", 3)]
    public void AnExclusiveSequenceInWatchedCodeSucceeds(string backend, int first)
    {
        // 1: ldxr x2, [x1]; add x2, x2, #1; stxr w3, x2, [x1]; cbnz w3, 1b; hvc. The page begins with the sequence, or in the middle of it.
        uint[] words = [0xC85F7C22, 0x91000442, 0xC8037C22, 0x35FFFFA3, Hvc42];
        ulong start = Code + 0x1000 - (4 * (ulong)first);
        using var program = new GuestProgram();
        program.Write(start, words);
        program.Vcpu.ModifyCore().Pc = new Va(start);
        IdentityStage1.Enable(program.Machine);
        using Host host = new(program.Machine, backend);
        List<ulong> seen = host.Watch(new IpaRange(new Ipa(Code + 0x1000), 0x100), WatchKinds.Execute);
        host.RunToCall();
        Assert.Equal(1UL, program.Read64(Data));
        Assert.NotEmpty(seen);
    }

    [Fact]
    public void StopIsBeforeTheInstructionAndResumingExecutesItWithoutASecondEvent()
    {
        using var program = new GuestProgram(AddX3, Hvc42);
        using Host host = new(program.Machine, "here");
        List<ulong> seen = host.Watch(new IpaRange(new Ipa(Code), 4), WatchKinds.Execute, WatchResponse.Stop);
        VcpuAction action = host.Introspector.Handle(program.Vcpu, program.Run());
        Assert.Equal((VcpuActionKind.Stop, StopReason.Watch), (action.Kind, action.StopReason));
        Assert.Equal((Code, 0UL), (program.Vcpu.Core.Pc.Value, program.Vcpu.Core[3]));
        host.RunToCall();
        Assert.Single(seen);
        Assert.Equal(1UL, program.Vcpu.Core[3]);
    }

    [Fact]
    public void SkipLeavesTheInstructionOut()
    {
        using var program = new GuestProgram(AddX3, GuestProgram.Svc9, AddX3, Hvc42);
        using Host host = new(program.Machine, "here");
        host.Watch(new IpaRange(new Ipa(Code), 8), WatchKinds.Execute, WatchResponse.Skip);
        Assert.Equal(0x42, host.RunToCall());
        Assert.Equal(1UL, program.Vcpu.Core[3]);
    }

    [Theory]
    [InlineData(true, FaultKind.SynchronousExternal)]
    [InlineData(false, FaultKind.Permission)]
    public void InjectIsAnInstructionAbort(bool isExternal, FaultKind kind)
    {
        using var program = new GuestProgram(AddX3, Hvc42);
        using Host host = new(program.Machine, "here");
        host.Watch(new IpaRange(new Ipa(Code), 4), WatchKinds.Execute, isExternal ? WatchResponse.InjectExternalAbort : WatchResponse.InjectPermissionFault);
        Assert.Equal(0x104, host.RunToCall());
        Assert.True(program.Vcpu.Exception.EsrEl1.TryGetInstructionAbort(out InstructionAbortSyndrome abort));
        Assert.Equal(kind, abort.Status.Kind);
        Assert.Equal((Code, Code, 0UL), (program.Vcpu.Exception.ElrEl1, program.Vcpu.Exception.FarEl1, program.Vcpu.Core[3]));
    }

    [Fact]
    public void ReplaceIsReportedAndDoesNothing()
    {
        using var program = new GuestProgram(AddX3, Hvc42);
        var reports = new List<IntrospectionReportKind>();
        using Host host = new(program.Machine, "here", reports: reports);
        host.Watch(new IpaRange(new Ipa(Code), 4), WatchKinds.Execute, WatchResponse.Replace(GuestProgram.Nop));
        host.RunToCall();
        Assert.Equal(1UL, program.Vcpu.Core[3]);
        Assert.Equal([IntrospectionReportKind.ResponseNotPossible], reports);
    }

    /// <summary>The handler of a store watches the page from which the store is being executed.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void AWatchThatAHandlerAddsIsEffectiveFromTheNextInstructionOn(bool useInlineFilter)
    {
        using var program = new GuestProgram(StrX2, AddX3, AddX3, Hvc42);
        using Host host = new(program.Machine, "here", useInlineFilter);
        List<ulong>? seen = null;
        host.Introspector.AddWatch(new IpaRange(new Ipa(Data), 8), WatchKinds.Write, (in WatchEvent _) =>
        {
            seen = host.Watch(new IpaRange(new Ipa(Code), 0x100), WatchKinds.Execute);
            return WatchResponse.Continue;
        });
        host.RunToCall();
        Assert.Equal([Code + 4, Code + 8, Code + 12], seen);
    }

    [Fact]
    public void RemovingTheWatchLetsTheGuestFetchAgain()
    {
        using var program = new GuestProgram(AddX3, AddX3, Hvc42);
        using Host host = new(program.Machine, "here");
        Assert.True(program.Machine.Stage2.TryGetMapping(new Ipa(Code), out Stage2MappingInfo before));
        var seen = new List<ulong>();
        Watch? watch = null;
        watch = host.Introspector.AddWatch(new IpaRange(new Ipa(Code), 0x100), WatchKinds.Execute, (in WatchEvent e) =>
        {
            seen.Add(e.Pc.Value);
            watch!.Dispose();
            return WatchResponse.Continue;
        });
        host.RunToCall();
        Assert.Equal([Code], seen);
        Assert.True(program.Machine.Stage2.TryGetMapping(new Ipa(Code), out Stage2MappingInfo after));
        Assert.Equal((before.Range, before.Access), (after.Range, after.Access));
    }

    [Theory]
    [InlineData("KVM", "NoExecute")]
    [InlineData("Xen", "ISingleStep")]
    public void ABackendThatCannotIsRefusedByWhatItLacks(string backend, string missing)
    {
        using var program = new GuestProgram(AddX3);
        using Host host = new(program.Machine, backend);
        var range = new IpaRange(new Ipa(Code), 4);
        Assert.Contains(missing, Assert.Throws<NotSupportedException>(() => host.Watch(range, WatchKinds.Execute)).Message, StringComparison.Ordinal);
    }

    private static GuestProgram RandomGuest(int seed)
    {
        var random = new RandomProgram(seed);
        var program = new GuestProgram(random.Make(CodeWords));
        ref CoreRegisters core = ref program.Vcpu.ModifyCore();
        for (int i = 0; i < CoreRegisters.GeneralCount; i++)
        {
            core[i] = i is >= 24 and <= 28 ? Data + (ulong)(i * 0x40) : random.NextValue();
        }

        core[26] = Code + 0x400;
        core.SpEl1 = Data + 0x1000;
        for (uint i = 0; i < 16; i++)
        {
            // The vectors go on behind the instruction: mrs x20, elr_el1; add x20, x20, #4; msr elr_el1, x20; eret
            program.Write(GuestProgram.Vectors + (i * 0x80), 0xD5384034, 0x91001294, 0xD5184034, GuestProgram.Eret);
        }

        return program;
    }

    /// <summary>The addresses of all instructions that a guest executes, up to a count or to what ends a run.</summary>
    private static List<ulong> Step(Machine machine, ulong instructions, out ulong retired)
    {
        var places = new List<ulong>();
        Vcpu vcpu = machine.Vcpus[0];
        while ((ulong)places.Count < instructions)
        {
            ulong pc = vcpu.Core.Pc.Value;
            if (machine.Run(vcpu, 1).Kind != VcpuExitKind.Canceled)
            {
                break;
            }

            places.Add(pc);
        }

        retired = vcpu.RetiredInstructions;
        return places;
    }

    private static void AssertSame(Machine expected, Machine actual)
    {
        Vcpu one = expected.Vcpus[0];
        Vcpu other = actual.Vcpus[0];
        Assert.Equal(one.RetiredInstructions, other.RetiredInstructions);
        Assert.Equal((one.Core.Pc, one.Core.Pstate, one.Core.SpEl1), (other.Core.Pc, other.Core.Pstate, other.Core.SpEl1));
        for (int i = 0; i < CoreRegisters.GeneralCount; i++)
        {
            Assert.True(one.Core[i] == other.Core[i], $"X{i} {one.Core[i]:x} or {other.Core[i]:x}");
        }

        byte[] memory = new byte[0x4_0000];
        byte[] same = new byte[memory.Length];
        expected.Memory.Read(new Ipa(Code), memory);
        actual.Memory.Read(new Ipa(Code), same);
        Assert.True(memory.AsSpan().SequenceEqual(same), "memory differs");
    }

    /// <summary>A machine under the library, by itself or as a backend shows it.</summary>
    private sealed class Host : IDisposable
    {
        private readonly Machine _machine;
        private readonly BackendShape? _shape;

        public Host(Machine machine, string backend, bool useInlineFilter = true, List<IntrospectionReportKind>? reports = null)
        {
            _machine = machine;
            _shape = backend switch
            {
                "KVM" => new KvmShape(machine, Run),
                "HVF" => new HvfShape(machine, Run),
                "Xen" => new XenShape(machine, Run),
                _ => null,
            };
            Introspector = new Introspector((IVirtualMachine?)_shape ?? machine, new IntrospectorOptions
            {
                UseInlineFilter = useInlineFilter,
                ReportHandler = report => reports?.Add(report.Kind),
            });
        }

        public Introspector Introspector { get; }

        /// <summary>Gets the PC of each event of a watch.</summary>
        public List<ulong> Watch(IpaRange range, WatchKinds kinds, WatchResponse answer = default)
        {
            var seen = new List<ulong>();
            Introspector.AddWatch(range, kinds, (in WatchEvent e) =>
            {
                seen.Add(e.Pc.Value);
                return answer;
            });
            return seen;
        }

        /// <summary>Runs to an HVC.</summary>
        public int RunToCall()
        {
            while (true)
            {
                VcpuExit exit = RunOnce(100_000);
                if (exit.Esr.Class == ExceptionClass.Hvc64 && exit.Esr.TryGetCall(out CallSyndrome call))
                {
                    return call.Immediate;
                }
            }
        }

        /// <summary>Runs until a count of instructions is reached.</summary>
        public void RunTo(ulong retired)
        {
            Vcpu vcpu = _machine.Vcpus[0];
            while (vcpu.RetiredInstructions < retired)
            {
                RunOnce(retired - vcpu.RetiredInstructions);
            }
        }

        public void Dispose() => Introspector.Dispose();

        private VcpuExit RunOnce(ulong instructions)
        {
            VcpuExit exit = _shape?.Run(_shape.Vcpus[0], default, instructions) ?? _machine.Run(_machine.Vcpus[0], instructions);
            VcpuAction action = Introspector.Handle(_shape?.Vcpus[0] ?? _machine.Vcpus[0], exit);
            bool isEnd = exit.Esr.Class == ExceptionClass.Hvc64 || exit.Kind == VcpuExitKind.Canceled;
            Assert.True(isEnd || action.Kind == VcpuActionKind.Resume, $"{action} for {exit}");
            return exit;
        }

        private VcpuExit Run(IVcpu vcpu, ulong maxInstructions) => _machine.Run((Vcpu)vcpu, maxInstructions);
    }
}
