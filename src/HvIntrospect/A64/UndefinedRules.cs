namespace HvIntrospect.A64;

/// <summary>Decides the rules of <see cref="UndefinedRule"/>.</summary>
internal static class UndefinedRules
{
    // By op1:op2: UAO, PAN, SPSel; ALLINT and PM; SSBS, DIT, SVCR, TCO, DAIFSet, DAIFClr.
    private const ulong PstateFields = (0b0011_1000UL << 0) | (0b0000_0001UL << 8) | (0b1101_1110UL << 24);

    /// <summary>Tests one word that matches a pattern with the rule.</summary>
    /// <param name="rule">The rule of the word's encoding.</param>
    /// <param name="word">The instruction word.</param>
    /// <returns>True when the word is UNDEFINED.</returns>
    public static bool IsUndefined(UndefinedRule rule, uint word) => rule switch
    {
        UndefinedRule.None => false,
        UndefinedRule.OddPair => (word & 0x0001_0001) != 0,
        UndefinedRule.EightRegisters => (word & 1) != 0 || (word & 0x18) == 0x18,
        UndefinedRule.ZeroRegisterInPair => (word & 0x1F) == 0x1F || (word & 0x1F_0000) == 0x1F_0000,
        UndefinedRule.OneDoubleword => (word & 0x4000_0C00) == 0x0C00,
        UndefinedRule.ReservedBitmask => IsReservedBitmask(word),
        UndefinedRule.ReservedShift => (word & 0x00C0_0000) == 0x00C0_0000,
        UndefinedRule.ExtendShift => (word & 0x1C00) > 0x1000,
        UndefinedRule.DuplicatedElement => (word & 0xF_0000) == 0 || (word & 0x400F_0000) == 0x8_0000,
        UndefinedRule.ElementAboveHalfword => (word & 0x3_0000) == 0,
        UndefinedRule.ElementAboveWord => (word & 0x7_0000) == 0,
        UndefinedRule.ElementAboveDoubleword => (word & 0xF_0000) == 0,
        UndefinedRule.VectorOfOneDoubleword => (word & 0x40C0_0000) == 0x00C0_0000,
        UndefinedRule.VectorOfOneDouble => (word & 0x4040_0000) == 0x0040_0000,
        UndefinedRule.DoublewordElements => (word & 0x00C0_0000) == 0x00C0_0000,
        UndefinedRule.ByteOrDoublewordElements => (word & 0x00C0_0000) is 0 or 0x00C0_0000,
        UndefinedRule.AcrossTwoLanes => (word & 0x00C0_0000) == 0x00C0_0000 || (word & 0x40C0_0000) == 0x0080_0000,
        UndefinedRule.ExtractBeyondVector => (word & 0x4000_4000) == 0x4000,
        UndefinedRule.ShiftOfNothing => (word & 0x0078_0000) == 0,
        UndefinedRule.ShiftOfOneDoubleword => (word & 0x0078_0000) == 0 || (word & 0x4040_0000) == 0x0040_0000,
        UndefinedRule.ShiftOfDoublewords => (word & 0x0078_0000) is 0 or >= 0x0040_0000,
        UndefinedRule.FixedPointScalar => (word & 0x0078_0000) < 0x0020_0000,
        UndefinedRule.FixedPointVector => (word & 0x0078_0000) < 0x0020_0000 || (word & 0x4040_0000) == 0x0040_0000,
        UndefinedRule.IndexedDoubleScalar => (word & 0x0060_0000) == 0x0060_0000,
        UndefinedRule.IndexedDouble => (word & 0x0060_0000) == 0x0060_0000 || (word & 0x4040_0000) == 0x0040_0000,
        UndefinedRule.ReservedPstateField => ((PstateFields >> (int)(((word >> 13) & 0x38) | ((word >> 5) & 7))) & 1) == 0,

        // A rule without a decision must not make words look allocated.
        _ => true,
    };

    /// <summary>Tests N:imms of a bitmask immediate (bits 22 and 15:10).</summary>
    private static bool IsReservedBitmask(uint word)
    {
        // The element has 2 << (position of the highest one in N:NOT(imms)) bits, at least 2; it must not be all ones.
        uint sizeBits = ((word >> 16) & 0x40) | (~(word >> 10) & 0x3F);
        if (sizeBits < 2)
        {
            return true;
        }

        uint levels = sizeBits;
        levels |= levels >> 1;
        levels |= levels >> 2;
        levels |= levels >> 4;
        levels >>= 1;
        return ((word >> 10) & levels) == levels;
    }
}
