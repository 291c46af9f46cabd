namespace HvIntrospect.Registers;

/// <summary>The ISS of a Software Step exception (EC 0x32, 0x33).</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), "ISS encoding for an exception from a Software Step exception". Immutable and thread-safe.</remarks>
public readonly struct SoftwareStepSyndrome
{
    private const uint IsvBit = 1U << 24;
    private const uint ExBit = 1U << 6;
    private readonly uint _iss;

    internal SoftwareStepSyndrome(uint iss)
    {
        _iss = iss;
    }

    /// <summary>Gets a value indicating whether <see cref="SteppedLoadExclusive"/> is known: an instruction was stepped. When false the exception was taken from the active-pending state without executing one.</summary>
    /// <remarks>ISV, bit 24.</remarks>
    public bool IsValid => (_iss & IsvBit) != 0;

    /// <summary>Gets a value indicating whether the stepped instruction was a load-exclusive; false when <see cref="IsValid"/> is false.</summary>
    /// <remarks>EX, bit 6.</remarks>
    public bool SteppedLoadExclusive => (_iss & (IsvBit | ExBit)) == (IsvBit | ExBit);

    /// <summary>Gets IFSC, which is Debug.</summary>
    public FaultStatus Status => new((int)_iss);

    /// <summary>Makes a syndrome.</summary>
    /// <param name="sameEl">True when the exception is taken to the Exception level that it comes from.</param>
    /// <param name="isValid">Whether an instruction was stepped.</param>
    /// <param name="steppedLoadExclusive">Whether it was a load-exclusive; ignored when <paramref name="isValid"/> is false.</param>
    /// <returns>The whole ESR.</returns>
    public static Esr Create(bool sameEl, bool isValid, bool steppedLoadExclusive)
    {
        uint iss = FaultStatus.Create(FaultKind.Debug).Code;
        iss |= isValid ? IsvBit : 0;
        iss |= isValid && steppedLoadExclusive ? ExBit : 0;
        return Esr.Create(sameEl ? ExceptionClass.SoftwareStepSameEl : ExceptionClass.SoftwareStepLowerEl, iss);
    }
}
