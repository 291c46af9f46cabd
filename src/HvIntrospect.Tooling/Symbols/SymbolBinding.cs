namespace HvIntrospect.Tooling.Symbols;

/// <summary>How far a symbol's name is visible. A lower value wins where several symbols share a name or an address.</summary>
public enum SymbolBinding
{
    /// <summary>Visible to all files that are linked together; one of its name.</summary>
    Global,

    /// <summary>Global, but gives way to another symbol of the same name.</summary>
    Weak,

    /// <summary>Visible in one source file only; others may use the same name.</summary>
    Local,
}
