using HvIntrospect.Interpreter.Semantics;

namespace HvIntrospect.Interpreter.Operations.FloatingPoint;

/// <summary>The rounding modes that instructions name.</summary>
internal static class FpRoundingModes
{
    /// <summary>To the nearest, ties to even.</summary>
    internal readonly struct NearestEven : IFpRoundingMode
    {
        /// <inheritdoc/>
        public static FpRounding Rounding => FpRounding.NearestEven;
    }

    /// <summary>To the nearest, ties away from zero.</summary>
    internal readonly struct NearestAway : IFpRoundingMode
    {
        /// <inheritdoc/>
        public static FpRounding Rounding => FpRounding.NearestAway;
    }

    /// <summary>Up.</summary>
    internal readonly struct PlusInfinity : IFpRoundingMode
    {
        /// <inheritdoc/>
        public static FpRounding Rounding => FpRounding.PlusInfinity;
    }

    /// <summary>Down.</summary>
    internal readonly struct MinusInfinity : IFpRoundingMode
    {
        /// <inheritdoc/>
        public static FpRounding Rounding => FpRounding.MinusInfinity;
    }

    /// <summary>Towards zero.</summary>
    internal readonly struct Zero : IFpRoundingMode
    {
        /// <inheritdoc/>
        public static FpRounding Rounding => FpRounding.Zero;
    }
}
