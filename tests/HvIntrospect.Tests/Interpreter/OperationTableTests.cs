using System;
using System.Linq;
using HvIntrospect.A64;
using HvIntrospect.Interpreter.Operations;
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

    [Fact]
    public void EveryBinderIsThatOfAnEncoding() =>
        Assert.Empty(OperationTables.All.Binders.Keys.Except(EncodingTable.Instance.Rows.Select(row => row.Id)));
}
