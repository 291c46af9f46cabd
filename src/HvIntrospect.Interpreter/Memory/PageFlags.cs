using System;

namespace HvIntrospect.Interpreter.Memory;

/// <summary>Why writes to a page of RAM need attention. A page with any flag is kept out of every vCPU's write TLB.</summary>
[Flags]
internal enum PageFlags : byte
{
    /// <summary>Writes need nothing.</summary>
    None = 0,

    /// <summary>The page has decoded operations, which a write drops.</summary>
    Code = 1,

    /// <summary>A vCPU's exclusive monitor holds a location of the page, which a write opens.</summary>
    Exclusive = 2,
}
