namespace HvIntrospect;

/// <summary>The Allocation Tags of guest memory (FEAT_MTE2): four bits for each 16 bytes.</summary>
/// <remarks>
/// <para>A capability of the virtual machine. Addressed as <see cref="IVirtualMachine.Memory"/> is, in the base view: of frames that other views have there it tells nothing. Thread-safe.</para>
/// <para>With it, accesses that the library performs are checked as the guest's registers say: by a synchronous Data Abort, or by a bit of TFSR_EL1 or
/// TFSRE0_EL1, which needs <see cref="IEl2Operations"/>. Without it none is checked, as if every tag matched.</para>
/// </remarks>
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
