using System;

namespace HvIntrospect.Interpreter.Memory;

/// <summary>Why writes to a page of RAM need attention. A page with any flag is kept out of every vCPU's write TLB.</summary>
/// <remarks>
/// What a watch denies is not here: it is a property of an intermediate physical address, of which several may lead to one page with different permissions. The entry
/// of a translation remembers it (<see cref="Mmu.DataPageFlags"/>) and keeps the denied direction out of the fast TLB.
/// </remarks>
[Flags]
internal enum PageFlags : byte
{
    /// <summary>Writes need nothing.</summary>
    None = 0,

    /// <summary>The page has decoded operations, which a write drops.</summary>
    Code = 1,

    /// <summary>A vCPU's exclusive monitor holds a location of the page, which a write opens.</summary>
    Exclusive = 2,

    /// <summary>The page is clean in the dirty log; the first write takes the flag away.</summary>
    DirtyTracked = 4,

    /// <summary>The newest snapshot shares the page's bytes with the running machine; before the first write they are kept and the flag is taken away.</summary>
    SnapshotShared = 8,
}
