namespace HvIntrospect.Peers;

/// <summary>The A64 cores that Unicorn knows.</summary>
public enum UnicornModel
{
    /// <summary>Cortex-A57, an Armv8.0 core.</summary>
    CortexA57,

    /// <summary>Cortex-A53, an Armv8.0 core.</summary>
    CortexA53,

    /// <summary>Cortex-A72, an Armv8.0 core.</summary>
    CortexA72,

    /// <summary>All extensions that it implements, pointer authentication and Memory Tagging among them.</summary>
    Max,
}
