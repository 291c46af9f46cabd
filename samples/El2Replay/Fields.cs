using System;
using System.Globalization;
using System.Text.Json;

namespace HvIntrospect.Samples.El2Replay;

/// <summary>Reads the fields of a case, which anyone may have written: what does not fit is a <see cref="BadCaseException"/> with the field's name.</summary>
internal static class Fields
{
    public static JsonElement Get(this JsonElement json, string name) =>
        json.TryGet(name, out JsonElement value) ? value : throw new BadCaseException($"'{name}' is missing");

    public static bool TryGet(this JsonElement json, string name, out JsonElement value)
    {
        value = default;
        return json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out value);
    }

    public static string Text(this JsonElement json, string name) => Text(json.Get(name)) ?? throw new BadCaseException($"'{name}' is not a string");

    public static string? Text(this JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    public static ulong Hex(this JsonElement json, string name) => Hex(json.Get(name), name, ulong.MaxValue);

    /// <summary>Reads an unsigned number: a hexadecimal string, with or without 0x, or a JSON number.</summary>
    public static ulong Hex(JsonElement value, string name, ulong maximum)
    {
        bool isNumber = value.ValueKind == JsonValueKind.Number
            ? value.TryGetUInt64(out ulong number)
            : TryHex(Text(value), out number);
        return isNumber && number <= maximum ? number : throw new BadCaseException($"'{name}' is not a hexadecimal number of at most 0x{maximum:x}");
    }

    public static long Integer(this JsonElement json, string name, long minimum, long maximum) =>
        json.Get(name).ValueKind == JsonValueKind.Number && json.Get(name).TryGetInt64(out long value) && value >= minimum && value <= maximum
            ? value
            : throw new BadCaseException($"'{name}' is not a number from {minimum} to {maximum}");

    public static JsonElement.ArrayEnumerator Items(this JsonElement json, string name) =>
        json.Get(name) is { ValueKind: JsonValueKind.Array } array ? array.EnumerateArray() : throw new BadCaseException($"'{name}' is not a list");

    /// <summary>Checks that an item of a list is itself a list of some length.</summary>
    public static JsonElement Tuple(JsonElement item, string name, int count) =>
        item.ValueKind == JsonValueKind.Array && item.GetArrayLength() >= count ? item : throw new BadCaseException($"an item of '{name}' is not a list of {count}");

    public static JsonElement.ObjectEnumerator Members(this JsonElement json, string name) =>
        json.Get(name) is { ValueKind: JsonValueKind.Object } members ? members.EnumerateObject() : throw new BadCaseException($"'{name}' is not an object");

    private static bool TryHex(string? text, out ulong number)
    {
        ReadOnlySpan<char> digits = text is null ? default : text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? text.AsSpan(2) : text;
        return ulong.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out number);
    }
}
