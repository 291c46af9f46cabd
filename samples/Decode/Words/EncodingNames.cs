using System;
using System.Linq;
using System.Text;
using HvIntrospect.A64;
using HvIntrospect.Registers;

namespace HvIntrospect.Samples.Decode.Words;

/// <summary>What all words of one encoding have in common, as ASCII.</summary>
internal sealed class EncodingNames
{
    private static readonly EncodingNames?[] s_known = new EncodingNames?[A64Decoder.EncodingCount + 1];

    private EncodingNames(int encodingIndex)
    {
        string id = A64Decoder.GetEncodingId(encodingIndex);
        Id = Encoding.ASCII.GetBytes(id);
        Mnemonic = Encoding.ASCII.GetBytes(id.Split('_')[0].ToLowerInvariant());
        Class = Encoding.ASCII.GetBytes(A64Decoder.GetEncodingClass(encodingIndex));
        Feature = Encoding.ASCII.GetBytes(NameOf(A64Decoder.GetFeature(encodingIndex)));
    }

    /// <summary>Gets Arm's encoding id.</summary>
    public byte[] Id { get; }

    /// <summary>Gets the architectural mnemonic in lower case, never an alias.</summary>
    public byte[] Mnemonic { get; }

    /// <summary>Gets Arm's name of the encoding class.</summary>
    public byte[] Class { get; }

    /// <summary>Gets the features that add the encoding.</summary>
    public byte[] Feature { get; }

    /// <summary>Gets the names of an encoding; they are made once.</summary>
    public static EncodingNames Of(int encodingIndex) => s_known[encodingIndex] ??= new EncodingNames(encodingIndex);

    /// <summary>Names the features that an encoding needs, all of them.</summary>
    public static string NameOf(A64Features features)
    {
        if (features == A64Features.Armv8_0)
        {
            return "v8.0";
        }

        // Without RPRFM the word is the prefetch that it would be anyway.
        string names = string.Join('&', FeatureNames.MembersOf(features).Select(name => "FEAT_" + name).Order(StringComparer.Ordinal));
        return features == A64Features.RPRFM ? names + "(hint space)" : names;
    }
}
