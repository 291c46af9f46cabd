using System;
using System.Linq;
using HvIntrospect.A64;
using HvIntrospect.Interpreter.Operations;
using HvIntrospect.Interpreter.Operations.LoadStores;
using HvIntrospect.Registers;
using Xunit;

namespace HvIntrospect.Tests.Interpreter;

/// <summary>What the interpreter executes, measured on the table of encodings.</summary>
public sealed class OperationTableTests
{
    [Theory]
    [InlineData("DataProcessingImmediate", 32)]
    [InlineData("DataProcessingRegister", 89)]
    [InlineData("BranchesSystem", 57)]
    [InlineData("FloatingPointSimd", 509)]
    public void EveryEncodingOfTheBaseArchitectureIsBound(string group, int encodings)
    {
        EncodingRow[] rows =
        [
            .. EncodingTable.Instance.Rows.Where(row => row.Feature == A64Features.Armv8_0 && row.Group == Enum.Parse<EncodingGroup>(group)),
        ];
        Assert.Equal(encodings, rows.Length);
        Assert.Empty(rows.Where(row => !OperationTables.All.Binders.ContainsKey(row.Id)).Select(row => row.Id));
    }

    /// <summary>What the reference semantics perform, the machine executes: of the whole load/store group.</summary>
    [Fact]
    public void EveryLoadOrStoreThatTheReferencePerformsIsBound()
    {
        EncodingRow[] rows = [.. EncodingTable.Instance.Rows.Where(row => row.Group == EncodingGroup.LoadStores)];
        Assert.True(rows.Length > 900, $"{rows.Length} rows");
        Assert.Empty(rows.Where(row => LoadStoreBinders.IsPerformed(row) != OperationTables.All.Binders.ContainsKey(row.Id)).Select(row => row.Id));
        Assert.Empty(rows.Where(row => row.Feature == A64Features.Armv8_0 && !LoadStoreBinders.IsPerformed(row)).Select(row => row.Id));
    }

    [Fact]
    public void EveryBinderIsThatOfAnEncoding() =>
        Assert.Empty(OperationTables.All.Binders.Keys.Except(EncodingTable.Instance.Rows.Select(row => row.Id)));
}
