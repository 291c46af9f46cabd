namespace HvIntrospect;

/// <summary>The Allocation Tags of guest memory (FEAT_MTE2): four bits for each 16 bytes.</summary>
/// <remarks>A capability of the virtual machine. Addressed as <see cref="IGuestMemory"/> is. Thread-safe.</remarks>
public interface ITagMemory
{
    /// <summary>Reads a tag.</summary>
    /// <param name="granule">The IPA of the granule, a multiple of 16.</param>
    /// <returns>0 to 15; 0 where memory has no tags.</returns>
    int ReadTag(Ipa granule);

    /// <summary>Writes a tag. Where memory has no tags nothing happens.</summary>
    /// <param name="granule">The IPA of the granule, a multiple of 16.</param>
    /// <param name="tag">0 to 15; higher bits are ignored.</param>
    void WriteTag(Ipa granule, int tag);
}
