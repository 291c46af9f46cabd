using System;
using HvIntrospect.Interpreter;
using HvIntrospect.Introspection;
using HvIntrospect.Registers;
using Xunit;

namespace HvIntrospect.Tests.Introspection.OnTheMachine;

/// <summary>The instructions that the core executes inside of an exclusive sequence, against the machine, which shares no code with them.</summary>
public sealed class SimpleInstructionTests
{
    private const ulong Code = 0x4800_0000;
    private static readonly int s_words = Environment.GetEnvironmentVariable("HVINTROSPECT_LONG") == "1" ? 1_000_000 : 4_000;

    /// <summary>Every class of them: what is executed at all ends as on the machine, registers, flags and PC.</summary>
    [Theory]
    [InlineData(0x1100_0000u, 0x1F80_0000u)] // add, sub (immediate)
    [InlineData(0x1200_0000u, 0x1F80_0000u)] // logical (immediate)
    [InlineData(0x1280_0000u, 0x1F80_0000u)] // move wide
    [InlineData(0x1300_0000u, 0x1F80_0000u)] // bitfield
    [InlineData(0x1380_0000u, 0x7FA0_0000u)] // extract
    [InlineData(0x0A00_0000u, 0x1F00_0000u)] // logical (shifted register)
    [InlineData(0x0B00_0000u, 0x1F20_0000u)] // add, sub (shifted register)
    [InlineData(0x0B20_0000u, 0x1FE0_0000u)] // add, sub (extended register)
    [InlineData(0x1A80_0000u, 0x3FE0_0000u)] // conditional select
    [InlineData(0x3A40_0000u, 0x3FE0_0410u)] // conditional compare
    [InlineData(0x1AC0_2000u, 0x7FE0_F000u)] // shifts by a register
    [InlineData(0x5400_0000u, 0xFF00_0010u)] // b.cond
    [InlineData(0x3400_0000u, 0x7E00_0000u)] // cbz, cbnz
    [InlineData(0x3600_0000u, 0x7E00_0000u)] // tbz, tbnz
    [InlineData(0x1400_0000u, 0xFC00_0000u)] // b
    public void TheyEndAsOnTheMachine(uint bits, uint mask)
    {
        Assert.InRange(ExecutedOf(bits, mask, s_words), s_words / 5, s_words);
    }

    /// <summary>Any word at all: most are something else, and those are left alone.</summary>
    [Fact]
    public void OthersAreLeftAlone() => Assert.InRange(ExecutedOf(0, 0, 4 * s_words), 1, 2 * s_words);

    private static int ExecutedOf(uint bits, uint mask, int words)
    {
        using var machine = new Machine(new MachineOptions { RamBase = new Ipa(Code), RamSize = 0x20_0000, Features = A64Features.Armv8_0 });
        Vcpu vcpu = machine.Vcpus[0];
        var random = new Random((int)(bits >> 8));
        int executed = 0;
        for (int i = 0; i < words; i++)
        {
            uint word = (unchecked((uint)random.NextInt64()) & ~mask) | bits;
            ref CoreRegisters core = ref vcpu.ModifyCore();
            for (int register = 0; register < CoreRegisters.GeneralCount; register++)
            {
                core[register] = random.Next(4) switch
                {
                    0 => (ulong)random.Next(0, 3),
                    1 => 0UL - (ulong)random.Next(1, 3),
                    2 => unchecked(0x8000_0000_8000_0000UL + (ulong)random.Next(-1, 2)),
                    _ => unchecked((ulong)random.NextInt64() << 1),
                };
            }

            core.Sp = unchecked((ulong)random.NextInt64());
            core.Pc = new Va(Code);
            core.Pstate = new Spsr(Spsr.El1hMasked.Value | ((ulong)random.Next(16) << 28));
            CoreRegisters before = core;
            CoreRegisters after = core;
            if (!SimpleInstruction.TryExecute(ref after, word))
            {
                AssertSame(word, before, after);
                continue;
            }

            executed++;
            machine.Memory.Write(new Ipa(Code), BitConverter.GetBytes(word));
            Assert.Equal(VcpuExitKind.Canceled, machine.Run(vcpu, 1).Kind);
            AssertSame(word, vcpu.Core, after);
        }

        return executed;
    }

    private static void AssertSame(uint word, in CoreRegisters expected, in CoreRegisters actual)
    {
        for (int i = 0; i < CoreRegisters.GeneralCount; i++)
        {
            Assert.True(expected[i] == actual[i], $"{word:x8}: x{i} is {actual[i]:x}, not {expected[i]:x}");
        }

        Assert.True(expected.Pc == actual.Pc && expected.Pstate == actual.Pstate && expected.Sp == actual.Sp, $"{word:x8}: {actual.Pc} {actual.Pstate}, not {expected.Pc} {expected.Pstate}");
    }
}
