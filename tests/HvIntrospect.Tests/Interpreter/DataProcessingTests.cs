using HvIntrospect.A64;
using HvIntrospect.Registers;
using HvIntrospect.Tests.Differential;
using HvIntrospect.Tests.Support;
using Xunit;

namespace HvIntrospect.Tests.Interpreter;

/// <summary>Integer data processing against an executor that shares no code.</summary>
public sealed class DataProcessingTests
{
    [ToolFact(Aarch64Harness.Tool)]
    public void IntegersAgreeInRegistersAndFlags() => WordComparison.AssertEqual(
        "cortex-a53", A64Features.CRC32, 40_000, row => row.Group is EncodingGroup.DataProcessingImmediate or EncodingGroup.DataProcessingRegister);

    [ToolFact(Aarch64Harness.Tool)]
    public void FlagManipulationAgrees() => WordComparison.AssertEqual(
        "max,sve=off", A64Features.FlagM | A64Features.FlagM2, 4_000, row => row.Feature is A64Features.FlagM or A64Features.FlagM2);
}
