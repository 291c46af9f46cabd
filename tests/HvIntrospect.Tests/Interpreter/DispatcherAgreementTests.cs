using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Runtime.InteropServices;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.State;
using HvIntrospect.Tests.Support;
using Xunit;

namespace HvIntrospect.Tests.Interpreter;

/// <summary>Random programs end in the same state whichever dispatcher runs them and wherever a run is interrupted.</summary>
public sealed unsafe class DispatcherAgreementTests
{
    private const int ProgramLength = 2 * Flow.PageLength;
    private const ulong Instructions = 2500;

    private enum Mode
    {
        Threaded,
        Loop,
        ThreadedInSlices,
        LoopInSlices,
        OneByOne,
    }

    [Fact]
    public void EveryWayOfRunningAProgramEndsInTheSameState() => Check(1, 100);

    [LongFact]
    public void EveryWayOfRunningManyProgramsEndsInTheSameState() => Check(1000, 20_000);

    private static void Check(int firstSeed, int count)
    {
        ulong exceptions = 0;
        for (int seed = firstSeed; seed < firstSeed + count; seed++)
        {
            Dictionary<string, string> expected = Run(seed, Mode.Threaded, ref exceptions);
            foreach (Mode mode in Enum.GetValues<Mode>())
            {
                ulong ignored = 0;
                Dictionary<string, string> actual = Run(seed, mode, ref ignored);
                string differences = string.Join(", ", expected.Where(item => actual[item.Key] != item.Value)
                    .Select(item => $"{item.Key}: {item.Value} or {actual[item.Key]}"));
                Assert.True(differences.Length == 0, $"Seed {seed}, {mode}: {differences}");
            }
        }

        // The programs must do something, and must not do nothing but fault.
        Assert.InRange(exceptions, (ulong)count, (ulong)count * Instructions / 2);
    }

    private static Dictionary<string, string> Run(int seed, Mode mode, ref ulong exceptions)
    {
        var program = new RandomProgram(seed);
        using var scratch = new ScratchProcessor(mode is Mode.Threaded or Mode.ThreadedInSlices);
        scratch.WriteWords(ScratchProcessor.CodeVa, program.Make(ProgramLength));

        // The vectors are a program as well, which jumps back into the code from many places.
        uint[] vectors = program.Make(Flow.PageLength);
        ulong vectorBase = scratch.State->System.VbarEl1;
        for (int i = 8; i < vectors.Length; i += 8)
        {
            long distance = (long)(ScratchProcessor.CodeVa + ((ulong)i * 8) - (vectorBase + ((ulong)i * 4))) / 4;
            vectors[i] = 0x1400_0000u | ((uint)distance & 0x3FF_FFFF);
        }

        scratch.WriteWords(vectorBase, vectors);
        CpuState* cpu = scratch.State;
        for (int i = 0; i < 31; i++)
        {
            cpu->X[i] = program.NextValue();
        }

        for (int i = 24; i <= 28; i++)
        {
            cpu->X[i] = ScratchProcessor.DataVa + ((ulong)i * 0x2000);
        }

        // One base points into the code, so that programs change themselves.
        cpu->X[28] = ScratchProcessor.CodeVa + 0x900;
        cpu->Sp = ScratchProcessor.DataVa + 0x8_0000;
        scratch.Translator.Permit(ScratchProcessor.DataVa + (26 * 0x2000), Stage2Access.Read);

        var slices = new Random(seed);
        while (cpu->Retired < Instructions)
        {
            ulong left = Instructions - cpu->Retired;
            ulong count = mode switch
            {
                Mode.OneByOne => 1,
                Mode.ThreadedInSlices or Mode.LoopInSlices => Math.Min(left, (ulong)slices.Next(1, 3000)),
                _ => left,
            };
            ulong before = cpu->Retired;
            LeaveReason reason = scratch.Execute(count);
            if (reason == LeaveReason.ExceptionToEl2)
            {
                // EL2 leaves the instruction out, which then counts.
                cpu->Pc += 4;
                scratch.Processor.Enter();
            }
            else
            {
                Assert.Equal(before + count, cpu->Retired);
            }

            // An exception counts as well, so that one instruction is one whatever it does.
            Assert.InRange(cpu->Retired, before + 1, before + count);
        }

        exceptions += cpu->ExceptionsTaken;
        var state = new Dictionary<string, string>
        {
            ["pc"] = Hex(cpu->Pc),
            ["sp"] = Hex(cpu->Sp),
            ["retired"] = cpu->Retired.ToString(CultureInfo.InvariantCulture),
            ["exceptions"] = cpu->ExceptionsTaken.ToString(CultureInfo.InvariantCulture),
            ["pstate"] = Hex(ProcessState.Read(cpu)),
            ["memory"] = MemoryHash(scratch),
            ["esr"] = Hex(cpu->System.EsrEl1),
            ["elr"] = Hex(cpu->System.ElrEl1),
        };
        for (int i = 0; i < 31; i++)
        {
            state["x" + i.ToString(CultureInfo.InvariantCulture)] = Hex(cpu->X[i]);
        }

        for (int i = 0; i < 64; i++)
        {
            state["v" + i.ToString(CultureInfo.InvariantCulture)] = Hex(cpu->V[i]);
        }

        Assert.Equal(0UL, cpu->Zero);
        return state;
    }

    private static string Hex(ulong value) => value.ToString("x", CultureInfo.InvariantCulture);

    private static string MemoryHash(ScratchProcessor scratch)
    {
        byte[] bytes = new byte[ScratchProcessor.Size];
        Assert.Equal(bytes.Length, scratch.Memory.Read(new Pa(ScratchProcessor.CodeVa + FlatTranslator.PaOffset), bytes));
        ulong hash = 0;
        foreach (ulong item in MemoryMarshal.Cast<byte, ulong>(bytes.AsSpan()))
        {
            hash = (hash ^ item) * 0x9E37_79B9_7F4A_7C15;
        }

        return Hex(hash);
    }
}
