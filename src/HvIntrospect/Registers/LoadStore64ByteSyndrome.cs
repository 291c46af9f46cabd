namespace HvIntrospect.Registers;

/// <summary>The ISS of a trapped single-copy atomic 64-byte load or store (EC 0x0A).</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), "ISS encoding for an exception from an LD64B or ST64B* instruction". Immutable and thread-safe.</remarks>
public readonly struct LoadStore64ByteSyndrome
{
    private readonly uint _iss;

    internal LoadStore64ByteSyndrome(uint iss)
    {
        _iss = iss;
    }

    /// <summary>Gets the instruction; values that have no name belong to later extensions.</summary>
    public LoadStore64ByteInstruction Instruction => (LoadStore64ByteInstruction)_iss;
}
