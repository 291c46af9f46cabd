namespace HvIntrospect.Peers;

/// <summary>Unicorn's result codes.</summary>
public enum UnicornError
{
    /// <summary>No error.</summary>
    None = 0,

    /// <summary>A data read met unmapped memory.</summary>
    ReadUnmapped = 6,

    /// <summary>A data write met unmapped memory.</summary>
    WriteUnmapped = 7,

    /// <summary>A fetch met unmapped memory.</summary>
    FetchUnmapped = 8,

    /// <summary>The instruction is not allocated.</summary>
    InvalidInstruction = 10,

    /// <summary>A data write met memory that may not be written.</summary>
    WriteProtected = 12,

    /// <summary>A data read met memory that may not be read.</summary>
    ReadProtected = 13,

    /// <summary>A fetch met memory that may not be executed.</summary>
    FetchProtected = 14,

    /// <summary>A misaligned data read.</summary>
    ReadUnaligned = 16,

    /// <summary>A misaligned data write.</summary>
    WriteUnaligned = 17,

    /// <summary>An exception that no hook took.</summary>
    Exception = 21,
}
