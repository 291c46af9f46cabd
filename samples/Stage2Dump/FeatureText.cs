using System;
using HvIntrospect.Translation;

namespace HvIntrospect.Samples.Stage2Dump;

/// <summary>The features of translation by name.</summary>
internal static class FeatureText
{
    /// <summary>What is expected.</summary>
    public const string Syntax = "names such as XNX,S2FWB,LPA2,HAFDBS,VMID16,TTST";

    /// <summary>Reads names that are separated by commas.</summary>
    /// <param name="text">The names.</param>
    /// <param name="features">Receives the features.</param>
    /// <returns>False when a name is not one of <see cref="TranslationFeatures"/>.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out TranslationFeatures features)
    {
        features = TranslationFeatures.None;
        foreach (Range part in text.Split(','))
        {
            ReadOnlySpan<char> name = text[part];
            if (name.IsEmpty || !char.IsLetter(name[0]) || !Enum.TryParse(name, out TranslationFeatures feature))
            {
                return false;
            }

            features |= feature;
        }

        return true;
    }
}
