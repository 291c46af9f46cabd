namespace HvIntrospect.Registers;

/// <summary>The ISS of a trapped SMC in AArch32 state (EC 0x13).</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), "ISS encoding for an exception from SMC instruction execution in AArch32 state". Immutable and thread-safe.</remarks>
public readonly struct SecureMonitorCall32Syndrome
{
    private readonly uint _iss;

    internal SecureMonitorCall32Syndrome(uint iss)
    {
        _iss = iss;
    }

    /// <summary>Gets the condition code of the instruction.</summary>
    /// <param name="condition">0 to 15; valid only when the call is not known to pass.</param>
    /// <returns>False when CV is 0: the condition is not reported, as T32 instructions may.</returns>
    public bool TryGetCondition(out int condition) => IssFields.TryGetCondition(_iss, out condition);

    /// <summary>Gets a value indicating whether the instruction may have failed its condition code check (CCKNOWNPASS is 1): the handler evaluates the condition itself.</summary>
    public bool MayHaveFailedCondition => IssFields.Bit(_iss, 19);
}
