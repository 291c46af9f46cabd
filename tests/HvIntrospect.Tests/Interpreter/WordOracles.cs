using System;
using HvIntrospect.A64;
using HvIntrospect.Registers;

namespace HvIntrospect.Tests.Interpreter;

/// <summary>Which encodings outside of the load/store group are compared with an executor that shares no code. The tests take their rows from here, and so does the table in the docs.</summary>
internal static class WordOracles
{
    /// <summary>The features with which integer data processing is compared.</summary>
    public const A64Features IntegerFeatures = A64Features.CRC32;

    /// <summary>The features of flag manipulation.</summary>
    public const A64Features FlagFeatures = A64Features.FlagM | A64Features.FlagM2;

    public static bool IsInteger(EncodingRow row) => row.Group is EncodingGroup.DataProcessingImmediate or EncodingGroup.DataProcessingRegister;

    public static bool IsFlagManipulation(EncodingRow row) => row.Feature is A64Features.FlagM or A64Features.FlagM2;

    public static bool IsBranch(EncodingRow row) => row.Feature == A64Features.Armv8_0 && row.StepClass == StepClass.Branch;

    public static bool IsScalarFloatingPoint(EncodingRow row) => row.Section.Name.StartsWith("float", StringComparison.Ordinal);

    public static bool IsVector(EncodingRow row) => row.Group == EncodingGroup.FloatingPointSimd && row.Section.Name.StartsWith("asi", StringComparison.Ordinal);

    /// <summary>The instructions of pointer authentication but ERETAA and ERETAB; some are HINT words, which need no feature.</summary>
    public static bool IsPointerAuthentication(EncodingRow row) => row.Section.Name == "hints"
        ? row.Id.StartsWith("PACI", StringComparison.Ordinal) || row.Id.StartsWith("AUTI", StringComparison.Ordinal) || row.Id.StartsWith("XPAC", StringComparison.Ordinal)
        : (row.Feature & A64Features.PAuth) != 0 && row.Group != EncodingGroup.LoadStores && row.StepClass != StepClass.ExceptionReturn;
}
