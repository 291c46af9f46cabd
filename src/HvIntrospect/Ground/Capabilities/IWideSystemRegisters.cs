using HvIntrospect.Registers;

namespace HvIntrospect;

/// <summary>Reads a vCPU's system registers that are 128 bits wide (FEAT_D128), of which MRS sees the lower half only.</summary>
/// <remarks>A per-vCPU capability, used on the thread that handles the vCPU's exit.</remarks>
public interface IWideSystemRegisters
{
    /// <summary>Reads a register as MRRS at EL2 does.</summary>
    /// <param name="register">The register.</param>
    /// <param name="value">Its 128 bits.</param>
    /// <returns>False when the core has no such register, or has it with 64 bits only.</returns>
    bool TryReadWideSystemRegister(SystemRegister register, out VectorRegister value);
}
