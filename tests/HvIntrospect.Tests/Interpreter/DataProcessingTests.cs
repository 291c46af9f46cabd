using HvIntrospect.Tests.Differential;
using HvIntrospect.Tests.Support;
using Xunit;

namespace HvIntrospect.Tests.Interpreter;

/// <summary>Integer data processing against an executor that shares no code.</summary>
public sealed class DataProcessingTests
{
    [ToolFact(Aarch64Harness.Tool)]
    public void IntegersAgreeInRegistersAndFlags() => WordComparison.AssertEqual(
        "cortex-a53", WordOracles.IntegerFeatures, 40_000, WordOracles.IsInteger);

    [ToolFact(Aarch64Harness.Tool)]
    public void FlagManipulationAgrees() => WordComparison.AssertEqual(
        "max,sve=off", WordOracles.FlagFeatures, 4_000, WordOracles.IsFlagManipulation);
}
