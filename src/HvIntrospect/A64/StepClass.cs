namespace HvIntrospect.A64;

/// <summary>What it takes to execute one instruction somewhere else than at its own address, or alone under single step.</summary>
public enum StepClass : byte
{
    /// <summary>The result does not depend on where the instruction stands: it may be executed at any address.</summary>
    PositionIndependent,

    /// <summary>It reads the PC (ADR, ADRP, literal loads): at another address it must be simulated.</summary>
    PcRelative,

    /// <summary>It writes the PC: it must be simulated, or stepped at its own address.</summary>
    Branch,

    /// <summary>It belongs to an exclusive sequence, which an exception return between its parts makes fail.</summary>
    Exclusive,

    /// <summary>It may be interrupted with its progress in its registers (CPY*, SET*): a step counts when it has completed.</summary>
    Resumable,

    /// <summary>A landing pad or another hint whose effect depends on PSTATE.BTYPE or on SP and LR (BTI, PACIASP).</summary>
    LandingPad,

    /// <summary>It generates an exception (SVC, HVC, SMC, BRK, HLT, DCPS, UDF).</summary>
    ExceptionGenerating,

    /// <summary>It returns from an exception (ERET, ERETAA, ERETAB, DRPS).</summary>
    ExceptionReturn,

    /// <summary>It may wait (WFE, WFI, WFET, WFIT).</summary>
    Wait,

    /// <summary>A system register or system operation (MSR, MRS, SYS): the named register decides.</summary>
    System,
}
