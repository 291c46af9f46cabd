namespace HvIntrospect.Registers;

/// <summary>ESR_ELx.EC, 6 bits: why an exception was taken.</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), "ESR_EL2, Exception Syndrome Register (EL2)".</remarks>
public enum ExceptionClass : byte
{
    /// <summary>0x00: unknown reason, such as an UNDEFINED instruction.</summary>
    Unknown = 0x00,

    /// <summary>0x01: trapped WFI, WFE, WFIT or WFET.</summary>
    Wfx = 0x01,

    /// <summary>0x03: trapped AArch32 MCR or MRC, coprocessor 15.</summary>
    Cp15Mcr = 0x03,

    /// <summary>0x04: trapped AArch32 MCRR or MRRC, coprocessor 15.</summary>
    Cp15Mcrr = 0x04,

    /// <summary>0x05: trapped AArch32 MCR or MRC, coprocessor 14.</summary>
    Cp14Mcr = 0x05,

    /// <summary>0x06: trapped AArch32 LDC or STC.</summary>
    Cp14LdcStc = 0x06,

    /// <summary>0x07: trapped SIMD, floating-point or SVE access.</summary>
    SimdFp = 0x07,

    /// <summary>0x08: trapped AArch32 VMRS access to an ID register.</summary>
    Cp10Mrc = 0x08,

    /// <summary>0x09: trapped pointer authentication instruction or key access.</summary>
    PointerAuthentication = 0x09,

    /// <summary>0x0A: trapped LD64B, ST64B, ST64BV or ST64BV0, and other instructions of later extensions.</summary>
    LoadStore64Byte = 0x0A,

    /// <summary>0x0C: trapped AArch32 MRRC, coprocessor 14.</summary>
    Cp14Mrrc = 0x0C,

    /// <summary>0x0D: Branch Target exception.</summary>
    BranchTarget = 0x0D,

    /// <summary>0x0E: Illegal Execution state.</summary>
    IllegalState = 0x0E,

    /// <summary>0x11: SVC in AArch32 state.</summary>
    Svc32 = 0x11,

    /// <summary>0x12: HVC in AArch32 state.</summary>
    Hvc32 = 0x12,

    /// <summary>0x13: trapped SMC in AArch32 state.</summary>
    Smc32 = 0x13,

    /// <summary>0x14: trapped MSRR, MRRS or 128-bit system instruction.</summary>
    SystemRegister128 = 0x14,

    /// <summary>0x15: SVC in AArch64 state.</summary>
    Svc64 = 0x15,

    /// <summary>0x16: HVC in AArch64 state.</summary>
    Hvc64 = 0x16,

    /// <summary>0x17: trapped SMC in AArch64 state.</summary>
    Smc64 = 0x17,

    /// <summary>0x18: trapped MSR, MRS or system instruction in AArch64 state.</summary>
    SystemRegister = 0x18,

    /// <summary>0x19: trapped SVE access.</summary>
    Sve = 0x19,

    /// <summary>0x1A: trapped ERET, ERETAA or ERETAB.</summary>
    Eret = 0x1A,

    /// <summary>0x1C: pointer authentication failure.</summary>
    PointerAuthenticationFailure = 0x1C,

    /// <summary>0x1D: trapped SME access.</summary>
    Sme = 0x1D,

    /// <summary>0x20: Instruction Abort from a lower Exception level.</summary>
    InstructionAbortLowerEl = 0x20,

    /// <summary>0x21: Instruction Abort from the same Exception level.</summary>
    InstructionAbortSameEl = 0x21,

    /// <summary>0x22: PC alignment fault.</summary>
    PcAlignment = 0x22,

    /// <summary>0x24: Data Abort from a lower Exception level.</summary>
    DataAbortLowerEl = 0x24,

    /// <summary>0x25: Data Abort from the same Exception level.</summary>
    DataAbortSameEl = 0x25,

    /// <summary>0x26: SP alignment fault.</summary>
    SpAlignment = 0x26,

    /// <summary>0x27: Memory Operation exception (FEAT_MOPS).</summary>
    MemoryOperation = 0x27,

    /// <summary>0x28: trapped floating-point exception, AArch32.</summary>
    FloatingPoint32 = 0x28,

    /// <summary>0x2C: trapped floating-point exception, AArch64.</summary>
    FloatingPoint64 = 0x2C,

    /// <summary>0x2D: Guarded Control Stack exception.</summary>
    GuardedControlStack = 0x2D,

    /// <summary>0x2F: SError interrupt.</summary>
    SError = 0x2F,

    /// <summary>0x30: Breakpoint from a lower Exception level.</summary>
    BreakpointLowerEl = 0x30,

    /// <summary>0x31: Breakpoint from the same Exception level.</summary>
    BreakpointSameEl = 0x31,

    /// <summary>0x32: Software Step from a lower Exception level.</summary>
    SoftwareStepLowerEl = 0x32,

    /// <summary>0x33: Software Step from the same Exception level.</summary>
    SoftwareStepSameEl = 0x33,

    /// <summary>0x34: Watchpoint from a lower Exception level.</summary>
    WatchpointLowerEl = 0x34,

    /// <summary>0x35: Watchpoint from the same Exception level.</summary>
    WatchpointSameEl = 0x35,

    /// <summary>0x38: BKPT in AArch32 state.</summary>
    Bkpt32 = 0x38,

    /// <summary>0x3A: AArch32 vector catch.</summary>
    VectorCatch32 = 0x3A,

    /// <summary>0x3C: BRK in AArch64 state.</summary>
    Brk64 = 0x3C,

    /// <summary>0x3D: profiling exception (FEAT_EBEP, FEAT_SPE_EXC, FEAT_TRBE_EXC).</summary>
    Profiling = 0x3D,
}
