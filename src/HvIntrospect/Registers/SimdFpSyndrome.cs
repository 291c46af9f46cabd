namespace HvIntrospect.Registers;

/// <summary>The ISS of a trapped SIMD, floating-point or SVE access (EC 0x07).</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), "ISS encoding for an exception from an access to SVE, Advanced SIMD or floating-point functionality, resulting from the FPEN and TFP traps". Immutable and thread-safe.</remarks>
public readonly struct SimdFpSyndrome
{
    private readonly uint _iss;

    internal SimdFpSyndrome(uint iss)
    {
        _iss = iss;
    }

    /// <summary>Gets the condition code of the instruction.</summary>
    /// <param name="condition">0 to 15; 14 (always) for A64 instructions.</param>
    /// <returns>False when CV is 0: the condition is not reported, as T32 instructions may.</returns>
    public bool TryGetCondition(out int condition) => IssFields.TryGetCondition(_iss, out condition);

    /// <summary>Makes the syndrome of an A64 instruction.</summary>
    /// <returns>The whole ESR.</returns>
    public static Esr Create() => Esr.Create(ExceptionClass.SimdFp, IssFields.AlwaysCondition);
}
