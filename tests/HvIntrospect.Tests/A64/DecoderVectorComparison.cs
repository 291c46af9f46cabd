using System.Collections.Generic;
using System.Linq;
using HvIntrospect.A64;
using HvIntrospect.Registers;

namespace HvIntrospect.Tests.A64;

/// <summary>Compares what the decoder says of a word with a row of the vectors, as strictly as their README asks for.</summary>
internal static class DecoderVectorComparison
{
    private static readonly A64Decoder s_later = new(A64Features.All | A64Features.Later);

    /// <summary>Gets what differs; null when the decoder is right.</summary>
    public static string? Difference(DecoderVectorRow row)
    {
        LoadStoreStatus status = A64Decoder.Default.DecodeLoadStore(row.Word, out LoadStoreAccess access);
        string? difference = row.Verdict switch
        {
            "valid" => FieldDifference(row, status, access) ?? TextDifference(row, access),
            "undef" => status == LoadStoreStatus.Unallocated ? null : "unallocated expected",
            "sbo" => status == LoadStoreStatus.Unallocated ? null : FieldDifference(row, status, access),
            "later" => LaterDifference(row, status),
            "nonls" => status == LoadStoreStatus.NotLoadStore ? null : "no load/store expected",
            _ => "unknown verdict",
        };
        return difference is null ? null : $"{row}: {status}, {difference}";
    }

    private static string? FieldDifference(DecoderVectorRow row, LoadStoreStatus status, in LoadStoreAccess access)
    {
        LoadStoreStatus expected = row.IsConstrainedUnpredictable ? LoadStoreStatus.ConstrainedUnpredictable : LoadStoreStatus.Valid;
        if (status != expected)
        {
            return $"{expected} expected";
        }

        Dictionary<string, string> decoded = FieldDictionary.Of(access);
        string[] differences =
        [
            .. row.Fields.Where(field => decoded.GetValueOrDefault(field.Key) != field.Value).Select(field => $"{field.Key} is {decoded.GetValueOrDefault(field.Key) ?? "absent"}"),
            .. decoded.Where(field => !row.Fields.ContainsKey(field.Key)).Select(field => $"{field.Key} is {field.Value} without being expected"),
        ];
        return differences.Length == 0 ? null : string.Join(", ", differences);
    }

    private static string? TextDifference(DecoderVectorRow row, in LoadStoreAccess access)
    {
        string text = access.ToString();
        string? expected = row.Llvm ?? row.Gnu;
        return expected is null || text == expected ? null : $"text is '{text}' and not '{expected}'";
    }

    private static string? LaterDifference(DecoderVectorRow row, LoadStoreStatus status)
    {
        if (status != LoadStoreStatus.MissingFeature)
        {
            return "a missing feature expected";
        }

        // With the newer features the words are those instructions, or UNDEFINED for their registers.
        LoadStoreStatus later = s_later.DecodeLoadStore(row.Word, out LoadStoreAccess access);
        return later == LoadStoreStatus.Unallocated || access.EncodingId == row.Fields["leaf"] ? null : $"{row.Fields["leaf"]} expected, not {access.EncodingId}";
    }
}
