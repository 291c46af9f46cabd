using HvIntrospect.Interpreter.Semantics;

namespace HvIntrospect.Interpreter.Operations.Simd;

/// <summary>The immediates of MOVI, MVNI, ORR, BIC and FMOV of vectors.</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), pseudocode AdvSIMDExpandImm.</remarks>
internal static class VectorImmediate
{
    private const ulong InEachWord = 0x1_0000_0001;
    private const ulong InEachHalfword = 0x1_0001_0001_0001;
    private const ulong InEachByte = 0x101_0101_0101_0101;

    /// <summary>Expands an immediate, without the inversion of MVNI and BIC.</summary>
    /// <param name="isOp">op, bit 29.</param>
    /// <param name="cmode">cmode, 0 to 15.</param>
    /// <param name="imm8">The immediate, 0 to 255.</param>
    /// <returns>64 bits.</returns>
    public static ulong Expand(bool isOp, uint cmode, uint imm8)
    {
        int shift = (int)(cmode >> 1 & 3) * 8;
        return cmode switch
        {
            < 0b1000 => ((ulong)imm8 << shift) * InEachWord,
            < 0b1100 => ((ulong)imm8 << (shift & 8)) * InEachHalfword,
            0b1100 => (((ulong)imm8 << 8) | 0xFF) * InEachWord,
            0b1101 => (((ulong)imm8 << 16) | 0xFFFF) * InEachWord,
            0b1110 => isOp ? ExpandBits(imm8) : imm8 * InEachByte,
            _ => isOp ? FpImmediate.Expand<DoubleFormat>(imm8) : FpImmediate.Expand<SingleFormat>(imm8) * InEachWord,
        };
    }

    private static ulong ExpandBits(uint imm8)
    {
        ulong value = 0;
        for (int i = 0; i < 8; i++)
        {
            value |= ((imm8 >> i) & 1) * (0xFFUL << (8 * i));
        }

        return value;
    }
}
