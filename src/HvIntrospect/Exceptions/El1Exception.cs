using HvIntrospect.Registers;

namespace HvIntrospect.Exceptions;

/// <summary>An exception that is to be taken to EL1: its kind and what it reports.</summary>
/// <remarks>Immutable and thread-safe. Factories that take the source state choose the exception class for "lower" or "same" Exception level.</remarks>
public readonly struct El1Exception
{
    private El1Exception(El1ExceptionKind kind, Esr esr, Va? far)
    {
        Kind = kind;
        Esr = esr;
        Far = far;
    }

    /// <summary>Gets an IRQ.</summary>
    public static El1Exception Irq => new(El1ExceptionKind.Irq, default, null);

    /// <summary>Gets an FIQ.</summary>
    public static El1Exception Fiq => new(El1ExceptionKind.Fiq, default, null);

    /// <summary>Gets the exception of an UNDEFINED instruction (EC 0x00).</summary>
    public static El1Exception Undefined => Synchronous(Esr.Create(ExceptionClass.Unknown, 0));

    /// <summary>Gets the exception of an instruction in Illegal Execution state (EC 0x0E).</summary>
    public static El1Exception IllegalState => Synchronous(Esr.Create(ExceptionClass.IllegalState, 0));

    /// <summary>Gets the kind.</summary>
    public El1ExceptionKind Kind { get; }

    /// <summary>Gets what ESR_EL1 receives; not written for IRQ and FIQ.</summary>
    public Esr Esr { get; }

    /// <summary>Gets what FAR_EL1 receives, or null when it keeps its value.</summary>
    public Va? Far { get; }

    /// <summary>Makes a synchronous exception.</summary>
    /// <param name="esr">ESR_EL1.</param>
    /// <param name="far">FAR_EL1, or null when the class does not write it.</param>
    /// <returns>The exception.</returns>
    public static El1Exception Synchronous(Esr esr, Va? far = null) => new(El1ExceptionKind.Synchronous, esr, far);

    /// <summary>Makes an SError.</summary>
    /// <param name="iss">ISS, 25 bits: from VSESR_EL2 for a virtual SError with FEAT_RAS, otherwise IMPLEMENTATION DEFINED.</param>
    /// <returns>The exception.</returns>
    public static El1Exception SError(uint iss = 0) => new(El1ExceptionKind.SError, Esr.Create(ExceptionClass.SError, iss), null);

    /// <summary>Makes a Data Abort.</summary>
    /// <param name="source">The state that the exception is taken from.</param>
    /// <param name="status">DFSC, for example a synchronous External abort or a Permission fault of Stage 1.</param>
    /// <param name="far">The faulting address.</param>
    /// <param name="isWrite">WnR.</param>
    /// <param name="isCacheMaintenance">CM: a cache maintenance or address translation instruction.</param>
    /// <returns>The exception; ISV is 0, as for every abort that Stage 1 raises.</returns>
    public static El1Exception DataAbort(Spsr source, FaultStatus status, Va far, bool isWrite, bool isCacheMaintenance = false) =>
        Synchronous(DataAbortSyndrome.Create(IsFromEl1(source), status, isWrite, isCacheMaintenance: isCacheMaintenance), far);

    /// <summary>Makes an Instruction Abort.</summary>
    /// <param name="source">The state that the exception is taken from.</param>
    /// <param name="status">IFSC.</param>
    /// <param name="far">The faulting address.</param>
    /// <returns>The exception.</returns>
    public static El1Exception InstructionAbort(Spsr source, FaultStatus status, Va far) =>
        Synchronous(InstructionAbortSyndrome.Create(IsFromEl1(source), status), far);

    /// <summary>Makes a PC alignment fault (EC 0x22).</summary>
    /// <param name="pc">The misaligned PC.</param>
    /// <returns>The exception.</returns>
    public static El1Exception PcAlignment(Va pc) => Synchronous(Esr.Create(ExceptionClass.PcAlignment, 0), pc);

    private static bool IsFromEl1(Spsr source) => !source.IsAArch32 && source.ExceptionLevel == 1;
}
