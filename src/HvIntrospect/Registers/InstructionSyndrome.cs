using System;

namespace HvIntrospect.Registers;

/// <summary>The part of a Data Abort's ISS that describes the load or store; valid because ISV was 1.</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), "ISS encoding for an exception from a Data Abort". Immutable and thread-safe.</remarks>
public readonly struct InstructionSyndrome
{
    private const int SasShift = 22;
    private const uint SseBit = 1U << 21;
    private const int SrtShift = 16;
    private const uint SfBit = 1U << 15;
    private const uint ArBit = 1U << 14;
    private readonly uint _iss;
    private readonly uint _iss2;

    internal InstructionSyndrome(uint iss, uint iss2)
    {
        _iss = iss;
        _iss2 = iss2;
    }

    /// <summary>Gets the access size in bytes: 1, 2, 4 or 8.</summary>
    /// <remarks>SAS, bits 23:22. Not meaningful for a 64-byte access.</remarks>
    public int AccessSize => 1 << (int)((_iss >> SasShift) & 3);

    /// <summary>Gets a value indicating whether the loaded value is sign-extended.</summary>
    /// <remarks>SSE, bit 21.</remarks>
    public bool SignExtend => (_iss & SseBit) != 0;

    /// <summary>Gets the transfer register: 0 to 30, or 31 for the zero register; never the stack pointer.</summary>
    /// <remarks>SRT, bits 20:16.</remarks>
    public int TransferRegister => (int)(_iss >> SrtShift) & 0x1F;

    /// <summary>Gets a value indicating whether the transfer register is 64 bits wide; otherwise the top half becomes 0 after any sign extension to 32 bits.</summary>
    /// <remarks>SF, bit 15.</remarks>
    public bool Is64Bit => (_iss & SfBit) != 0;

    /// <summary>Gets a value indicating whether the access has acquire or release semantics.</summary>
    /// <remarks>AR, bit 14.</remarks>
    public bool AcquireRelease => (_iss & ArBit) != 0;

    /// <summary>Gets the status register of ST64BV and ST64BV0.</summary>
    /// <remarks>ISS2.Xs, bits 36:32 of ESR.</remarks>
    public int StatusRegister => (int)_iss2 & 0x1F;

    // The fields in their places, without ISV.
    internal uint Iss => _iss & ((3U << SasShift) | SseBit | (0x1FU << SrtShift) | SfBit | ArBit);

    /// <summary>Makes the description of a load or store of one general-purpose register.</summary>
    /// <param name="accessSize">1, 2, 4 or 8 bytes.</param>
    /// <param name="signExtend">SSE.</param>
    /// <param name="transferRegister">SRT: 0 to 30, or 31 for the zero register.</param>
    /// <param name="is64Bit">SF.</param>
    /// <param name="acquireRelease">AR.</param>
    /// <returns>The description.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The size or the register is another number.</exception>
    public static InstructionSyndrome Create(int accessSize, bool signExtend, int transferRegister, bool is64Bit, bool acquireRelease)
    {
        uint sas = accessSize switch
        {
            1 => 0,
            2 => 1,
            4 => 2,
            8 => 3,
            _ => throw new ArgumentOutOfRangeException(nameof(accessSize), accessSize, "The access size is 1, 2, 4 or 8 bytes."),
        };
        if ((uint)transferRegister > 31)
        {
            throw new ArgumentOutOfRangeException(nameof(transferRegister), transferRegister, "The register is 0 to 31.");
        }

        return new InstructionSyndrome(
            (sas << SasShift) | (signExtend ? SseBit : 0) | ((uint)transferRegister << SrtShift) | (is64Bit ? SfBit : 0) | (acquireRelease ? ArBit : 0), 0);
    }
}
