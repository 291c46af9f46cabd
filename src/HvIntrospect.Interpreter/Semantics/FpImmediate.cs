namespace HvIntrospect.Interpreter.Semantics;

/// <summary>The floating-point immediates of FMOV.</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), pseudocode VFPExpandImm.</remarks>
internal static class FpImmediate
{
    /// <summary>Expands an immediate.</summary>
    /// <typeparam name="TFormat">The format.</typeparam>
    /// <param name="imm8">The immediate, 0 to 255.</param>
    /// <returns>The value.</returns>
    public static ulong Expand<TFormat>(uint imm8)
        where TFormat : struct, IFpFormat
    {
        // The exponent is NOT(b):b..b:cd and the fraction efgh:0..0 of abcdefgh.
        ulong exponent = (imm8 >> 4) & 3;
        ulong b = (imm8 >> 6) & 1;
        exponent |= b == 0 ? 1UL << (TFormat.ExponentBits - 1) : (1UL << (TFormat.ExponentBits - 1)) - 4;
        return FpEncoding<TFormat>.Zero((imm8 & 0x80) != 0)
            | (exponent << TFormat.FractionBits)
            | ((ulong)(imm8 & 0xF) << (TFormat.FractionBits - 4));
    }
}
