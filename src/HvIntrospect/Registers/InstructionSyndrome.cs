namespace HvIntrospect.Registers;

/// <summary>The part of a Data Abort's ISS that describes the load or store; valid because ISV was 1.</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), "ISS encoding for an exception from a Data Abort". Immutable and thread-safe.</remarks>
public readonly struct InstructionSyndrome
{
    private readonly uint _iss;
    private readonly uint _iss2;

    internal InstructionSyndrome(uint iss, uint iss2)
    {
        _iss = iss;
        _iss2 = iss2;
    }

    /// <summary>Gets the access size in bytes: 1, 2, 4 or 8.</summary>
    /// <remarks>SAS, bits 23:22. Not meaningful for a 64-byte access.</remarks>
    public int AccessSize => 1 << (int)((_iss >> 22) & 3);

    /// <summary>Gets a value indicating whether the loaded value is sign-extended.</summary>
    /// <remarks>SSE, bit 21.</remarks>
    public bool SignExtend => (_iss & (1U << 21)) != 0;

    /// <summary>Gets the transfer register: 0 to 30, or 31 for the zero register; never the stack pointer.</summary>
    /// <remarks>SRT, bits 20:16.</remarks>
    public int TransferRegister => (int)(_iss >> 16) & 0x1F;

    /// <summary>Gets a value indicating whether the transfer register is 64 bits wide; otherwise the top half becomes 0 after any sign extension to 32 bits.</summary>
    /// <remarks>SF, bit 15.</remarks>
    public bool Is64Bit => (_iss & (1U << 15)) != 0;

    /// <summary>Gets a value indicating whether the access has acquire or release semantics.</summary>
    /// <remarks>AR, bit 14.</remarks>
    public bool AcquireRelease => (_iss & (1U << 14)) != 0;

    /// <summary>Gets the status register of ST64BV and ST64BV0.</summary>
    /// <remarks>ISS2.Xs, bits 36:32 of ESR.</remarks>
    public int StatusRegister => (int)_iss2 & 0x1F;
}
