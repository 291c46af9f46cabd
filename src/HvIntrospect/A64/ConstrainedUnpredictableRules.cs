namespace HvIntrospect.A64;

/// <summary>Decides which reasons of <see cref="ConstrainedUnpredictable"/> apply to a word.</summary>
internal static class ConstrainedUnpredictableRules
{
    /// <summary>Finds the reasons that apply.</summary>
    /// <param name="plan">The plan of the word's row.</param>
    /// <param name="word">The instruction word.</param>
    /// <param name="registers">Rt, Rn, Rt2 and Rs in bits 4:0, 9:5, 14:10 and 20:16; 31 where the encoding names none.</param>
    /// <returns>The reasons.</returns>
    public static ConstrainedUnpredictable Find(in LoadStorePlan plan, uint word, uint registers)
    {
        ConstrainedUnpredictable possible = plan.PossibleReasons;
        var reasons = ConstrainedUnpredictable.None;
        uint rt = registers & 0x1F;
        uint rn = (registers >> 5) & 0x1F;
        uint rt2 = (registers >> 10) & 0x1F;
        uint rs = (registers >> 16) & 0x1F;

        const ConstrainedUnpredictable Writeback = ConstrainedUnpredictable.WritebackOverlapsLoad | ConstrainedUnpredictable.WritebackOverlapsStore;
        if ((possible & Writeback) != 0 && (rn == rt || rn == rt2) && rn != 31)
        {
            reasons |= possible & Writeback;
        }

        const ConstrainedUnpredictable SamePair = ConstrainedUnpredictable.LoadPairOverlaps | ConstrainedUnpredictable.Atomic128Overlaps;
        if ((possible & SamePair) != 0 && rt == rt2)
        {
            reasons |= possible & SamePair;
        }

        const ConstrainedUnpredictable Rare = ~(Writeback | SamePair);
        return (possible & Rare) == 0 ? reasons : reasons | FindRare(plan, word, rt, rn, rt2, rs);
    }

    private static ConstrainedUnpredictable FindRare(in LoadStorePlan plan, uint word, uint rt, uint rn, uint rt2, uint rs)
    {
        ConstrainedUnpredictable possible = plan.PossibleReasons;
        var reasons = ConstrainedUnpredictable.None;
        if ((possible & ConstrainedUnpredictable.StatusOverlapsData) != 0)
        {
            bool isPair = (plan.RegistersAndFlags & 0x7C00) == 0;
            if (rs == rt || (isPair && rs == rt2))
            {
                reasons |= ConstrainedUnpredictable.StatusOverlapsData;
            }

            if (rs == rn && rn != 31)
            {
                reasons |= ConstrainedUnpredictable.StatusOverlapsBase;
            }
        }

        if ((possible & ConstrainedUnpredictable.MemoryOperationRegisters) != 0)
        {
            // Rs is data in SET*, where it may be the zero register, and an address in CPY*.
            bool isCopy = (LoadStoreKind)((plan.Identity >> 24) & 0xF) == LoadStoreKind.LoadStore;
            if (rt == rs || rs == rn || rt == rn || rt == 31 || rn == 31 || (isCopy && rs == 31))
            {
                reasons |= ConstrainedUnpredictable.MemoryOperationRegisters;
            }
        }

        if ((word & plan.ShouldBeOne) != plan.ShouldBeOne)
        {
            reasons |= ConstrainedUnpredictable.ShouldBeOne;
        }

        return reasons;
    }
}
