namespace HvIntrospect.Registers;

/// <summary>The ISS of a Data Abort.</summary>
/// <remarks>
/// Arm Architecture Reference Manual (DDI 0487), "ISS encoding for an exception from a Data Abort".
/// The fields that describe the instruction exist only on the value of <see cref="TryGetInstructionSyndrome"/>, so that they cannot be read when ISV is 0.
/// Immutable and thread-safe.
/// </remarks>
public readonly struct DataAbortSyndrome
{
    private const uint IsvBit = 1U << 24;
    private const uint VncrBit = 1U << 13;
    private const uint FnvBit = 1U << 10;
    private const uint EaBit = 1U << 9;
    private const uint CmBit = 1U << 8;
    private const uint S1ptwBit = 1U << 7;
    private const uint WnrBit = 1U << 6;
    private readonly uint _iss;
    private readonly uint _iss2;

    internal DataAbortSyndrome(uint iss, uint iss2)
    {
        _iss = iss;
        _iss2 = iss2;
    }

    /// <summary>Gets DFSC.</summary>
    public FaultStatus Status => new((int)_iss);

    /// <summary>Gets a value indicating whether WnR is set: a write, or a cache maintenance or address translation instruction. UNKNOWN for DFSC 0x31 and 0x35. An atomic reports 0 unless only its write was refused.</summary>
    public bool IsWrite => (_iss & WnrBit) != 0;

    /// <summary>Gets a value indicating whether S1PTW is set: a Stage 2 fault on an access of a Stage 1 table walk.</summary>
    public bool IsStage1Walk => (_iss & S1ptwBit) != 0;

    /// <summary>Gets a value indicating whether CM is set: a cache maintenance or address translation instruction. DC ZVA and its tag forms do not set it.</summary>
    public bool IsCacheMaintenance => (_iss & CmBit) != 0;

    /// <summary>Gets EA, the IMPLEMENTATION DEFINED class of an External abort.</summary>
    public bool ExternalAbortType => (_iss & EaBit) != 0;

    /// <summary>Gets a value indicating whether FAR is valid. FnV has a meaning only for a synchronous External abort that is not on a table walk.</summary>
    public bool IsFarValid => Status.Kind != FaultKind.SynchronousExternal || (_iss & FnvBit) == 0;

    /// <summary>Gets a value indicating whether VNCR is set: an access through VNCR_EL2 (FEAT_NV2).</summary>
    public bool IsVncr => (_iss & VncrBit) != 0;

    /// <summary>Gets bits 12:11, whose meaning depends on <see cref="Status"/>: LST for a 64-byte access, SET for an External abort.</summary>
    public int LoadStoreTypeOrErrorType => (int)(_iss >> 11) & 3;

    /// <summary>Makes the syndrome of a Data Abort.</summary>
    /// <param name="sameEl">True when the exception is taken to the Exception level that it comes from.</param>
    /// <param name="status">DFSC.</param>
    /// <param name="isWrite">WnR.</param>
    /// <param name="isStage1Walk">S1PTW.</param>
    /// <param name="isCacheMaintenance">CM.</param>
    /// <param name="instruction">The fields that describe the instruction (ISV = 1), or null (ISV = 0).</param>
    /// <returns>The whole ESR.</returns>
    public static Esr Create(
        bool sameEl,
        FaultStatus status,
        bool isWrite,
        bool isStage1Walk = false,
        bool isCacheMaintenance = false,
        InstructionSyndrome? instruction = null)
    {
        uint iss = status.Code | (isWrite ? WnrBit : 0) | (isStage1Walk ? S1ptwBit : 0) | (isCacheMaintenance ? CmBit : 0);
        iss |= instruction is InstructionSyndrome known ? IsvBit | known.Iss : 0;
        return Esr.Create(sameEl ? ExceptionClass.DataAbortSameEl : ExceptionClass.DataAbortLowerEl, iss);
    }

    /// <summary>Gets the fields that describe the instruction, when the hardware reports them.</summary>
    /// <param name="syndrome">The fields; a hint that must agree with the instruction.</param>
    /// <returns>False when ISV is 0, which is always legal.</returns>
    public bool TryGetInstructionSyndrome(out InstructionSyndrome syndrome)
    {
        bool valid = (_iss & IsvBit) != 0;
        syndrome = valid ? new InstructionSyndrome(_iss, _iss2) : default;
        return valid;
    }
}
