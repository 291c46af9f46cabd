namespace HvIntrospect.Interpreter.Semantics;

/// <summary>How a result that lies between two floating-point or integer values is rounded.</summary>
/// <remarks>The first four are the values of FPCR.RMode.</remarks>
internal enum FpRounding
{
    /// <summary>To the nearest value, ties to the even one.</summary>
    NearestEven = 0,

    /// <summary>Towards plus infinity.</summary>
    PlusInfinity = 1,

    /// <summary>Towards minus infinity.</summary>
    MinusInfinity = 2,

    /// <summary>Towards zero.</summary>
    Zero = 3,

    /// <summary>To the nearest value, ties away from zero.</summary>
    NearestAway = 4,

    /// <summary>Towards zero, but with the lowest bit set when that is inexact, so that a second rounding is right.</summary>
    Odd = 5,
}
