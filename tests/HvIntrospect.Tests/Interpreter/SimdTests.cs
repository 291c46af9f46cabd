using System;
using System.Linq;
using HvIntrospect.A64;
using HvIntrospect.Interpreter.State;
using HvIntrospect.Registers;
using HvIntrospect.Tests.Differential;
using HvIntrospect.Tests.Support;
using Xunit;

namespace HvIntrospect.Tests.Interpreter;

/// <summary>Advanced SIMD against an executor that shares no code: every lane, NaN, saturation and rounding.</summary>
public sealed unsafe class SimdTests
{
    [ToolFact(Aarch64Harness.Tool)]
    public void VectorsAgree() => WordComparison.AssertEqual(
        "cortex-a53", A64Features.Armv8_0, 60_000, WordOracles.IsVector);

    [Fact]
    public void EveryFpAndSimdInstructionTrapsBeforeItDoesAnything()
    {
        var random = new Random(1);
        using var scratch = new ScratchProcessor(threaded: true);
        CpuState* cpu = scratch.State;
        cpu->System.CpacrEl1 = 0;
        DerivedState.Update(cpu);
        foreach (EncodingRow row in EncodingTable.Instance.Rows)
        {
            uint word = WordCases.MakeWord(row, random);
            if (row.Group != EncodingGroup.FloatingPointSimd || row.Feature != A64Features.Armv8_0 || UndefinedRules.IsUndefined(row.Section.UndefinedRule, word)
                || EncodingTable.Instance.Rows.First(first => first.Matches(word)) != row)
            {
                continue;
            }

            scratch.WriteWords(ScratchProcessor.CodeVa, word);
            cpu->Pc = ScratchProcessor.CodeVa;
            cpu->System.EsrEl1 = 0;
            CpuState before = *cpu;
            scratch.Execute(1);
            Assert.True(new Esr(cpu->System.EsrEl1).Class == ExceptionClass.SimdFp, row.Id);
            Assert.True(new ReadOnlySpan<byte>(&before, CpuState.SinkOffset).SequenceEqual(new ReadOnlySpan<byte>(cpu, CpuState.SinkOffset)), row.Id);
            Assert.True(new ReadOnlySpan<ulong>(before.V, 64).SequenceEqual(new ReadOnlySpan<ulong>(cpu->V, 64)), row.Id);
        }
    }
}
