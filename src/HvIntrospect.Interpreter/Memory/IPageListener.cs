using HvIntrospect.Interpreter.Dispatch;

namespace HvIntrospect.Interpreter.Memory;

/// <summary>Receives what happens to flagged pages; a vCPU's engine, whose caches and monitor depend on it.</summary>
internal unsafe interface IPageListener
{
    /// <summary>A page got a flag: it must leave the write TLB.</summary>
    /// <param name="page">The page.</param>
    void OnPageFlagged(in RamPage page);

    /// <summary>Any page may have got a flag: all must leave the write TLB.</summary>
    void OnPagesFlagged();

    /// <summary>Bytes of a page in which a monitor may hold a location were written: a monitor that holds one of them opens.</summary>
    /// <param name="page">The page.</param>
    /// <param name="offset">The first byte in the page.</param>
    /// <param name="length">The number of bytes.</param>
    /// <returns>True when the monitor still holds a location of the page.</returns>
    bool OnExclusiveWritten(in RamPage page, int offset, int length);

    /// <summary>Tells whether decoded operations are those of the page that is executed.</summary>
    /// <param name="operations">A page's operations.</param>
    /// <returns>True when they must stay.</returns>
    bool IsExecuting(Operation* operations);

    /// <summary>A page's decoded operations are given up: the fetch TLB must forget them.</summary>
    /// <param name="operations">The operations.</param>
    void OnOperationsDropped(Operation* operations);
}
