using HvIntrospect.Registers;

namespace HvIntrospect.LoadStores;

/// <summary>What a load or store needs to know of the vCPU's state beside its operand registers.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
public readonly struct LoadStoreEnvironment
{
    /// <summary>Makes an environment.</summary>
    /// <param name="pc">The instruction's address.</param>
    /// <param name="pstate">The process state; AArch64, EL0 or EL1.</param>
    /// <param name="sctlr">SCTLR_EL1.</param>
    public LoadStoreEnvironment(Va pc, Spsr pstate, Sctlr sctlr)
    {
        bool user = pstate.ExceptionLevel == 0;
        Pc = pc;
        IsBigEndian = sctlr.Has(user ? SctlrBits.E0e : SctlrBits.Ee);
        ChecksAlignment = sctlr.Has(SctlrBits.A);
        ChecksStackAlignment = sctlr.Has(user ? SctlrBits.Sa0 : SctlrBits.Sa);
    }

    /// <summary>Gets the instruction's address, the base of literal loads.</summary>
    public Va Pc { get; }

    /// <summary>Gets a value indicating whether data is big-endian (SCTLR_EL1.EE at EL1, E0E at EL0).</summary>
    public bool IsBigEndian { get; }

    /// <summary>Gets a value indicating whether every unaligned access faults (SCTLR_EL1.A).</summary>
    public bool ChecksAlignment { get; }

    /// <summary>Gets a value indicating whether a stack pointer that is not aligned to 16 bytes faults as a base register (SCTLR_EL1.SA at EL1, SA0 at EL0).</summary>
    public bool ChecksStackAlignment { get; }
}
