using System.Runtime.CompilerServices;

namespace HvIntrospect.A64;

/// <summary>The second part of load/store decoding: operands that are not in the simple form, and the checks.</summary>
internal static class LoadStoreForms
{
    private const uint Rt2Field = 0x1F << 10;
    private const uint UpperField = 0x1F << 16;

    /// <summary>Makes the record of a word that matches a row of any form.</summary>
    /// <param name="plan">The row's plan.</param>
    /// <param name="word">The instruction word.</param>
    /// <param name="access">Receives the operands.</param>
    /// <returns>The outcome.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static LoadStoreStatus Fill(in LoadStorePlan plan, uint word, out LoadStoreAccess access)
    {
        uint registers = (uint)plan.RegistersAndFlags | word;
        uint field = (word >> plan.ImmediatePosition) & plan.ImmediateMask;
        uint immediate = (((field ^ plan.ImmediateSign) - plan.ImmediateSign) << plan.ImmediateScale) + plan.ImpliedImmediate;
        ulong sizes = plan.Sizes;
        switch (plan.Form)
        {
            case LoadStoreForm.Simple:
                break;
            case LoadStoreForm.EvenPair:
                registers = (registers & ~Rt2Field) | ((registers & 0x1F) + 1) << 10;
                break;
            case LoadStoreForm.UpperRt2:
                registers = (registers & ~Rt2Field) | (word >> 6) & Rt2Field;
                break;
            case LoadStoreForm.SplitImmediate:
                field = (word >> 12) & 0x1FF | (word >> 13) & 0x200;
                immediate = ((field ^ 0x200) - 0x200) << 3;
                break;
            default:
                FillStructure(plan, word, ref sizes, ref immediate);
                break;
        }

        return Check(plan, word, registers, immediate, sizes, out access);
    }

    /// <summary>Checks for UNDEFINED and CONSTRAINED UNPREDICTABLE registers and makes the record.</summary>
    /// <param name="plan">The plan of the word's row.</param>
    /// <param name="word">The instruction word.</param>
    /// <param name="registers">The registers, where the word has them.</param>
    /// <param name="immediate">The immediate in bytes.</param>
    /// <param name="sizes">The record's sizes.</param>
    /// <param name="access">Receives the operands.</param>
    /// <returns>The outcome.</returns>
    private static LoadStoreStatus Check(in LoadStorePlan plan, uint word, uint registers, uint immediate, ulong sizes, out LoadStoreAccess access)
    {
        if (plan.UndefinedRule != UndefinedRule.None && UndefinedRules.IsUndefined(plan.UndefinedRule, word))
        {
            access = default;
            return LoadStoreStatus.Unallocated;
        }

        ConstrainedUnpredictable reasons = plan.PossibleReasons == 0 ? 0 : ConstrainedUnpredictableRules.Find(plan, word, registers);
        access = new LoadStoreAccess(
            word | (ulong)immediate << 32,
            registers | (plan.RegistersAndFlags & ~(ulong)uint.MaxValue),
            plan.Identity | (ulong)reasons << 40,
            sizes);
        return reasons == 0 ? LoadStoreStatus.Valid : LoadStoreStatus.ConstrainedUnpredictable;
    }

    private static void FillStructure(in LoadStorePlan plan, uint word, ref ulong sizes, ref uint immediate)
    {
        uint q = (word >> 30) & 1;
        uint size = (word >> 10) & 3;
        uint count = (uint)(sizes >> 8) & 0xFF;
        uint elementSize = 1u << (int)size;
        uint registerSize = 8u << (int)q;
        uint lane = 0;
        uint total;
        switch (plan.Form)
        {
            case LoadStoreForm.MultipleStructures:
                total = count * registerSize;
                break;
            case LoadStoreForm.ReplicatedStructure:
                total = count * elementSize;
                break;
            default:
                // Q:S:size is the number of the byte in the register; wider elements leave its low bits out.
                elementSize = (uint)sizes & 0xFF;
                registerSize = 16;
                lane = (q << 3 | ((word >> 12) & 1) << 2 | size) >> ElementShift(elementSize);
                total = count * elementSize;
                break;
        }

        const ulong Kept = 0x0000_FF00_0000_FF00;
        sizes = (sizes & Kept) | LoadStoreSizes.Pack((int)elementSize, 0, (int)registerSize, (int)total) | (ulong)lane << 48;
        if ((plan.RegistersAndFlags & (ulong)LoadStoreFlags.Writeback << 32) != 0 && (plan.RegistersAndFlags & UpperField) != 0)
        {
            immediate = total;
        }
    }

    private static int ElementShift(uint elementSize) => elementSize switch
    {
        1 => 0,
        2 => 1,
        4 => 2,
        _ => 3,
    };
}
