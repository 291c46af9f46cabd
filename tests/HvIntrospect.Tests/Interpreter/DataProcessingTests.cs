using System;
using System.Linq;
using HvIntrospect.A64;
using HvIntrospect.Interpreter.Operations;
using HvIntrospect.Registers;
using HvIntrospect.Tests.Differential;
using HvIntrospect.Tests.Support;
using Xunit;

namespace HvIntrospect.Tests.Interpreter;

/// <summary>Data processing and branches against an executor that shares no code.</summary>
public sealed class DataProcessingTests
{
    private static readonly bool s_isLong = Environment.GetEnvironmentVariable("HVINTROSPECT_LONG") == "1";

    [ToolFact(Aarch64Harness.Tool)]
    public void IntegersAgreeInRegistersAndFlags() => AssertEqual(
        s_isLong ? 4_000_000 : 60_000, "cortex-a53", A64Features.CRC32, row => row.Group is EncodingGroup.DataProcessingImmediate or EncodingGroup.DataProcessingRegister);

    [ToolFact(Aarch64Harness.Tool)]
    public void FlagManipulationAgrees() => AssertEqual(
        2_000, "max,sve=off", A64Features.FlagM, row => row.Feature == A64Features.FlagM);

    private static void AssertEqual(int count, string model, A64Features features, Func<EncodingRow, bool> isCovered)
    {
        EncodingRow[] rows =
        [
            .. EncodingTable.Instance.Rows.Where(row => (row.Feature & ~features) == 0 && isCovered(row) && OperationTables.All.Binders.ContainsKey(row.Id)),
        ];
        const int Batch = 100_000;
        for (int done = 0; done < count; done += Batch)
        {
            WordComparison.AssertEqual(model, features, rows, Math.Min(Batch, count - done), seed: done + 1);
        }
    }
}
