using HvIntrospect.A64;

namespace HvIntrospect.Samples.Decode.Words;

/// <summary>Why a Stage 2 abort of an instruction carries no instruction syndrome (ISV=0).</summary>
/// <param name="Key">The reason in one word, for programs.</param>
/// <param name="Text">The reason for people.</param>
internal sealed record Silence(string Key, string Text)
{
    private static readonly Silence s_writeback = new("writeback", "it writes its base register back");
    private static readonly Silence s_pair = new("pair", "it transfers a pair of registers");
    private static readonly Silence s_simd = new("simd", "it transfers SIMD&FP registers");
    private static readonly Silence s_structure = new("structure", "it transfers structures of SIMD&FP registers");
    private static readonly Silence s_exclusive = new("exclusive", "it is a load-exclusive or store-exclusive");
    private static readonly Silence s_atomic = new("atomic", "it is an atomic read-modify-write");
    private static readonly Silence s_tags = new("tags", "it accesses Allocation Tags");
    private static readonly Silence s_memory = new("mops", "it is a memory copy or memory set");
    private static readonly Silence s_stack = new("gcs", "it stores to a Guarded Control Stack");
    private static readonly Silence s_literal = new("literal", "it is a literal load, for which the manual's words and its pseudocode differ");
    private static readonly Silence s_ordered = new("rcpc", "it is an RCpc access, for which the manual's words and its pseudocode differ");

    /// <summary>Gets the reason of a system instruction that writes memory.</summary>
    public static Silence SystemInstruction { get; } = new("dc", "it is a DC instruction that zeroes data or sets tags");

    /// <summary>Gets the reason of a load or store of the scalable extensions.</summary>
    public static Silence Scalable { get; } = new("scalable", "it is an SVE or SME access");

    /// <summary>Finds the reason.</summary>
    /// <returns>Null when the architecture reports the syndrome, and for prefetches, which never abort.</returns>
    public static Silence? Of(in LoadStoreAccess access) =>
        access.ReportsSyndrome || access.Kind == LoadStoreKind.Prefetch ? null
        : access.IsGuardedControlStack ? s_stack
        : access.Operation is LoadStoreOperation.Copy or LoadStoreOperation.CopyForward or LoadStoreOperation.Fill or LoadStoreOperation.FillWithTags or LoadStoreOperation.FillTags ? s_memory
        : access.AccessesTags ? s_tags
        : access.IsExclusive ? s_exclusive
        : access.Kind == LoadStoreKind.LoadStore ? s_atomic
        : access.StructureElements != 0 ? s_structure
        : access.IsVector ? s_simd
        : access.RegisterCount > 1 ? s_pair
        : access.MayReportSyndrome ? access.AddressingMode == AddressingMode.Literal ? s_literal : s_ordered
        : s_writeback;
}
