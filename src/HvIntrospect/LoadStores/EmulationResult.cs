using HvIntrospect.Registers;

namespace HvIntrospect.LoadStores;

/// <summary>The result of performing one load or store.</summary>
/// <remarks>Immutable and thread-safe. Conditions of the guest are results, never exceptions.</remarks>
public readonly struct EmulationResult
{
    private EmulationResult(
        EmulationOutcome outcome, GuestFaultKind fault = default, FaultStatus status = default, Va address = default, bool isWrite = false, UnsupportedReason reason = default,
        uint syndrome = 0, SystemRegister register = default)
    {
        Outcome = outcome;
        Fault = fault;
        Status = status;
        Address = address;
        IsWrite = isWrite;
        Reason = reason;
        Syndrome = syndrome;
        Register = register;
    }

    /// <summary>Gets the result of an access that was performed.</summary>
    public static EmulationResult Completed => new(EmulationOutcome.Completed);

    /// <summary>Gets the result of an access that must be executed again.</summary>
    public static EmulationResult Retry => new(EmulationOutcome.Retry);

    /// <summary>Gets the result of an access that the bus ended.</summary>
    public static EmulationResult Refused => new(EmulationOutcome.Refused);

    /// <summary>Gets the result of an access that was performed in part.</summary>
    public static EmulationResult Progressed => new(EmulationOutcome.Progressed);

    /// <summary>Gets how it ended.</summary>
    public EmulationOutcome Outcome { get; }

    /// <summary>Gets the exception that the guest takes; meaningful for <see cref="EmulationOutcome.GuestFault"/>.</summary>
    public GuestFaultKind Fault { get; }

    /// <summary>Gets the fault status code of a Data Abort.</summary>
    public FaultStatus Status { get; }

    /// <summary>Gets the faulting address for FAR_EL1: the first byte of the access that faults, which is not the start of the access when that lies in another page.</summary>
    public Va Address { get; }

    /// <summary>Gets a value indicating whether the faulting access is a write (WnR).</summary>
    public bool IsWrite { get; }

    /// <summary>Gets why the access is not performed; <see cref="UnsupportedReason.None"/> unless the outcome is <see cref="EmulationOutcome.Unsupported"/>.</summary>
    public UnsupportedReason Reason { get; }

    /// <summary>Gets the 25 bits of ISS; meaningful for <see cref="GuestFaultKind.MemoryOperation"/>.</summary>
    public uint Syndrome { get; }

    /// <summary>Gets the register that cannot be read; meaningful for <see cref="UnsupportedReason.SystemRegister"/>.</summary>
    public SystemRegister Register { get; }

    /// <summary>Makes the result of a Data Abort.</summary>
    /// <param name="status">The fault status code.</param>
    /// <param name="address">The first byte that faults.</param>
    /// <param name="isWrite">True for a write.</param>
    /// <returns>The result.</returns>
    public static EmulationResult DataAbort(FaultStatus status, Va address, bool isWrite) =>
        new(EmulationOutcome.GuestFault, GuestFaultKind.DataAbort, status, address, isWrite);

    /// <summary>Makes the result of another exception.</summary>
    /// <param name="fault">The exception; not <see cref="GuestFaultKind.DataAbort"/>, which has more to tell.</param>
    /// <returns>The result.</returns>
    public static EmulationResult GuestFault(GuestFaultKind fault) => new(EmulationOutcome.GuestFault, fault);

    /// <summary>Makes the result of a Memory Copy and Memory Set exception.</summary>
    /// <param name="syndrome">The ISS.</param>
    /// <returns>The result.</returns>
    public static EmulationResult MemoryOperation(uint syndrome) =>
        new(EmulationOutcome.GuestFault, GuestFaultKind.MemoryOperation, syndrome: syndrome);

    /// <summary>Makes the result of an access that is not performed.</summary>
    /// <param name="reason">Why.</param>
    /// <returns>The result.</returns>
    public static EmulationResult Unsupported(UnsupportedReason reason) => new(EmulationOutcome.Unsupported, reason: reason);

    /// <summary>Makes the result of an access that depends on a system register that cannot be read.</summary>
    /// <param name="register">The register.</param>
    /// <returns>The result.</returns>
    public static EmulationResult Unreadable(SystemRegister register) =>
        new(EmulationOutcome.Unsupported, reason: UnsupportedReason.SystemRegister, register: register);

    /// <summary>Formats the outcome and its details.</summary>
    /// <returns>For example <c>GuestFault (Permission, level 3 at 0x1000)</c>.</returns>
    public override string ToString() => Outcome switch
    {
        EmulationOutcome.GuestFault when Fault == GuestFaultKind.DataAbort => "GuestFault (" + Status + " at " + Address + ")",
        EmulationOutcome.GuestFault => "GuestFault (" + Fault + ")",
        EmulationOutcome.Unsupported => "Unsupported (" + DescribeReason() + ")",
        _ => Outcome.ToString(),
    };
    /// <summary>Formats why the access is not performed.</summary>
    /// <returns>For example <c>SystemRegister RCWMASK_EL1</c>.</returns>
    internal string DescribeReason() => Reason == UnsupportedReason.SystemRegister ? Reason + " " + Register : Reason.ToString();
}
