using System.Runtime.CompilerServices;
using HvIntrospect.Interpreter.State;
using HvIntrospect.Registers;
using HvIntrospect.Translation;

namespace HvIntrospect.Interpreter.Mmu;

/// <summary>What becomes of an address for which a TLB has entries of different sizes, because a block or a contiguous run was changed without break-before-make.</summary>
/// <remarks>
/// Arm Architecture Reference Manual (DDI 0487), "Support levels for changing table or block size" and "TLB maintenance due to TLB conflict". A core with a seed chooses: one of the entries, or a
/// TLB conflict abort; one without takes the smallest, as does one with FEAT_BBM at level 2, on which no abort follows.
/// </remarks>
internal static unsafe class TlbConflict
{
    private const int Choices = 4;

    /// <summary>Settles which entry is used.</summary>
    /// <param name="cpu">The vCPU, for which one may arise.</param>
    /// <param name="found">One of the entries.</param>
    /// <param name="other">Another one, or a null reference.</param>
    /// <param name="input">The address.</param>
    /// <param name="fault">Receives the abort. It belongs to Stage 2 where the entries differ in that alone.</param>
    /// <returns>The entry, or a null reference for an abort.</returns>
    public static ref TlbEntry Settle(CpuState* cpu, ref TlbEntry found, ref TlbEntry other, ulong input, scoped ref FaultRecord fault)
    {
        if (Unsafe.IsNullRef(ref other))
        {
            return ref found;
        }

        switch (SeededChoice.Next(cpu, Choices))
        {
            case 0:
                fault.IsStage2 = found.HasSameStage1(other);
                fault.Ipa = found.Ipa + (input & Tlb.RangeMask(found.Shift));
                fault.Fail(FaultKind.TlbConflict, 0);
                return ref Unsafe.NullRef<TlbEntry>();
            case 1:
                return ref other;
            default:
                return ref found;
        }
    }

    /// <summary>Tells whether there may be an abort, so that it is worth looking for a second entry.</summary>
    /// <param name="cpu">The vCPU.</param>
    /// <param name="features">What it implements of translation.</param>
    /// <returns>False where the choice is always the first one.</returns>
    public static bool MayArise(CpuState* cpu, TranslationFeatures features) => SeededChoice.HasSeed(cpu) && (features & TranslationFeatures.BBML2) == 0;
}
