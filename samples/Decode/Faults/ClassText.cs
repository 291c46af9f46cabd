using HvIntrospect.Registers;

namespace HvIntrospect.Samples.Decode.Faults;

/// <summary>Exception classes in words.</summary>
internal static class ClassText
{
    /// <summary>Says what an exception class means.</summary>
    public static string Of(ExceptionClass exceptionClass) => exceptionClass switch
    {
        ExceptionClass.Unknown => "unknown reason, such as an UNDEFINED instruction",
        ExceptionClass.Wfx => "trapped WFI, WFE, WFIT or WFET",
        ExceptionClass.Cp15Mcr => "trapped AArch32 MCR or MRC, coprocessor 15",
        ExceptionClass.Cp15Mcrr => "trapped AArch32 MCRR or MRRC, coprocessor 15",
        ExceptionClass.Cp14Mcr => "trapped AArch32 MCR or MRC, coprocessor 14",
        ExceptionClass.Cp14LdcStc => "trapped AArch32 LDC or STC",
        ExceptionClass.SimdFp => "trapped SIMD or floating-point access",
        ExceptionClass.Cp10Mrc => "trapped AArch32 VMRS",
        ExceptionClass.PointerAuthentication => "trapped pointer authentication",
        ExceptionClass.LoadStore64Byte => "trapped 64-byte load or store",
        ExceptionClass.Cp14Mrrc => "trapped AArch32 MRRC, coprocessor 14",
        ExceptionClass.BranchTarget => "Branch Target exception",
        ExceptionClass.IllegalState => "Illegal Execution state",
        ExceptionClass.Svc32 => "SVC in AArch32 state",
        ExceptionClass.Hvc32 => "HVC in AArch32 state",
        ExceptionClass.Smc32 => "trapped SMC in AArch32 state",
        ExceptionClass.SystemRegister128 => "trapped 128-bit system register access",
        ExceptionClass.Svc64 => "SVC in AArch64 state",
        ExceptionClass.Hvc64 => "HVC in AArch64 state",
        ExceptionClass.Smc64 => "trapped SMC in AArch64 state",
        ExceptionClass.SystemRegister => "trapped MSR, MRS or system instruction",
        ExceptionClass.Sve => "trapped SVE access",
        ExceptionClass.Eret => "trapped ERET",
        ExceptionClass.PointerAuthenticationFailure => "pointer authentication failure",
        ExceptionClass.Sme => "trapped SME access",
        ExceptionClass.InstructionAbortLowerEl => "Instruction Abort from a lower Exception level",
        ExceptionClass.InstructionAbortSameEl => "Instruction Abort without a change in Exception level",
        ExceptionClass.PcAlignment => "PC alignment fault",
        ExceptionClass.DataAbortLowerEl => "Data Abort from a lower Exception level",
        ExceptionClass.DataAbortSameEl => "Data Abort without a change in Exception level",
        ExceptionClass.SpAlignment => "SP alignment fault",
        ExceptionClass.MemoryOperation => "Memory Copy or Memory Set exception",
        ExceptionClass.FloatingPoint32 => "trapped floating-point exception, AArch32",
        ExceptionClass.FloatingPoint64 => "trapped floating-point exception, AArch64",
        ExceptionClass.GuardedControlStack => "Guarded Control Stack exception",
        ExceptionClass.SError => "SError interrupt",
        ExceptionClass.BreakpointLowerEl => "Breakpoint exception from a lower Exception level",
        ExceptionClass.BreakpointSameEl => "Breakpoint exception without a change in Exception level",
        ExceptionClass.SoftwareStepLowerEl => "Software Step exception from a lower Exception level",
        ExceptionClass.SoftwareStepSameEl => "Software Step exception without a change in Exception level",
        ExceptionClass.WatchpointLowerEl => "Watchpoint exception from a lower Exception level",
        ExceptionClass.WatchpointSameEl => "Watchpoint exception without a change in Exception level",
        ExceptionClass.Bkpt32 => "BKPT in AArch32 state",
        ExceptionClass.VectorCatch32 => "AArch32 vector catch",
        ExceptionClass.Brk64 => "BRK in AArch64 state",
        ExceptionClass.Profiling => "profiling exception",
        _ => "reserved",
    };
}
