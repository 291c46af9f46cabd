namespace HvIntrospect.A64;

/// <summary>The part of a <see cref="LoadStoreAccess"/> that holds sizes, as it packs them.</summary>
internal static class LoadStoreSizes
{
    /// <summary>Packs sizes in bytes and the number of registers.</summary>
    /// <param name="elementSize">Bytes of one element.</param>
    /// <param name="count">Number of registers.</param>
    /// <param name="registerSize">Bytes of the transfer register.</param>
    /// <param name="totalSize">Bytes in all.</param>
    /// <returns>The packed sizes, without extension, structure elements and lane.</returns>
    public static ulong Pack(int elementSize, int count, int registerSize, int totalSize)
    {
        return (uint)elementSize | (uint)count << 8 | (uint)registerSize << 16 | (uint)totalSize << 24;
    }
}
