namespace HvIntrospect.Tooling.Symbols;

/// <summary>What is wrong with a list of symbols.</summary>
public enum SymbolTextErrorKind
{
    /// <summary>Nothing is wrong.</summary>
    None,

    /// <summary>A line is not an address, a letter and a name.</summary>
    Malformed,

    /// <summary>All addresses are 0: the kernel hid them from who read them (kptr_restrict).</summary>
    Restricted,

    /// <summary>There is no symbol.</summary>
    NoSymbol,

    /// <summary>There is more of something than <see cref="SymbolText"/> accepts.</summary>
    LimitExceeded,
}
