using System.Buffers.Binary;
using HvIntrospect.Registers;

namespace HvIntrospect.Introspection;

/// <summary>A load or store of AArch32 state as its syndrome describes it: the library does not decode A32 and T32.</summary>
/// <remarks>
/// Arm Architecture Reference Manual (DDI 0487), "ISS encoding for an exception from a Data Abort": SRT is the AArch64 view of the register, whatever
/// mode banks it.
/// </remarks>
internal readonly struct SyndromeAccess
{
    private const ulong BigEndianBit = 1UL << 9;
    private const int NoRegister = 31;
    private const int RegisterBits = 64;

    private readonly InstructionSyndrome _syndrome;
    private readonly bool _isBigEndian;

    /// <summary>Makes an access.</summary>
    /// <param name="syndrome">What the exit tells of the instruction.</param>
    /// <param name="state">PSTATE, in AArch32 state.</param>
    public SyndromeAccess(InstructionSyndrome syndrome, Spsr state)
    {
        _syndrome = syndrome;
        _isBigEndian = (state.Value & BigEndianBit) != 0;
    }

    /// <summary>Gets the size in bytes.</summary>
    public int Size => _syndrome.AccessSize;

    /// <summary>Gets what a store writes, in memory order.</summary>
    /// <param name="core">The registers.</param>
    /// <returns>The bytes as a little-endian number.</returns>
    public ulong Read(in CoreRegisters core)
    {
        ulong value = _syndrome.TransferRegister == NoRegister ? 0 : core[_syndrome.TransferRegister];
        return InOrder(value & (ulong.MaxValue >> (RegisterBits - (8 * Size))));
    }

    /// <summary>Writes what a load has read.</summary>
    /// <param name="core">The registers.</param>
    /// <param name="data">The bytes in memory order as a little-endian number.</param>
    public void Write(ref CoreRegisters core, ulong data)
    {
        if (_syndrome.TransferRegister == NoRegister)
        {
            return;
        }

        int unused = RegisterBits - (8 * Size);
        ulong value = InOrder(data);
        value = _syndrome.SignExtend ? (ulong)((long)(value << unused) >> unused) : value;
        core[_syndrome.TransferRegister] = _syndrome.Is64Bit ? value : (uint)value;
    }

    private ulong InOrder(ulong value) => _isBigEndian ? BinaryPrimitives.ReverseEndianness(value) >> (RegisterBits - (8 * Size)) : value;
}
