namespace HvIntrospect.Interpreter.Semantics;

/// <summary>The kinds of floating-point values.</summary>
internal enum FpKind
{
    /// <summary>Zero.</summary>
    Zero,

    /// <summary>Not zero and finite.</summary>
    Finite,

    /// <summary>Infinity.</summary>
    Infinity,

    /// <summary>A quiet NaN.</summary>
    QuietNaN,

    /// <summary>A signaling NaN.</summary>
    SignalingNaN,
}
