using System;

namespace HvIntrospect.Interpreter.Mmu;

/// <summary>What kind of instruction makes a data access.</summary>
[Flags]
internal enum DataAccessFlags : byte
{
    /// <summary>A load.</summary>
    None = 0,

    /// <summary>A store.</summary>
    Write = 1,

    /// <summary>LDTR or STTR: the permissions of EL0 count.</summary>
    Unprivileged = 2,

    /// <summary>Acquire, release or exclusive: an unaligned access always faults.</summary>
    Ordered = 4,

    /// <summary>One plain element of a general-purpose register: offered to the inline access filter.</summary>
    Plain = 8,
}
