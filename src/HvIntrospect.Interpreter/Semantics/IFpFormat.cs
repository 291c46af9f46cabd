namespace HvIntrospect.Interpreter.Semantics;

/// <summary>A floating-point format, implemented by empty structs. Values are held in the low bits of 64.</summary>
internal interface IFpFormat
{
    /// <summary>Gets the bits of the fraction.</summary>
    static abstract int FractionBits { get; }

    /// <summary>Gets the bits of the exponent.</summary>
    static abstract int ExponentBits { get; }
}
