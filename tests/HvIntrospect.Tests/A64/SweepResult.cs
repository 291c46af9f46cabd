namespace HvIntrospect.Tests.A64;

/// <summary>What the sweep over all 2^30 words of the load/store group has counted, with every feature on: it fails where they differ, and the documentation states them.</summary>
internal static class SweepResult
{
    public const long Valid = 575_162_542;

    public const long ConstrainedUnpredictable = 54_848_210;

    public const long Unallocated = (1L << 30) - Valid - ConstrainedUnpredictable;
}
