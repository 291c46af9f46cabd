namespace HvIntrospect.Mmio;

/// <summary>Where and by whom a device is accessed.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
public readonly struct MmioAccess
{
    /// <summary>Makes a description.</summary>
    /// <param name="vcpu">The number of the vCPU.</param>
    /// <param name="offset">The first byte, from the start of the range that the device was mapped on.</param>
    /// <param name="size">The size in bytes, 1 to 8.</param>
    public MmioAccess(int vcpu, ulong offset, int size)
    {
        Vcpu = vcpu;
        Offset = offset;
        Size = size;
    }

    /// <summary>Gets the number of the vCPU whose access it is, as a device with registers for each vCPU needs it.</summary>
    public int Vcpu { get; }

    /// <summary>Gets the first byte, from the start of the range that the device was mapped on; not necessarily aligned.</summary>
    public ulong Offset { get; }

    /// <summary>Gets the size: 1, 2, 4 or 8 bytes, or another number up to 8 for the part of an unaligned access that lies in one page.</summary>
    public int Size { get; }
}
