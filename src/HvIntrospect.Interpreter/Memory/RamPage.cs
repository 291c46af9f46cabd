using HvIntrospect.Interpreter.Dispatch;

namespace HvIntrospect.Interpreter.Memory;

/// <summary>One page of RAM, 4096 bytes: where it and its bookkeeping lie.</summary>
internal readonly unsafe struct RamPage
{
    /// <summary>Initialises a page.</summary>
    /// <param name="pa">The physical address of its first byte.</param>
    /// <param name="host">Its bytes.</param>
    /// <param name="flags">Its flag byte.</param>
    /// <param name="operations">Where its decoded operations are noted; null inside while there are none.</param>
    public RamPage(ulong pa, byte* host, PageFlags* flags, Operation** operations)
    {
        Pa = pa;
        Host = host;
        Flags = flags;
        Operations = operations;
    }

    /// <summary>Gets the physical address of the first byte.</summary>
    public ulong Pa { get; }

    /// <summary>Gets the bytes.</summary>
    public byte* Host { get; }

    /// <summary>Gets the flag byte.</summary>
    public PageFlags* Flags { get; }

    /// <summary>Gets where the decoded operations are noted.</summary>
    public Operation** Operations { get; }
}
