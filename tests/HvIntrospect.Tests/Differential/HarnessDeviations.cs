using HvIntrospect.A64;

namespace HvIntrospect.Tests.Differential;

/// <summary>Where qemu-aarch64 7.2 differs from the architecture, beside what <see cref="UnicornDeviations"/> has: they are one family.</summary>
internal static class HarnessDeviations
{
    private static readonly Deviation[] s_all =
    [
        new(
            "a signal does not tell a load from a store",
            OutcomeFields.FaultDirection,
            static (_, outcome) => outcome.Fault != FaultKind.None),
        new(
            "ordered accesses are not checked for alignment: they complete",
            OutcomeFields.All,
            static (given, outcome) => outcome.Fault == FaultKind.Alignment && given.Class is
                LoadStoreClass.RcpcUnscaledImmediate or LoadStoreClass.Atomic),
        new(
            "absent memory is reported before a misalignment",
            OutcomeFields.FaultKind,
            static (given, outcome) => outcome.Fault == FaultKind.Alignment && given.Target - TestLayout.Data >= TestLayout.DataSize),
    ];

    /// <summary>Gets the fields that must agree with qemu.</summary>
    public static OutcomeFields Comparable(LoadStoreCase given, Outcome outcome)
    {
        OutcomeFields fields = UnicornDeviations.Comparable(given, outcome);
        foreach (Deviation deviation in s_all)
        {
            if (deviation.Applies(given, outcome))
            {
                fields &= ~deviation.Fields;
            }
        }

        return fields;
    }
}
