namespace HvIntrospect.LoadStores;

/// <summary>What a part of a load or store does to the bytes at an address.</summary>
public enum LoadStoreDirection : byte
{
    /// <summary>It reads them.</summary>
    Read,

    /// <summary>It writes them.</summary>
    Write,

    /// <summary>It reads and writes them as one: both permissions are needed, and a fault is a write's only where the read alone would pass.</summary>
    Modify,
}
