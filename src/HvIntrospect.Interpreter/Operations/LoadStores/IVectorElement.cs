namespace HvIntrospect.Interpreter.Operations.LoadStores;

/// <summary>The part of a SIMD&amp;FP register that an access moves.</summary>
internal unsafe interface IVectorElement
{
    /// <summary>Gets the size in bytes: 1, 2, 4, 8 or 16.</summary>
    static abstract int Size { get; }

    /// <summary>Loads a register and zeroes the bits above.</summary>
    /// <param name="register">The register.</param>
    /// <param name="from">The bytes.</param>
    static abstract void Load(byte* register, byte* from);

    /// <summary>Stores the low part of a register.</summary>
    /// <param name="register">The register.</param>
    /// <param name="to">Receives the bytes.</param>
    static abstract void Store(byte* register, byte* to);
}
