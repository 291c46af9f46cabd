namespace HvIntrospect.Interpreter.Memory;

/// <summary>Receives what happens to flagged pages; a vCPU's engine, whose caches and monitor depend on it.</summary>
internal interface IPageListener
{
    /// <summary>A page got a flag: it must leave the write TLB.</summary>
    /// <param name="page">The page.</param>
    void OnPageFlagged(in RamPage page);

    /// <summary>Bytes of a page in which a monitor may hold a location were written.</summary>
    /// <param name="pa">The first byte.</param>
    /// <param name="length">The number of bytes.</param>
    void OnExclusiveWritten(ulong pa, int length);
}
