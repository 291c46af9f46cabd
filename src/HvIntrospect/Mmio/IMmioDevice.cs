namespace HvIntrospect.Mmio;

/// <summary>A device whose registers the guest reaches by loads and stores.</summary>
/// <remarks>
/// <para>One call is one single-copy atomic element of a guest's access, in the architecture's order: a pair makes two calls, the lower
/// address first, and a 16-byte SIMD access makes two calls of 8 bytes. The library calls exactly once for each element that the guest
/// executes, also when the loaded value goes to the zero register, and only after every fault of the instruction has been excluded.</para>
/// <para>The data is the number whose little-endian bytes lie on the bus, whatever the guest's data endianness is.
/// An exception that a device throws leaves the exit unhandled and the guest unchanged; reads that were made before it are kept and not repeated.</para>
/// <para>Threads: the calls come from the threads that handle vCPU exits, several at one time; no lock is held.</para>
/// </remarks>
public interface IMmioDevice
{
    /// <summary>Reads registers. Reading may have side effects.</summary>
    /// <param name="access">Where, and by whom.</param>
    /// <returns>The data; bits above the size are ignored.</returns>
    ulong Read(in MmioAccess access);

    /// <summary>Writes registers.</summary>
    /// <param name="access">Where, and by whom.</param>
    /// <param name="value">The data, zero-extended.</param>
    void Write(in MmioAccess access, ulong value);
}
