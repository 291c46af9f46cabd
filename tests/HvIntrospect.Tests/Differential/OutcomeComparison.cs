using System;

namespace HvIntrospect.Tests.Differential;

/// <summary>Finds where two executors disagree.</summary>
internal static class OutcomeComparison
{
    /// <summary>Compares the outcomes of one case.</summary>
    /// <param name="given">The case.</param>
    /// <param name="expected">One outcome.</param>
    /// <param name="actual">The other one.</param>
    /// <param name="fields">What must agree.</param>
    /// <returns>The first difference, or null.</returns>
    public static string? Difference(LoadStoreCase given, Outcome expected, Outcome actual, OutcomeFields fields)
    {
        if (fields.HasFlag(OutcomeFields.FaultKind) && !IsSameKind(expected.Fault, actual.Fault))
        {
            return $"fault {expected.Fault} or {actual.Fault}";
        }

        if (expected.Fault == FaultKind.Memory && actual.Fault == FaultKind.Memory)
        {
            ulong difference = expected.FaultAddress ^ actual.FaultAddress;
            if ((fields.HasFlag(OutcomeFields.FaultPage) && difference >= TestLayout.PageSize)
                || (fields.HasFlag(OutcomeFields.FaultOffset) && difference % TestLayout.PageSize != 0))
            {
                return $"fault address {expected.FaultAddress:x} or {actual.FaultAddress:x}";
            }

            if (fields.HasFlag(OutcomeFields.FaultDirection) && expected.FaultIsWrite != actual.FaultIsWrite)
            {
                return $"fault of a store: {expected.FaultIsWrite} or {actual.FaultIsWrite}";
            }
        }

        return Difference(fields.HasFlag(OutcomeFields.General), "X", expected.X, actual.X)
            ?? Difference(fields.HasFlag(OutcomeFields.StackPointer), "SP", [expected.Sp], [actual.Sp])
            ?? Difference(fields.HasFlag(OutcomeFields.ProgramCounter), "PC", [expected.Pc], [actual.Pc])
            ?? Difference(fields.HasFlag(OutcomeFields.Flags), "NZCV", [expected.Nzcv], [actual.Nzcv])
            ?? Difference(fields.HasFlag(OutcomeFields.Vector), "V", expected.V, actual.V)
            ?? MemoryDifference(given, expected, actual, fields);
    }

    // An executor that only says "exception" agrees with any fault that has no address.
    private static bool IsSameKind(FaultKind one, FaultKind other) =>
        one == other
        || (one == FaultKind.Exception && other is FaultKind.Alignment or FaultKind.Undefined)
        || (other == FaultKind.Exception && one is FaultKind.Alignment or FaultKind.Undefined);

    private static string? Difference<T>(bool isCompared, string name, T[] expected, T[] actual)
        where T : IEquatable<T>, IFormattable
    {
        if (!isCompared)
        {
            return null;
        }

        for (int i = 0; i < expected.Length; i++)
        {
            if (!expected[i].Equals(actual[i]))
            {
                return $"{name}{(expected.Length > 1 ? i : string.Empty)} {expected[i]:x} or {actual[i]:x}";
            }
        }

        return null;
    }

    private static string? MemoryDifference(LoadStoreCase given, Outcome expected, Outcome actual, OutcomeFields fields)
    {
        if (expected.Memory.AsSpan().SequenceEqual(actual.Memory))
        {
            return null;
        }

        for (int i = 0; i < expected.Memory.Length; i++)
        {
            ulong address = TestLayout.Data + (ulong)i;
            bool isAccessed = address - given.Target < TestLayout.LongestAccess;
            if (expected.Memory[i] != actual.Memory[i]
                && fields.HasFlag(isAccessed ? OutcomeFields.AccessedMemory : OutcomeFields.OtherMemory))
            {
                return $"byte at {address:x}: {expected.Memory[i]:x2} or {actual.Memory[i]:x2}";
            }
        }

        return null;
    }
}
