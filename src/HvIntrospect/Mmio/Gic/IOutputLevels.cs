namespace HvIntrospect.Mmio.Gic;

/// <summary>The levels of the outputs of an interrupt controller. Used under its lock.</summary>
internal interface IOutputLevels
{
    /// <summary>Gets the number of CPUs.</summary>
    int Cpus { get; }

    /// <summary>Gets what the outputs of a CPU interface should be.</summary>
    /// <param name="cpu">The CPU.</param>
    /// <returns>Bit n is <see cref="GicOutput"/> n.</returns>
    uint LevelsOf(int cpu);

    /// <summary>Gets what the outputs of a CPU interface were told to be.</summary>
    /// <param name="cpu">The CPU.</param>
    /// <returns>Bit n is <see cref="GicOutput"/> n.</returns>
    ref uint ToldOf(int cpu);
}
