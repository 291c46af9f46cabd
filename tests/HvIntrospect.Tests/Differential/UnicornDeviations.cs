using HvIntrospect.A64;

namespace HvIntrospect.Tests.Differential;

/// <summary>Where Unicorn 2.0.1 differs from the architecture.</summary>
internal static class UnicornDeviations
{
    private static readonly Deviation[] s_all =
    [
        new(
            "LDAR and STLR, and a store-exclusive that fails, are not checked for alignment: they complete",
            OutcomeFields.All,
            static (given, outcome) => outcome.Fault == FaultKind.Alignment && IsOrderedOrStoreExclusive(given)),
        new(
            "a store that faults on its second page or register has written the bytes before",
            OutcomeFields.AccessedMemory,
            static (_, outcome) => outcome.Fault == FaultKind.Memory && outcome.FaultIsWrite),
        new(
            "a store that crosses into an absent page reports another byte of the page than its lowest",
            OutcomeFields.FaultOffset,
            static (given, outcome) => outcome.Fault == FaultKind.Memory && outcome.FaultIsWrite && outcome.FaultAddress != given.Target),
        new(
            "absent memory is reported before the misalignment of a load-exclusive",
            OutcomeFields.FaultKind,
            static (given, outcome) => outcome.Fault == FaultKind.Alignment && given.Target - TestLayout.Data >= TestLayout.DataSize),
        new(
            "a load of several SIMD&FP registers or lanes that faults on a later one has written the first",
            OutcomeFields.Vector,
            static (given, outcome) => outcome.Fault == FaultKind.Memory && !outcome.FaultIsWrite && given.Row.Id.StartsWith("LD", System.StringComparison.Ordinal)
                && given.Class is LoadStoreClass.PairNoAllocate or LoadStoreClass.PairPostIndexed or LoadStoreClass.PairOffset or LoadStoreClass.PairPreIndexed
                    or LoadStoreClass.MultipleStructures or LoadStoreClass.MultipleStructuresPostIndexed
                    or LoadStoreClass.SingleStructure or LoadStoreClass.SingleStructurePostIndexed),
        new(
            "of what the architecture leaves open, it makes choices of its own",
            OutcomeFields.All,
            static (given, _) => given.IsConstrainedUnpredictable),
    ];

    /// <summary>Gets the fields that must agree with Unicorn.</summary>
    public static OutcomeFields Comparable(LoadStoreCase given, Outcome outcome)
    {
        OutcomeFields fields = OutcomeFields.All;
        foreach (Deviation deviation in s_all)
        {
            if (deviation.Applies(given, outcome))
            {
                fields &= ~deviation.Fields;
            }
        }

        return fields;
    }

    private static bool IsOrderedOrStoreExclusive(LoadStoreCase given) =>
        given.Class == LoadStoreClass.Ordered
        || (given.Class is LoadStoreClass.ExclusiveRegister or LoadStoreClass.ExclusivePair && (given.Word & (1u << 22)) == 0);
}
