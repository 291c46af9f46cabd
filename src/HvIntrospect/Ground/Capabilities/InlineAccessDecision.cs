namespace HvIntrospect;

/// <summary>What a backend does with an access that it offered.</summary>
public enum InlineAccessDecision
{
    /// <summary>Perform it as if nothing were denied.</summary>
    Perform,

    /// <summary>Perform it with the changed <see cref="InlineAccess.NewData"/>.</summary>
    Replace,

    /// <summary>Do not access memory: PC advances, writeback happens, a load leaves its destination unchanged.</summary>
    Skip,

    /// <summary>Take the Stage 2 permission fault that the denied permission would cause.</summary>
    Trap,
}
