namespace HvIntrospect.Interpreter;

/// <summary>What the instruction cache of a <see cref="Machine"/> does with code that the guest rewrites.</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), "Concurrent modification and execution of instructions". Silicon may do either, and anything between.</remarks>
public enum InstructionCacheMode
{
    /// <summary>A store is seen by the next fetch.</summary>
    Coherent,

    /// <summary>
    /// A word that was executed stays as it was until IC IALLU, IC IALLUIS or IC IVAU of its line, a DSB behind it, and then an ISB, an exception or an exception return.
    /// One cache serves all vCPUs, so their maintenance is always broadcast. What EL2 writes through the library's memory interfaces is seen at once.
    /// EL2 itself reads memory, as on silicon, not the cache: what it decodes at a stale PC is not what the guest has executed.
    /// </summary>
    Stale,
}
