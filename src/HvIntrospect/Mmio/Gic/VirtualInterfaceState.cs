using System;

namespace HvIntrospect.Mmio.Gic;

/// <summary>Everything that <see cref="GicVirtualInterfaces"/> remember.</summary>
internal sealed class VirtualInterfaceState
{
    /// <summary>Makes the state out of reset.</summary>
    /// <param name="cpus">The number of CPUs.</param>
    /// <param name="lists">The number of list registers of each.</param>
    public VirtualInterfaceState(int cpus, int lists)
    {
        Interfaces = new VirtualInterface[cpus];
        for (int cpu = 0; cpu < cpus; cpu++)
        {
            Interfaces[cpu] = new VirtualInterface(lists);
        }

        Outputs = new uint[cpus];
    }

    private VirtualInterfaceState(VirtualInterfaceState other)
    {
        Interfaces = Array.ConvertAll(other.Interfaces, static one => one.Copy());
        Outputs = (uint[])other.Outputs.Clone();
    }

    /// <summary>Gets the interfaces.</summary>
    public VirtualInterface[] Interfaces { get; }

    /// <summary>Gets the levels of the outputs as they were told last: bit n is <see cref="GicOutput"/> n.</summary>
    public uint[] Outputs { get; }

    /// <summary>Copies the state.</summary>
    /// <returns>The copy.</returns>
    public VirtualInterfaceState Copy() => new(this);
}
