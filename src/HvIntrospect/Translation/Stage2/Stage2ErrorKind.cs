namespace HvIntrospect.Translation.Stage2;

/// <summary>Why a Stage 2 change failed.</summary>
public enum Stage2ErrorKind
{
    /// <summary>There are not enough pages for the new tables.</summary>
    OutOfTablePages,

    /// <summary>A page that holds or shall hold a table is not in physical memory.</summary>
    TableMemoryAbsent,
}
