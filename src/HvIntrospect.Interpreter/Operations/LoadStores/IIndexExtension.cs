namespace HvIntrospect.Interpreter.Operations.LoadStores;

/// <summary>How an index register is extended to 64 bits.</summary>
internal interface IIndexExtension
{
    /// <summary>Extends the register.</summary>
    /// <param name="value">The register.</param>
    /// <returns>The index.</returns>
    static abstract ulong Extend(ulong value);
}
