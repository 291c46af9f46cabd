using System;

namespace HvIntrospect.Registers;

/// <summary>A set of architecture features (FEAT_x).</summary>
[Flags]
public enum A64Features : ulong
{
    /// <summary>Armv8.0 without options.</summary>
    Armv8_0 = 0,
}
