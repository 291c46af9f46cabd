namespace HvIntrospect;

/// <summary>The instruction cache maintenance instructions.</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), "A64 System instruction class".</remarks>
public enum InstructionCacheOperation
{
    /// <summary>IC IALLUIS: all, to the Point of Unification, Inner Shareable domain.</summary>
    Ialluis,

    /// <summary>IC IALLU: all, to the Point of Unification, this core.</summary>
    Iallu,

    /// <summary>IC IVAU: by address, to the Point of Unification.</summary>
    Ivau,
}
