using System;

namespace HvIntrospect.Peers;

/// <summary>What a mapping of Unicorn permits.</summary>
[Flags]
public enum UnicornProtection : uint
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Reads.</summary>
    Read = 1,

    /// <summary>Writes.</summary>
    Write = 2,

    /// <summary>Fetches.</summary>
    Execute = 4,

    /// <summary>Everything.</summary>
    All = Read | Write | Execute,
}
