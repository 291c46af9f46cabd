namespace HvIntrospect.Interpreter.Mmu;

/// <summary>One data access of an instruction: one element, or several of one size side by side.</summary>
internal readonly struct DataAccess
{
    /// <summary>Initialises an access.</summary>
    /// <param name="va">The first byte.</param>
    /// <param name="elementSize">The size of an element in bytes, a power of two up to 16.</param>
    /// <param name="length">The size of all in bytes, at most 64.</param>
    /// <param name="flags">The kind of instruction.</param>
    public DataAccess(ulong va, int elementSize, int length, DataAccessFlags flags)
    {
        Va = va;
        ElementSize = elementSize;
        Length = length;
        Flags = flags;
    }

    /// <summary>Gets the address of the first byte.</summary>
    public ulong Va { get; }

    /// <summary>Gets the size of an element in bytes, to which the address should be aligned.</summary>
    public int ElementSize { get; }

    /// <summary>Gets the size of all elements in bytes.</summary>
    public int Length { get; }

    /// <summary>Gets the kind of instruction.</summary>
    public DataAccessFlags Flags { get; }

    /// <summary>Gets a value indicating whether it is a store.</summary>
    public bool IsWrite => (Flags & DataAccessFlags.Write) != 0;

    /// <summary>Gets a value indicating whether the address is a multiple of the element size.</summary>
    public bool IsAligned => (Va & ((ulong)ElementSize - 1)) == 0;
}
