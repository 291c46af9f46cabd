using System;
using System.Globalization;
using System.IO;
using System.Text;
using HvIntrospect.Translation.Stage2;

namespace HvIntrospect.Tooling.Tables;

/// <summary>Writes what Stage 2 tables say, for people in aligned columns or for programs as JSON: one coalesced range a line.</summary>
/// <remarks>Static and without state: thread-safe as far as the writers are.</remarks>
public static class Stage2Listing
{
    private static readonly string[] s_units = ["", "K", "M", "G", "T", "P"];

    /// <summary>Writes the rest of what a reader reads as text.</summary>
    /// <param name="writer">Receives the lines.</param>
    /// <param name="reader">The reader; the caller's copy does not move.</param>
    /// <returns>True when everything was read; false when the budget ended before, which the last line says.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="writer"/> is null.</exception>
    public static bool WriteText(TextWriter writer, Stage2TableReader reader)
    {
        _ = writer ?? throw new ArgumentNullException(nameof(writer));
        while (reader.TryRead(out Stage2Range range))
        {
            writer.WriteLine(ToText(range));
        }

        if (!reader.IsComplete)
        {
            writer.WriteLine("the budget ended before " + reader.Next);
        }

        return reader.IsComplete;
    }

    /// <summary>Writes the rest of what a reader reads as one JSON object a line, and last <c>{"type":"end",…}</c>.</summary>
    /// <param name="writer">Receives the lines.</param>
    /// <param name="reader">The reader; the caller's copy does not move.</param>
    /// <returns>True when everything was read; false when the budget ended before, which the last line says with where to go on.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="writer"/> is null.</exception>
    public static bool WriteJson(TextWriter writer, Stage2TableReader reader)
    {
        _ = writer ?? throw new ArgumentNullException(nameof(writer));
        while (reader.TryRead(out Stage2Range range))
        {
            writer.WriteLine(ToJson(range));
        }

        writer.WriteLine(reader.IsComplete ? """{"type":"end","complete":true}""" : "{\"type\":\"end\",\"complete\":false,\"next\":\"" + reader.Next + "\"}");
        return reader.IsComplete;
    }

    /// <summary>Formats a range in columns: first and last IPA, PA, size, blocks and pages, what is permitted, type, shareability, and what is unusual.</summary>
    /// <param name="range">The range.</param>
    /// <returns>One line without its end.</returns>
    public static string ToText(in Stage2Range range)
    {
        // 52 bits are 13 digits.
        const string Columns = "0x{0:x13}..{1:x13}  {2,-15}  {3,8}  {4,-16}  {5}";
        string what = range.IsMapped ? AttributesOf(range) : "cannot be followed: " + range.Status;
        return string.Format(
            CultureInfo.InvariantCulture,
            Columns,
            range.Ipas.Start.Value,
            range.Ipas.Last.Value,
            range.IsMapped ? "0x" + range.Pa.Value.ToString("x13", CultureInfo.InvariantCulture) : "-",
            SizeOf(range.Ipas.Length),
            LeavesOf(range),
            what);
    }

    /// <summary>Formats a range as a JSON object. Addresses and sizes are hexadecimal strings, because readers may hold numbers in doubles.</summary>
    /// <param name="range">The range.</param>
    /// <returns><c>{"type":"range",…}</c>, or <c>{"type":"unusable",…}</c> with the fault for what cannot be followed.</returns>
    public static string ToJson(in Stage2Range range)
    {
        var json = new StringBuilder("{\"type\":\"").Append(range.IsMapped ? "range" : "unusable").Append('"');
        Add(json, "ipa", Hex(range.Ipas.Start.Value));
        Add(json, "size", Hex(range.Ipas.Length));
        if (range.IsMapped)
        {
            Stage2Attributes attributes = range.Attributes;
            Add(json, "pa", Hex(range.Pa.Value));
            Add(json, "access", AccessOf(attributes));
            Add(json, "memory", attributes.MemoryType.ToString());
            Add(json, "shareability", attributes.Shareability.ToString());
            Add(json, "accessFlag", attributes.HasAccessFlag);
            Add(json, "dirtyBitModifier", attributes.HasDirtyBitModifier);
            Add(json, "marked", attributes.HasSoftwareBit);
        }
        else
        {
            Add(json, "fault", range.Status.Kind.ToString());
            json.Append(",\"level\":").Append((range.Status.Level ?? 0).ToString(CultureInfo.InvariantCulture));
        }

        json.Append(",\"descriptors\":").Append(range.Descriptors.ToString(CultureInfo.InvariantCulture));
        json.Append(",\"contiguous\":").Append(range.ContiguousDescriptors.ToString(CultureInfo.InvariantCulture));
        Add(json, "smallest", Hex(range.SmallestSize));
        Add(json, "largest", Hex(range.LargestSize));
        return json.Append('}').ToString();
    }

    /// <summary>Formats a number of bytes in the largest unit of which it is a multiple.</summary>
    /// <param name="bytes">The number.</param>
    /// <returns>For example <c>256M</c>.</returns>
    public static string SizeOf(ulong bytes)
    {
        int unit = 0;
        while (bytes != 0 && bytes % 1024 == 0 && unit < s_units.Length - 1)
        {
            bytes /= 1024;
            unit++;
        }

        return bytes.ToString(CultureInfo.InvariantCulture) + s_units[unit];
    }

    private static string LeavesOf(in Stage2Range range)
    {
        string sizes = range.SmallestSize == range.LargestSize ? SizeOf(range.SmallestSize) : SizeOf(range.SmallestSize) + ".." + SizeOf(range.LargestSize);
        return range.Descriptors.ToString(CultureInfo.InvariantCulture) + " x " + sizes;
    }

    private static string AttributesOf(in Stage2Range range)
    {
        Stage2Attributes attributes = range.Attributes;
        string contiguous = range.ContiguousDescriptors.ToString(CultureInfo.InvariantCulture);
        string shareability = attributes.IsDevice ? "-" : attributes.Shareability.ToString();
        string text = string.Format(CultureInfo.InvariantCulture, "{0,-7} {1,-18} {2,-15}", AccessOf(attributes), attributes.MemoryType, shareability)
            + (attributes.HasAccessFlag ? string.Empty : " AF=0")
            + (attributes.HasDirtyBitModifier ? " DBM" : string.Empty)
            + (attributes.HasSoftwareBit ? " marked" : string.Empty)
            + (range.ContiguousDescriptors == 0 ? string.Empty : range.ContiguousDescriptors == range.Descriptors ? " contiguous" : " contiguous:" + contiguous);
        return text.TrimEnd();
    }

    private static string AccessOf(Stage2Attributes attributes) =>
        ((attributes.Access & Stage2Access.Read) != 0 ? "r" : "-")
        + ((attributes.Access & Stage2Access.Write) != 0 ? "w" : "-")
        + (attributes.Access & Stage2Access.Execute) switch
        {
            Stage2Access.None => "-",
            Stage2Access.ExecuteEl0 => "x(EL0)",
            Stage2Access.ExecuteEl1 => "x(EL1)",
            _ => "x",
        };

    private static string Hex(ulong value) => "0x" + value.ToString("x", CultureInfo.InvariantCulture);

    private static void Add(StringBuilder json, string name, string value) => json.Append(",\"").Append(name).Append("\":\"").Append(value).Append('"');

    private static void Add(StringBuilder json, string name, bool value) => json.Append(",\"").Append(name).Append("\":").Append(value ? "true" : "false");
}
