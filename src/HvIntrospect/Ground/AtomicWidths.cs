using System;

namespace HvIntrospect;

/// <summary>A set of access widths.</summary>
[Flags]
public enum AtomicWidths : byte
{
    /// <summary>No width.</summary>
    None = 0,

    /// <summary>1 byte.</summary>
    Byte = 1,

    /// <summary>2 bytes.</summary>
    Halfword = 2,

    /// <summary>4 bytes.</summary>
    Word = 4,

    /// <summary>8 bytes.</summary>
    Doubleword = 8,

    /// <summary>16 bytes.</summary>
    Quadword = 16,

    /// <summary>1, 2, 4 and 8 bytes.</summary>
    UpToDoubleword = Byte | Halfword | Word | Doubleword,

    /// <summary>1, 2, 4, 8 and 16 bytes.</summary>
    UpToQuadword = UpToDoubleword | Quadword,
}
