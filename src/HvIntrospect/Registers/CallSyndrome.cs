namespace HvIntrospect.Registers;

/// <summary>The ISS of SVC and HVC (EC 0x11, 0x12, 0x15, 0x16) and of SMC in AArch64 state (EC 0x17).</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), "ISS encoding for an exception from HVC or SVC instruction execution". Immutable and thread-safe.</remarks>
public readonly struct CallSyndrome
{
    private readonly uint _iss;

    internal CallSyndrome(uint iss)
    {
        _iss = iss;
    }

    /// <summary>Gets the immediate of the instruction; for SVC and HVC in AArch32 state UNKNOWN where a T32 form or a conditional trap does not report it.</summary>
    public ushort Immediate => (ushort)_iss;

    /// <summary>Makes the syndrome of an A64 SVC, HVC or SMC.</summary>
    /// <param name="exceptionClass"><see cref="ExceptionClass.Svc64"/>, <see cref="ExceptionClass.Hvc64"/> or <see cref="ExceptionClass.Smc64"/>.</param>
    /// <param name="immediate">The immediate.</param>
    /// <returns>The whole ESR.</returns>
    public static Esr Create(ExceptionClass exceptionClass, ushort immediate) => Esr.Create(exceptionClass, immediate);
}
