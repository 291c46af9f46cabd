using System.Threading;
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

    /// <summary>Sets flags. Writers on other threads may change others at the same time.</summary>
    /// <param name="flags">The flags.</param>
    public void Set(PageFlags flags) => Change(Flags, flags, PageFlags.None);

    /// <summary>Takes flags away. Writers on other threads may change others at the same time.</summary>
    /// <param name="flags">The flags.</param>
    public void Clear(PageFlags flags) => Change(Flags, PageFlags.None, flags);

    /// <summary>Changes flags in one atomic step.</summary>
    /// <param name="at">The flag byte.</param>
    /// <param name="set">The flags to set.</param>
    /// <param name="clear">The flags to take away.</param>
    public static void Change(PageFlags* at, PageFlags set, PageFlags clear)
    {
        byte old;
        byte changed;
        do
        {
            old = (byte)*at;
            changed = (byte)((PageFlags)old & ~clear | set);
        }
        while (old != changed && Interlocked.CompareExchange(ref *(byte*)at, changed, old) != old);
    }
}
