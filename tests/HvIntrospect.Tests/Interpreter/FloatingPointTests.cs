using HvIntrospect.Registers;
using HvIntrospect.Tests.Differential;
using HvIntrospect.Tests.Support;
using Xunit;

namespace HvIntrospect.Tests.Interpreter;

/// <summary>Scalar floating point against an executor that shares no code: values, NaNs, flags, every rounding mode and FPSR.</summary>
public sealed class FloatingPointTests
{
    [ToolFact(Aarch64Harness.Tool)]
    public void ScalarsAgree() => WordComparison.AssertEqual(
        "cortex-a53", A64Features.Armv8_0, 40_000, WordOracles.IsScalarFloatingPoint);
}
