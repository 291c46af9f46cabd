using HvIntrospect.Registers;
using HvIntrospect.Translation;

namespace HvIntrospect.Interpreter.Mmu;

/// <summary>What a core implements of translation because of its other features.</summary>
internal static class ImpliedFeatures
{
    /// <summary>Adds what is implied to what was asked for.</summary>
    /// <param name="features">The features of the core.</param>
    /// <param name="further">What it implements of translation besides.</param>
    /// <returns>Everything.</returns>
    public static TranslationFeatures Of(A64Features features, TranslationFeatures further)
    {
        // FEAT_HPDS is part of Armv8.1; 16-bit VMIDs are optional from there on, and come with it here.
        TranslationFeatures implied = (features & A64Features.VHE) != 0 ? TranslationFeatures.HPDS | TranslationFeatures.VMID16 : TranslationFeatures.None;
        implied |= (features & A64Features.XNX) != 0 ? TranslationFeatures.XNX : TranslationFeatures.None;
        implied |= (further & TranslationFeatures.BBML2) != 0 ? TranslationFeatures.BBML1 : TranslationFeatures.None;
        return further | implied;
    }
}
