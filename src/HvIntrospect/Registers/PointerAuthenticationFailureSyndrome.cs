namespace HvIntrospect.Registers;

/// <summary>The ISS of a pointer authentication failure (EC 0x1C, FEAT_FPAC).</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), "ISS encoding for an exception from a Pointer Authentication instruction authentication failure". Immutable and thread-safe.</remarks>
public readonly struct PointerAuthenticationFailureSyndrome
{
    private readonly uint _iss;

    internal PointerAuthenticationFailureSyndrome(uint iss)
    {
        _iss = iss;
    }

    /// <summary>Makes the syndrome of a failure.</summary>
    /// <param name="isDataKey">True for a data key.</param>
    /// <param name="isKeyB">True for key B.</param>
    /// <returns>The value of ESR_ELx.</returns>
    public static Esr Create(bool isDataKey, bool isKeyB) =>
        Esr.Create(ExceptionClass.PointerAuthenticationFailure, (isDataKey ? 2u : 0) | (isKeyB ? 1u : 0));

    /// <summary>Gets a value indicating whether a data key was used, not an instruction key.</summary>
    public bool IsDataKey => IssFields.Bit(_iss, 1);

    /// <summary>Gets a value indicating whether key B was used, not key A.</summary>
    public bool IsKeyB => IssFields.Bit(_iss, 0);
}
