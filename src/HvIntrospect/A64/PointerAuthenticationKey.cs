namespace HvIntrospect.A64;

/// <summary>The key with which LDRAA and LDRAB authenticate the base address.</summary>
public enum PointerAuthenticationKey : byte
{
    /// <summary>The address is not authenticated.</summary>
    None,

    /// <summary>Data key A (LDRAA).</summary>
    DataA,

    /// <summary>Data key B (LDRAB).</summary>
    DataB,
}
