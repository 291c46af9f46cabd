namespace HvIntrospect.Mmio.Gic;

/// <summary>Receives the level of an output of a CPU interface whenever it changes. Called without a lock held, on the thread that caused the change; one call at a time.</summary>
/// <param name="cpu">The number of the CPU.</param>
/// <param name="output">The output.</param>
/// <param name="isAsserted">The level.</param>
public delegate void GicOutputHandler(int cpu, GicOutput output, bool isAsserted);
