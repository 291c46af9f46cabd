namespace HvIntrospect.Registers;

/// <content>The typed views of the exception classes that are not aborts.</content>
public readonly partial struct Esr
{
    /// <summary>Gets the view of a trapped WFI, WFE, WFIT or WFET (EC 0x01).</summary>
    /// <param name="syndrome">The view.</param>
    /// <returns>False for other classes.</returns>
    public bool TryGetWfx(out WfxSyndrome syndrome)
    {
        syndrome = new WfxSyndrome(Iss);
        return Class == ExceptionClass.Wfx;
    }

    /// <summary>Gets the view of a trapped AArch32 MCR, MRC or VMRS (EC 0x03, 0x05 or 0x08).</summary>
    /// <param name="syndrome">The view.</param>
    /// <returns>False for other classes.</returns>
    public bool TryGetCoprocessorAccess(out CoprocessorAccessSyndrome syndrome)
    {
        syndrome = new CoprocessorAccessSyndrome(Iss);
        return Class is ExceptionClass.Cp15Mcr or ExceptionClass.Cp14Mcr or ExceptionClass.Cp10Mrc;
    }

    /// <summary>Gets the view of a trapped AArch32 MCRR or MRRC (EC 0x04 or 0x0C).</summary>
    /// <param name="syndrome">The view.</param>
    /// <returns>False for other classes.</returns>
    public bool TryGetCoprocessorPairAccess(out CoprocessorPairAccessSyndrome syndrome)
    {
        syndrome = new CoprocessorPairAccessSyndrome(Iss);
        return Class is ExceptionClass.Cp15Mcrr or ExceptionClass.Cp14Mrrc;
    }

    /// <summary>Gets the view of a trapped AArch32 LDC or STC (EC 0x06).</summary>
    /// <param name="syndrome">The view.</param>
    /// <returns>False for other classes.</returns>
    public bool TryGetCoprocessorTransfer(out CoprocessorTransferSyndrome syndrome)
    {
        syndrome = new CoprocessorTransferSyndrome(Iss);
        return Class == ExceptionClass.Cp14LdcStc;
    }

    /// <summary>Gets the view of a trapped SIMD or floating-point access (EC 0x07).</summary>
    /// <param name="syndrome">The view.</param>
    /// <returns>False for other classes.</returns>
    public bool TryGetSimdFp(out SimdFpSyndrome syndrome)
    {
        syndrome = new SimdFpSyndrome(Iss);
        return Class == ExceptionClass.SimdFp;
    }

    /// <summary>Gets the view of a trapped 64-byte load or store (EC 0x0A).</summary>
    /// <param name="syndrome">The view.</param>
    /// <returns>False for other classes.</returns>
    public bool TryGetLoadStore64Byte(out LoadStore64ByteSyndrome syndrome)
    {
        syndrome = new LoadStore64ByteSyndrome(Iss);
        return Class == ExceptionClass.LoadStore64Byte;
    }

    /// <summary>Gets the view of a Branch Target exception (EC 0x0D).</summary>
    /// <param name="syndrome">The view.</param>
    /// <returns>False for other classes.</returns>
    public bool TryGetBranchTarget(out BranchTargetSyndrome syndrome)
    {
        syndrome = new BranchTargetSyndrome(Iss);
        return Class == ExceptionClass.BranchTarget;
    }

    /// <summary>Gets the view of SVC or HVC (EC 0x11, 0x12, 0x15 or 0x16) or of SMC in AArch64 state (EC 0x17).</summary>
    /// <param name="syndrome">The view.</param>
    /// <returns>False for other classes.</returns>
    public bool TryGetCall(out CallSyndrome syndrome)
    {
        syndrome = new CallSyndrome(Iss);
        return Class is ExceptionClass.Svc32 or ExceptionClass.Hvc32 or ExceptionClass.Svc64 or ExceptionClass.Hvc64 or ExceptionClass.Smc64;
    }

    /// <summary>Gets the view of SMC in AArch32 state (EC 0x13).</summary>
    /// <param name="syndrome">The view.</param>
    /// <returns>False for other classes.</returns>
    public bool TryGetSecureMonitorCall32(out SecureMonitorCall32Syndrome syndrome)
    {
        syndrome = new SecureMonitorCall32Syndrome(Iss);
        return Class == ExceptionClass.Smc32;
    }

    /// <summary>Gets the view of a trapped MSR, MRS or System instruction (EC 0x18 or 0x14).</summary>
    /// <param name="syndrome">The view.</param>
    /// <returns>False for other classes.</returns>
    public bool TryGetSystemRegister(out SystemRegisterSyndrome syndrome)
    {
        syndrome = new SystemRegisterSyndrome(Iss);
        return Class is ExceptionClass.SystemRegister or ExceptionClass.SystemRegister128;
    }

    /// <summary>Gets the view of a trapped ERET (EC 0x1A).</summary>
    /// <param name="syndrome">The view.</param>
    /// <returns>False for other classes.</returns>
    public bool TryGetEret(out EretSyndrome syndrome)
    {
        syndrome = new EretSyndrome(Iss);
        return Class == ExceptionClass.Eret;
    }

    /// <summary>Gets the view of a pointer authentication failure (EC 0x1C).</summary>
    /// <param name="syndrome">The view.</param>
    /// <returns>False for other classes.</returns>
    public bool TryGetPointerAuthenticationFailure(out PointerAuthenticationFailureSyndrome syndrome)
    {
        syndrome = new PointerAuthenticationFailureSyndrome(Iss);
        return Class == ExceptionClass.PointerAuthenticationFailure;
    }

    /// <summary>Gets the view of a trapped SME access (EC 0x1D).</summary>
    /// <param name="syndrome">The view.</param>
    /// <returns>False for other classes.</returns>
    public bool TryGetSme(out SmeSyndrome syndrome)
    {
        syndrome = new SmeSyndrome(Iss);
        return Class == ExceptionClass.Sme;
    }

    /// <summary>Gets the view of a Memory Copy or Memory Set exception (EC 0x27).</summary>
    /// <param name="syndrome">The view.</param>
    /// <returns>False for other classes.</returns>
    public bool TryGetMemoryOperation(out MemoryOperationSyndrome syndrome)
    {
        syndrome = new MemoryOperationSyndrome(Iss);
        return Class == ExceptionClass.MemoryOperation;
    }

    /// <summary>Gets the view of a trapped floating-point exception (EC 0x28 or 0x2C).</summary>
    /// <param name="syndrome">The view.</param>
    /// <returns>False for other classes.</returns>
    public bool TryGetFloatingPoint(out FloatingPointSyndrome syndrome)
    {
        syndrome = new FloatingPointSyndrome(Iss);
        return Class is ExceptionClass.FloatingPoint32 or ExceptionClass.FloatingPoint64;
    }

    /// <summary>Gets the view of a Guarded Control Stack exception (EC 0x2D).</summary>
    /// <param name="syndrome">The view.</param>
    /// <returns>False for other classes.</returns>
    public bool TryGetGuardedControlStack(out GuardedControlStackSyndrome syndrome)
    {
        syndrome = new GuardedControlStackSyndrome(Iss);
        return Class == ExceptionClass.GuardedControlStack;
    }

    /// <summary>Gets the view of an SError interrupt (EC 0x2F).</summary>
    /// <param name="syndrome">The view.</param>
    /// <returns>False for other classes.</returns>
    public bool TryGetSError(out SErrorSyndrome syndrome)
    {
        syndrome = new SErrorSyndrome(Iss);
        return Class == ExceptionClass.SError;
    }

    /// <summary>Gets the view of a Breakpoint or Vector Catch exception (EC 0x30, 0x31 or 0x3A).</summary>
    /// <param name="syndrome">The view.</param>
    /// <returns>False for other classes.</returns>
    public bool TryGetBreakpoint(out BreakpointSyndrome syndrome)
    {
        syndrome = new BreakpointSyndrome(Iss);
        return Class is ExceptionClass.BreakpointLowerEl or ExceptionClass.BreakpointSameEl or ExceptionClass.VectorCatch32;
    }

    /// <summary>Gets the view of a Software Step exception (EC 0x32 or 0x33).</summary>
    /// <param name="syndrome">The view.</param>
    /// <returns>False for other classes.</returns>
    public bool TryGetSoftwareStep(out SoftwareStepSyndrome syndrome)
    {
        syndrome = new SoftwareStepSyndrome(Iss);
        return Class is ExceptionClass.SoftwareStepLowerEl or ExceptionClass.SoftwareStepSameEl;
    }

    /// <summary>Gets the view of a Watchpoint exception (EC 0x34 or 0x35).</summary>
    /// <param name="syndrome">The view.</param>
    /// <returns>False for other classes.</returns>
    public bool TryGetWatchpoint(out WatchpointSyndrome syndrome)
    {
        syndrome = new WatchpointSyndrome(Iss);
        return Class is ExceptionClass.WatchpointLowerEl or ExceptionClass.WatchpointSameEl;
    }

    /// <summary>Gets the view of BRK or BKPT (EC 0x3C or 0x38).</summary>
    /// <param name="syndrome">The view.</param>
    /// <returns>False for other classes.</returns>
    public bool TryGetBreakpointInstruction(out BreakpointInstructionSyndrome syndrome)
    {
        syndrome = new BreakpointInstructionSyndrome(Iss);
        return Class is ExceptionClass.Brk64 or ExceptionClass.Bkpt32;
    }
}
