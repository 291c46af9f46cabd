namespace HvIntrospect.Interpreter.Semantics;

/// <summary>IEEE 754 double precision.</summary>
internal readonly struct DoubleFormat : IFpFormat
{
    /// <inheritdoc/>
    public static int FractionBits => 52;

    /// <inheritdoc/>
    public static int ExponentBits => 11;
}
