using System.Collections.Generic;

namespace HvIntrospect.Benchmarks.Reporting;

/// <summary>The names under which figures are written; tools compare them between versions, so none is ever renamed.</summary>
internal static class FigureNames
{
    public const string DecodeNs = "decode_ns";
    public const string DecodeVsCapstone = "decode_vs_capstone";
    public const string DecodeColdMs = "decode_cold_ms";
    public const string MipsGeomean = "mips_geomean";
    public const string MipsVsUnicorn = "mips_vs_unicorn";
    public const string StepNs = "step_ns";
    public const string StepVsUnicorn = "step_vs_unicorn";
    public const string Stage2MapNsPerPage = "s2_map_ns_per_page";
    public const string Stage2MapVsArray = "s2_map_vs_array";
    public const string Stage2MapPageByPageNs = "s2_map_page_by_page_ns";
    public const string Stage2MapPageByPageVsArray = "s2_map_page_by_page_vs_array";
    public const string Stage2WalkNs = "s2_walk_ns";
    public const string Stage2WalkVsArray = "s2_walk_vs_array";
    public const string WatchUnusedX = "watch_unused_x";
    public const string WatchNearNs = "watch_near_ns";
    public const string WatchHitNs = "watch_hit_ns";
    public const string AllocDecode = "alloc_decode";
    public const string AllocAccess = "alloc_access";
    public const string AllocInstruction = "alloc_instruction";

    /// <summary>Gets all names in the order of the report.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        DecodeNs, DecodeVsCapstone, DecodeColdMs, MipsGeomean, MipsVsUnicorn, StepNs, StepVsUnicorn,
        Stage2MapNsPerPage, Stage2MapVsArray, Stage2MapPageByPageNs, Stage2MapPageByPageVsArray, Stage2WalkNs, Stage2WalkVsArray,
        WatchUnusedX, WatchNearNs, WatchHitNs, AllocDecode, AllocAccess, AllocInstruction,
    ];
}
