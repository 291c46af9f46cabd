namespace HvIntrospect.Interpreter.Operations.LoadStores;

/// <summary>What one access moves between a general-purpose register and memory: the size and the extension.</summary>
internal unsafe interface IElement
{
    /// <summary>Gets the size in bytes: 1, 2, 4 or 8.</summary>
    static abstract int Size { get; }

    /// <summary>Gets SSE, SF and SAS of the instruction syndrome, in place.</summary>
    static abstract uint Syndrome { get; }

    /// <summary>Loads from the host's memory and extends to 64 bits.</summary>
    /// <param name="host">The aligned address.</param>
    /// <returns>The register's new value.</returns>
    static abstract ulong Load(byte* host);

    /// <summary>Extends what was read to 64 bits.</summary>
    /// <param name="value">The bytes as a little-endian number; higher bits are 0.</param>
    /// <returns>The register's new value.</returns>
    static abstract ulong Extend(ulong value);

    /// <summary>Stores to the host's memory.</summary>
    /// <param name="host">The aligned address.</param>
    /// <param name="value">The register's value.</param>
    static abstract void Store(byte* host, ulong value);
}
