namespace HvIntrospect.Samples.WatchIpa;

/// <summary>What a run came to.</summary>
/// <param name="Instructions">The instructions that the guest retired.</param>
/// <param name="Exits">The exits from the guest to the hypervisor.</param>
/// <param name="Accesses">The accesses to watched bytes.</param>
/// <param name="Emulated">The accesses that were performed for the guest after an exit.</param>
/// <param name="Stepped">The accesses that could not be performed and were stepped over instead.</param>
/// <param name="Seconds">The time that the run took.</param>
/// <param name="End">Why it ended.</param>
internal readonly record struct RunSummary(
    ulong Instructions, ulong Exits, ulong Accesses, ulong Emulated, ulong Stepped, double Seconds, string End)
{
    /// <summary>Gets the guest's speed in millions of instructions a second.</summary>
    public double Mips => Seconds > 0 ? Instructions / Seconds / 1e6 : 0;
}
