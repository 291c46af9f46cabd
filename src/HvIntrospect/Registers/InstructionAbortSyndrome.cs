namespace HvIntrospect.Registers;

/// <summary>The ISS of an Instruction Abort.</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), "ISS encoding for an exception from an Instruction Abort". Immutable and thread-safe.</remarks>
public readonly struct InstructionAbortSyndrome
{
    private const uint FnvBit = 1U << 10;
    private const uint EaBit = 1U << 9;
    private const uint S1ptwBit = 1U << 7;
    private readonly uint _iss;

    internal InstructionAbortSyndrome(uint iss)
    {
        _iss = iss;
    }

    /// <summary>Gets IFSC.</summary>
    public FaultStatus Status => new((int)_iss);

    /// <summary>Gets a value indicating whether S1PTW is set: a Stage 2 fault on an access of a Stage 1 table walk.</summary>
    public bool IsStage1Walk => (_iss & S1ptwBit) != 0;

    /// <summary>Gets EA, the IMPLEMENTATION DEFINED class of an External abort.</summary>
    public bool ExternalAbortType => (_iss & EaBit) != 0;

    /// <summary>Gets a value indicating whether FAR is valid. FnV has a meaning only for a synchronous External abort that is not on a table walk.</summary>
    public bool IsFarValid => Status.Kind != FaultKind.SynchronousExternal || (_iss & FnvBit) == 0;

    /// <summary>Makes the syndrome of an Instruction Abort.</summary>
    /// <param name="sameEl">True when the exception is taken to the Exception level that it comes from.</param>
    /// <param name="status">IFSC.</param>
    /// <param name="isStage1Walk">S1PTW.</param>
    /// <returns>The whole ESR.</returns>
    public static Esr Create(bool sameEl, FaultStatus status, bool isStage1Walk = false) => Esr.Create(
        sameEl ? ExceptionClass.InstructionAbortSameEl : ExceptionClass.InstructionAbortLowerEl, status.Code | (isStage1Walk ? S1ptwBit : 0));
}
