using HvIntrospect.Registers;

namespace HvIntrospect;

/// <summary>What EL2 software does on the physical core that runs a vCPU: system registers, TLB and cache maintenance, barriers, address translation.</summary>
/// <remarks>
/// A per-vCPU capability, used on the thread that handles the vCPU's exit. The order of calls is the program order that a listener such as a checker sees.
/// No call may throw for a value that the architecture permits.
/// </remarks>
public interface IEl2Operations
{
    /// <summary>Reads a system register as MRS at EL2 does.</summary>
    /// <param name="register">The register.</param>
    /// <returns>Its 64 bits.</returns>
    /// <exception cref="System.ArgumentException">The core does not implement the register.</exception>
    ulong ReadSystemRegister(SystemRegister register);

    /// <summary>Writes a system register as MSR at EL2 does; RES0 and RES1 bits keep their values. It takes effect for later instructions only after <see cref="Isb"/> or at guest entry.</summary>
    /// <param name="register">The register.</param>
    /// <param name="value">All 64 bits.</param>
    /// <exception cref="System.ArgumentException">The core does not implement the register or it is read-only.</exception>
    void WriteSystemRegister(SystemRegister register, ulong value);

    /// <summary>Issues a TLB maintenance instruction.</summary>
    /// <param name="operation">The instruction.</param>
    /// <param name="operand">The Xt operand in the instruction's own format; 0 for those that take none.</param>
    /// <exception cref="System.ArgumentException"><paramref name="operation"/> is not one of the named values, or the core does not implement it.</exception>
    void Tlbi(TlbiOperation operation, ulong operand);

    /// <summary>Issues a data synchronization barrier.</summary>
    /// <param name="option">Domain and access types.</param>
    /// <exception cref="System.ArgumentOutOfRangeException"><paramref name="option"/> is not one of the named values.</exception>
    void Dsb(BarrierOption option);

    /// <summary>Issues an instruction synchronization barrier.</summary>
    void Isb();

    /// <summary>Invalidates instruction caches.</summary>
    /// <param name="operation">The instruction.</param>
    /// <param name="address">The address, for <see cref="InstructionCacheOperation.Ivau"/> a physical address through EL2's own mapping.</param>
    /// <exception cref="System.ArgumentOutOfRangeException"><paramref name="operation"/> is not one of the named values.</exception>
    void InvalidateInstructionCache(InstructionCacheOperation operation, Pa address);

    /// <summary>Cleans or invalidates a data cache line by address, through EL2's own mapping.</summary>
    /// <param name="operation">The instruction.</param>
    /// <param name="address">A byte of the line.</param>
    /// <exception cref="System.ArgumentOutOfRangeException"><paramref name="operation"/> is not one of the named values.</exception>
    void MaintainDataCache(DataCacheOperation operation, Pa address);

    /// <summary>Translates an address of the EL1&amp;0 regime as an AT instruction does.</summary>
    /// <param name="operation">The instruction.</param>
    /// <param name="address">The virtual address.</param>
    /// <returns>What PAR_EL1 would hold.</returns>
    /// <exception cref="System.ArgumentOutOfRangeException"><paramref name="operation"/> is not one of the named values.</exception>
    ulong TranslateAddress(AddressTranslationOperation operation, Va address);
}
