namespace HvIntrospect.Tooling.Symbols;

/// <summary>What a symbol stands for.</summary>
public enum SymbolKind
{
    /// <summary>Nothing said: an assembly label or a name that a linker script defines.</summary>
    NoType,

    /// <summary>A variable.</summary>
    Object,

    /// <summary>A function.</summary>
    Function,

    /// <summary>Something that is not at an address: a source file, a section, a thread-local variable. <see cref="SymbolTable"/> leaves it out.</summary>
    Other,
}
