using HvIntrospect.Interpreter.Semantics;

namespace HvIntrospect.Interpreter.Operations.FloatingPoint;

/// <summary>A rounding mode that an instruction names. Implemented by empty structs.</summary>
internal interface IFpRoundingMode
{
    /// <summary>Gets the mode.</summary>
    static abstract FpRounding Rounding { get; }
}
