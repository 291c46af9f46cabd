namespace HvIntrospect.Interpreter.Mmu;

/// <summary>What an address is translated for.</summary>
internal enum AccessKind : byte
{
    /// <summary>A data read.</summary>
    Read,

    /// <summary>A data write.</summary>
    Write,

    /// <summary>An instruction fetch.</summary>
    Fetch,
}
