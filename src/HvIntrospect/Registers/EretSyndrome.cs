namespace HvIntrospect.Registers;

/// <summary>The ISS of a trapped ERET (EC 0x1A, FEAT_NV or FEAT_FGT).</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), "ISS encoding for an exception from ERET, ERETAA or ERETAB instruction". Immutable and thread-safe.</remarks>
public readonly struct EretSyndrome
{
    private readonly uint _iss;

    internal EretSyndrome(uint iss)
    {
        _iss = iss;
    }

    /// <summary>Gets a value indicating whether the instruction is ERETAA or ERETAB.</summary>
    public bool IsAuthenticated => IssFields.Bit(_iss, 1);

    /// <summary>Gets a value indicating whether the instruction is ERETAB; meaningful when <see cref="IsAuthenticated"/>.</summary>
    public bool IsKeyB => IssFields.Bit(_iss, 0);
}
