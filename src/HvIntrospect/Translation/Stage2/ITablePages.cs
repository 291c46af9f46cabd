namespace HvIntrospect.Translation.Stage2;

/// <summary>Gives physical pages for translation tables. The pages are the hypervisor's: no guest may reach them.</summary>
/// <remarks>Called only while one table change is prepared or ends; not called concurrently by one set of tables.</remarks>
public interface ITablePages
{
    /// <summary>Takes consecutive pages, each of the size of the tables' granule.</summary>
    /// <param name="count">A power of two, 1 to 16: more than 1 only for the concatenated tables of a root.</param>
    /// <param name="first">The first page, aligned to the size of all of them. The content does not matter.</param>
    /// <returns>False when there are not enough pages; nothing was taken.</returns>
    bool TryAllocate(int count, out Pa first);

    /// <summary>Gives pages back.</summary>
    /// <param name="first">What <see cref="TryAllocate"/> gave.</param>
    /// <param name="count">The same number of pages.</param>
    void Free(Pa first, int count);
}
