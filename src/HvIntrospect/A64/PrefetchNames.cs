namespace HvIntrospect.A64;

/// <summary>Names the prefetch operations.</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), "PRFM (immediate)" and "RPRFM".</remarks>
internal static class PrefetchNames
{
    private static readonly string[] s_types = ["pld", "pli", "pst"];
    private static readonly string[] s_targets = ["l1", "l2", "l3", "slc"];

    /// <summary>Writes the name of a PRFM operation, or its number where it has none.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="operation">0 to 31: type, target and policy.</param>
    public static void Write(ref TextWriter writer, int operation)
    {
        if (operation >> 3 == s_types.Length)
        {
            WriteNumber(ref writer, operation);
            return;
        }

        writer.Append(s_types[operation >> 3]);
        writer.Append(s_targets[(operation >> 1) & 3]);
        writer.Append((operation & 1) == 0 ? "keep" : "strm");
    }

    /// <summary>Writes the name of an RPRFM operation, or its number where it has none.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="operation">0 to 63.</param>
    public static void WriteRange(ref TextWriter writer, int operation)
    {
        switch (operation)
        {
            case 0:
                writer.Append("pldkeep");
                break;
            case 1:
                writer.Append("pstkeep");
                break;
            case 4:
                writer.Append("pldstrm");
                break;
            case 5:
                writer.Append("pststrm");
                break;
            default:
                WriteNumber(ref writer, operation);
                break;
        }
    }

    private static void WriteNumber(ref TextWriter writer, int operation)
    {
        writer.Append('#');
        writer.Append(operation);
    }
}
