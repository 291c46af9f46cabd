namespace HvIntrospect.Mmio;

/// <summary>One element of a load or store of an IPA that neither memory nor a device owns.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
public readonly struct UnownedAccess
{
    /// <summary>Makes a description.</summary>
    /// <param name="vcpu">The number of the vCPU.</param>
    /// <param name="pc">The instruction's address.</param>
    /// <param name="va">The virtual address of the first byte.</param>
    /// <param name="ipa">The IPA of the first byte.</param>
    /// <param name="size">The size in bytes, 1 to 8.</param>
    /// <param name="isWrite">True for a store.</param>
    /// <param name="data">The stored data, zero-extended; 0 for a load.</param>
    public UnownedAccess(int vcpu, Va pc, Va va, Ipa ipa, int size, bool isWrite, ulong data)
    {
        Vcpu = vcpu;
        Pc = pc;
        Va = va;
        Ipa = ipa;
        Size = size;
        IsWrite = isWrite;
        Data = data;
    }

    /// <summary>Gets the number of the vCPU.</summary>
    public int Vcpu { get; }

    /// <summary>Gets the instruction's address.</summary>
    public Va Pc { get; }

    /// <summary>Gets the virtual address of the first byte.</summary>
    public Va Va { get; }

    /// <summary>Gets the IPA of the first byte.</summary>
    public Ipa Ipa { get; }

    /// <summary>Gets the size in bytes, 1 to 8.</summary>
    public int Size { get; }

    /// <summary>Gets a value indicating whether it is a store.</summary>
    public bool IsWrite { get; }

    /// <summary>Gets the stored data as a little-endian number; 0 for a load.</summary>
    public ulong Data { get; }
}
