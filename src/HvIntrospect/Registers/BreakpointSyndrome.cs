namespace HvIntrospect.Registers;

/// <summary>The ISS of a Breakpoint (EC 0x30, 0x31) or Vector Catch (EC 0x3A) exception.</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), "ISS encoding for an exception from a Breakpoint or Vector Catch debug exception". Immutable and thread-safe.</remarks>
public readonly struct BreakpointSyndrome
{
    private readonly uint _iss;

    internal BreakpointSyndrome(uint iss)
    {
        _iss = iss;
    }

    /// <summary>Gets IFSC, which is Debug.</summary>
    public FaultStatus Status => new((int)_iss);

    /// <summary>Makes the syndrome of a Breakpoint exception.</summary>
    /// <param name="sameEl">True when the exception is taken to the Exception level that it comes from.</param>
    /// <returns>The whole ESR.</returns>
    public static Esr Create(bool sameEl) =>
        Esr.Create(sameEl ? ExceptionClass.BreakpointSameEl : ExceptionClass.BreakpointLowerEl, FaultStatus.Create(FaultKind.Debug).Code);
}
