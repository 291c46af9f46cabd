using System;

namespace HvIntrospect.Translation;

/// <summary>What an access needs of a translation.</summary>
[Flags]
public enum Stage1AccessKind : byte
{
    /// <summary>Nothing: the translation is looked up without a permission check.</summary>
    None = 0,

    /// <summary>A data read.</summary>
    Read = 1,

    /// <summary>A data write.</summary>
    Write = 2,

    /// <summary>An atomic read and write: both permissions are needed.</summary>
    ReadWrite = Read | Write,

    /// <summary>An instruction fetch.</summary>
    Fetch = 4,
}
