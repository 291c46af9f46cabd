namespace HvIntrospect.Interpreter.Semantics;

/// <summary>IEEE 754 single precision.</summary>
internal readonly struct SingleFormat : IFpFormat
{
    /// <inheritdoc/>
    public static int FractionBits => 23;

    /// <inheritdoc/>
    public static int ExponentBits => 8;
}
