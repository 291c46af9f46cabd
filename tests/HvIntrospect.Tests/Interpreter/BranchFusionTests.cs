using System;
using HvIntrospect.Interpreter.State;
using Xunit;

namespace HvIntrospect.Tests.Interpreter;

/// <summary>A compare and the branch behind it do the same together as one after the other.</summary>
public sealed unsafe class BranchFusionTests
{
    private const uint CompareImmediate = 0x7100_0000;
    private const uint CompareRegister = 0x6B00_0000;
    private const uint TestImmediate = 0x7200_0000;
    private const uint TestRegister = 0x6A00_0000;
    private const uint Sf = 0x8000_0000;
    private const uint BranchOverOne = 0x5400_0040;
    private const uint MoveX0One = 0xD280_0020;
    private const uint BranchToItself = 0x1400_0000;

    private static readonly ulong[] s_values =
    [
        0, 1, 2, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF, 0x1_0000_0000, long.MaxValue, 0x8000_0000_0000_0000, ulong.MaxValue,
    ];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void EveryConditionOfEveryCompareBranchesAlike(bool threaded)
    {
        using var fused = new ScratchProcessor(threaded);
        using var alone = new ScratchProcessor(threaded);

        // Rn is X1, the register form's Rm is X2, Rd is X3; the immediates are 1.
        foreach (uint compare in (ReadOnlySpan<uint>)[CompareImmediate | (1 << 10), CompareRegister | (2 << 16), TestImmediate, TestRegister | (2 << 16)])
        {
            foreach (uint sf in (ReadOnlySpan<uint>)[0, Sf])
            {
                uint first = compare | sf | (1 << 5) | 3 | (compare == TestImmediate ? sf >> 9 : 0);
                for (uint condition = 0; condition < 16; condition++)
                {
                    Compare(fused, alone, first, BranchOverOne | condition);
                }
            }
        }
    }

    [Theory]
    [InlineData(0x723C_BC34u)] // ands w20, w1, with a bit mask that is all ones
    [InlineData(0x7240_0020u)] // ands w0, w1, with N set
    public void AnUndefinedCompareIsNotFused(uint compare)
    {
        using var scratch = new ScratchProcessor(threaded: true);
        scratch.WriteWords(ScratchProcessor.CodeVa, compare, BranchOverOne, MoveX0One, BranchToItself);
        scratch.WriteWords(scratch.State->System.VbarEl1 + 0x200, BranchToItself);
        scratch.Execute(3000);
        Assert.Equal((1UL, ScratchProcessor.CodeVa), (scratch.State->ExceptionsTaken, scratch.State->System.ElrEl1));
    }

    [Fact]
    public void ABranchThatIsOverwrittenIsNotTakenAnyMore()
    {
        using var scratch = new ScratchProcessor(threaded: true);
        scratch.WriteWords(
            ScratchProcessor.CodeVa, Sf | CompareImmediate | (1 << 5) | 31, BranchOverOne | 1, MoveX0One, BranchToItself);
        scratch.State->X[1] = 5;
        scratch.Execute(3000);
        Assert.Equal(0UL, scratch.State->X[0]);

        scratch.WriteWords(ScratchProcessor.CodeVa + 4, BranchOverOne);
        scratch.State->Pc = ScratchProcessor.CodeVa;
        scratch.Execute(3000);
        Assert.Equal(1UL, scratch.State->X[0]);
    }

    private static void Compare(ScratchProcessor fused, ScratchProcessor alone, uint first, uint branch)
    {
        foreach (ScratchProcessor scratch in (ReadOnlySpan<ScratchProcessor>)[fused, alone])
        {
            scratch.WriteWords(ScratchProcessor.CodeVa, first, branch, MoveX0One, BranchToItself);
        }

        foreach (ulong left in s_values)
        {
            foreach (ulong right in s_values)
            {
                Start(fused.State, left, right);
                fused.Execute(1100);
                Start(alone.State, left, right);
                alone.Execute(4);
                string what = $"{first:x} {branch:x} of {left:x} and {right:x}";
                Assert.True(fused.State->X[0] == alone.State->X[0], what + ": taken");
                Assert.True(fused.State->X[3] == alone.State->X[3], what + ": result");
                Assert.True(ProcessState.ReadFlags(fused.State) == ProcessState.ReadFlags(alone.State), what + ": flags");
            }
        }
    }

    private static void Start(CpuState* cpu, ulong left, ulong right)
    {
        cpu->X[0] = 0;
        cpu->X[1] = left;
        cpu->X[2] = right;
        cpu->X[3] = 0;
        cpu->Pc = ScratchProcessor.CodeVa;
    }
}
