namespace HvIntrospect.Registers;

/// <summary>Fields that many ISS encodings share.</summary>
internal static class IssFields
{
    private const uint CvBit = 1U << 24;
    private const int CondShift = 20;

    /// <summary>What CV and COND hold for an A64 instruction: valid, always.</summary>
    internal const uint AlwaysCondition = CvBit | (14U << CondShift);

    internal static bool Bit(uint iss, int bit) => ((iss >> bit) & 1) != 0;

    internal static int Field(uint iss, int low, int width) => (int)(iss >> low) & ((1 << width) - 1);

    internal static bool TryGetCondition(uint iss, out int condition)
    {
        bool valid = (iss & CvBit) != 0;
        condition = valid ? Field(iss, CondShift, 4) : 0;
        return valid;
    }
}
