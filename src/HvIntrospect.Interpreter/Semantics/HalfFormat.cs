namespace HvIntrospect.Interpreter.Semantics;

/// <summary>IEEE 754 half precision.</summary>
internal readonly struct HalfFormat : IFpFormat
{
    /// <inheritdoc/>
    public static int FractionBits => 10;

    /// <inheritdoc/>
    public static int ExponentBits => 5;
}
