using System;
using System.Collections.Generic;
using System.Linq;
using HvIntrospect.Registers;

namespace HvIntrospect.Samples.Decode.Words;

/// <summary>Names of features and of sets of them, as a user types them.</summary>
internal static class FeatureNames
{
    /// <summary>What --feature takes.</summary>
    public const string Syntax = "v8.0|…|v8.9|max|later|FEAT_x[,…]";

    private static readonly Dictionary<string, A64Features> s_byName = Names();

    /// <summary>Reads a list of names, which commas separate.</summary>
    /// <returns>The first name that is unknown, or null.</returns>
    public static string? Parse(string text, out A64Features features)
    {
        features = A64Features.Armv8_0;
        foreach (string name in text.Split(','))
        {
            string plain = name.StartsWith("FEAT_", StringComparison.OrdinalIgnoreCase) ? name["FEAT_".Length..] : name;
            if (!s_byName.TryGetValue(plain, out A64Features found))
            {
                return name;
            }

            features |= found;
        }

        return null;
    }

    /// <summary>Gets the names of the single features of a set, without the prefix, in the order of their bits.</summary>
    public static IEnumerable<string> MembersOf(A64Features features) =>
        Enumerable.Range(0, 64).Select(bit => (A64Features)(1UL << bit)).Where(feature => (features & feature) != 0).Select(feature => feature.ToString());

    private static Dictionary<string, A64Features> Names()
    {
        var names = new Dictionary<string, A64Features>(StringComparer.OrdinalIgnoreCase)
        {
            ["max"] = A64Features.All,
            ["later"] = A64Features.Later,
        };
        foreach (A64Features value in Enum.GetValues<A64Features>())
        {
            // Armv8_2 is typed as v8.2.
            string name = Enum.GetName(value)!;
            if (name.StartsWith("Armv", StringComparison.Ordinal))
            {
                names["v" + name["Armv".Length..].Replace('_', '.')] = value;
            }
            else if (value is not (A64Features.All or A64Features.Later))
            {
                names[name] = value;
            }
        }

        return names;
    }
}
