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
            "LDAPUR and STLUR are not checked against tags: they complete",
            OutcomeFields.All,
            static (given, outcome) => outcome.Fault == FaultKind.TagCheck && given.Class == LoadStoreClass.RcpcUnscaledImmediate),
        new(
            "a tag is checked before the alignment",
            OutcomeFields.FaultKind | OutcomeFields.FaultPage | OutcomeFields.FaultOffset | OutcomeFields.FaultDirection,
            static (given, outcome) => outcome.Fault == FaultKind.Alignment && MayFailChecks(given)),
        new(
            "a store-exclusive is checked although the monitor is open",
            OutcomeFields.All,
            static (given, _) => given.Row.Id.StartsWith("ST", System.StringComparison.Ordinal) && given.Class is LoadStoreClass.ExclusiveRegister or LoadStoreClass.ExclusivePair && MayFailChecks(given)),
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

    // As far as addresses tell: it takes some comparisons away where memory has no tags, too.
    private static bool MayFailChecks(LoadStoreCase given) => TestLayout.TagOf(given.Target) != 0 || TestLayout.TagOf(given.Target + 15) != 0;
}
