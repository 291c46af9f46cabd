using System;
using System.Collections.Generic;
using System.Linq;
using HvIntrospect.A64;
using HvIntrospect.Interpreter.Operations;
using HvIntrospect.Interpreter.State;
using HvIntrospect.Registers;
using HvIntrospect.Tests.A64;
using Xunit;

namespace HvIntrospect.Tests.Interpreter;

/// <summary>
/// With the tail-threaded dispatcher every handler must end in a jump: one that calls its successor makes the stack grow with each instruction,
/// until a loop of the guest kills the process.
/// </summary>
public sealed unsafe class StackHeightTests
{
    private const uint BranchToItself = 0x1400_0000;
    private const uint Nop = 0xD503_201F;
    private const int Repetitions = 200;

    [Fact]
    public void NoHandlerMakesTheStackGrow()
    {
        using var scratch = new ScratchProcessor(threaded: true);
        ulong expected = StackAfter(scratch, Nop, ScratchProcessor.DataVa);
        var growing = new SortedSet<string>(StringComparer.Ordinal);
        foreach (EncodingRow row in EncodingTable.Instance.Rows.Where(row => row.Feature == A64Features.Armv8_0))
        {
            if (OperationTables.All.Binders.ContainsKey(row.Id) && row.Section.IsModelled)
            {
                // On the fast path; where nothing is mapped; unaligned and across pages.
                foreach (ulong address in (ReadOnlySpan<ulong>)[ScratchProcessor.DataVa, 0x1_0000_0000_0000, ScratchProcessor.DataVa + 0xFFD])
                {
                    if (StackAfter(scratch, row.AllocatedWord(), address) != expected)
                    {
                        growing.Add($"{row.Id} at {address:x}");
                    }
                }
            }
        }

        Assert.True(growing.Count == 0, growing.Count + " encodings: " + string.Join(" ", growing));
    }

    private static ulong StackAfter(ScratchProcessor scratch, uint word, ulong address)
    {
        CpuState* cpu = scratch.State;
        var words = new uint[Repetitions + 1];
        Array.Fill(words, word);
        words[^1] = BranchToItself;
        scratch.WriteWords(ScratchProcessor.CodeVa, words);
        var vectors = new uint[0x200];
        Array.Fill(vectors, BranchToItself);
        scratch.WriteWords(cpu->System.VbarEl1, vectors);
        for (int i = 0; i < 31; i++)
        {
            cpu->X[i] = address;
        }

        cpu->Sp = address;
        cpu->Pc = ScratchProcessor.CodeVa;
        cpu->JumpTarget = 0;
        scratch.Execute(3000);
        return cpu->JumpTarget;
    }
}
