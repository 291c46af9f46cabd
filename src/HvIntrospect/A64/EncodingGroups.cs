namespace HvIntrospect.A64;

/// <summary>Finds the top-level group of a word.</summary>
internal static class EncodingGroups
{
    /// <summary>Gets the group of a word, allocated or not.</summary>
    /// <param name="word">The instruction word.</param>
    /// <returns>The group that its bits 31 and 28:25 select.</returns>
    public static EncodingGroup Of(uint word) => ((word >> 25) & 0xF) switch
    {
        0b0000 => (word >> 31) != 0 ? EncodingGroup.Sme : EncodingGroup.PermanentlyUndefined,
        0b0010 => EncodingGroup.Sve,
        0b0001 or 0b0011 => EncodingGroup.Unallocated,
        0b1000 or 0b1001 => EncodingGroup.DataProcessingImmediate,
        0b1010 or 0b1011 => EncodingGroup.BranchesSystem,
        0b0101 or 0b1101 => EncodingGroup.DataProcessingRegister,
        0b0111 or 0b1111 => EncodingGroup.FloatingPointSimd,
        _ => EncodingGroup.LoadStores,
    };
}
