using System;
using System.Linq;
using HvIntrospect.A64;
using HvIntrospect.Interpreter.Operations;
using HvIntrospect.Registers;
using HvIntrospect.Tests.Differential;
using HvIntrospect.Tests.Support;
using Xunit;

namespace HvIntrospect.Tests.Interpreter;

/// <summary>Branches against an executor that shares no code: taken or not, where to, and the link register.</summary>
public sealed unsafe class BranchTests
{
    private static readonly int s_cases = Environment.GetEnvironmentVariable("HVINTROSPECT_LONG") == "1" ? 120_000 : 12_000;

    [ToolFact(Aarch64Harness.Tool)]
    public void BranchesAgree()
    {
        EncodingRow[] rows =
        [
            .. EncodingTable.Instance.Rows.Where(WordOracles.IsBranch),
        ];
        Assert.Equal(12, rows.Length);
        Assert.All(rows, row => Assert.True(OperationTables.All.Binders.ContainsKey(row.Id), row.Id));
        WordComparison.AssertEqual("cortex-a53", A64Features.Armv8_0, rows, s_cases, seed: 1, Aim);
    }

    /// <summary>Leads branches into the code, just out of it, or far away, but not to themselves, which would never end.</summary>
    private static HarnessState? Aim(EncodingRow row, HarnessState state, Random random)
    {
        uint immediate = row.FieldMask('i');
        if (immediate != 0)
        {
            int width = int.PopCount((int)immediate);
            int words = random.Next(4) == 0 ? random.Next(-1 << (width - 1), 1 << (width - 1)) : random.Next(-2048, 2048);
            int low = int.TrailingZeroCount((int)immediate);
            state.Word = (state.Word & ~immediate) | (((uint)words << low) & immediate);
            return words == 0 ? null : state;
        }

        uint register = row.Field(state.Word, 'n');
        if (register < 31)
        {
            ulong inside = WordCases.Code + ((ulong)random.Next((int)WordCases.CodeSize / 4) * 4);
            state.X[register] = random.Next(2) == 0 ? inside : (ulong)random.NextInt64(1L << 38) & ~3UL;
            return state.X[register] == state.Pc ? null : state;
        }

        return state;
    }
}
