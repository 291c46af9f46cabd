using System;
using System.Linq;
using System.Reflection;
using HvIntrospect.Registers;
using Xunit;

namespace HvIntrospect.Tests.Registers;

/// <summary>Syndromes as real machines report them, read through the typed views.</summary>
public sealed class EsrViewsTests
{
    [Fact]
    public void EachClassHasAtMostOneView()
    {
        MethodInfo[] views = typeof(Esr).GetMethods().Where(method => method.Name.StartsWith("TryGet", StringComparison.Ordinal)).ToArray();
        foreach (ExceptionClass exceptionClass in Enum.GetValues<ExceptionClass>())
        {
            Esr esr = Esr.Create(exceptionClass, 0);
            int count = views.Count(view => (bool)view.Invoke(esr, [null])!);
            bool hasFields = exceptionClass is not (ExceptionClass.Unknown or ExceptionClass.IllegalState or ExceptionClass.PcAlignment
                or ExceptionClass.SpAlignment or ExceptionClass.PointerAuthentication or ExceptionClass.Sve or ExceptionClass.Profiling);
            Assert.True(count == (hasFields ? 1 : 0), exceptionClass.ToString());
        }
    }

    [Fact]
    public void WfiAndWfe()
    {
        Assert.True(new Esr(0x07E0_0000).TryGetWfx(out WfxSyndrome wfi));
        Assert.Equal(WfxInstruction.Wfi, wfi.Instruction);
        Assert.True(wfi.TryGetCondition(out int condition));
        Assert.Equal(14, condition);
        Assert.False(wfi.TryGetTimeoutRegister(out _));
        Assert.True(new Esr(0x07E0_00E7).TryGetWfx(out WfxSyndrome wfet));
        Assert.Equal(WfxInstruction.Wfet, wfet.Instruction);
        Assert.True(wfet.TryGetTimeoutRegister(out int register));
        Assert.Equal(7, register);
        Assert.Equal(0x07E0_0001UL, WfxSyndrome.Create(WfxInstruction.Wfe).Value);
    }

    [Fact]
    public void SystemRegisterTrap()
    {
        // MSR SCTLR_EL1, X3 and MRS X30, ID_AA64PFR0_EL1.
        var write = new Esr(0x6230_0460);
        Assert.True(write.TryGetSystemRegister(out SystemRegisterSyndrome syndrome));
        Assert.Equal(SystemRegister.SctlrEl1, syndrome.Register);
        Assert.Equal(3, syndrome.Rt);
        Assert.False(syndrome.IsRead);
        Assert.Equal(write, SystemRegisterSyndrome.Create(SystemRegister.SctlrEl1, 3, isRead: false));
        Esr read = SystemRegisterSyndrome.Create(SystemRegister.IdAa64Pfr0El1, 30, isRead: true);
        Assert.Equal(0x6230_03C9UL, read.Value);
        Assert.True(read.TryGetSystemRegister(out SystemRegisterSyndrome readSyndrome));
        Assert.Equal(SystemRegister.IdAa64Pfr0El1, readSyndrome.Register);
    }

    [Fact]
    public void SystemRegisterTrapRoundTripsForEveryRegister()
    {
        for (int encoding = 0; encoding <= ushort.MaxValue; encoding += 7)
        {
            SystemRegister register = SystemRegister.FromEncoding((ushort)encoding);
            Assert.True(SystemRegisterSyndrome.Create(register, encoding & 31, (encoding & 1) != 0).TryGetSystemRegister(out SystemRegisterSyndrome syndrome));
            Assert.Equal((register, encoding & 31, (encoding & 1) != 0), (syndrome.Register, syndrome.Rt, syndrome.IsRead));
        }
    }

    [Theory]
    [InlineData(0x5600_007FUL, ExceptionClass.Svc64, 0x7F)]
    [InlineData(0x5A00_BEEFUL, ExceptionClass.Hvc64, 0xBEEF)]
    [InlineData(0x5E00_0001UL, ExceptionClass.Smc64, 1)]
    public void Calls(ulong value, ExceptionClass exceptionClass, int immediate)
    {
        var esr = new Esr(value);
        Assert.Equal(exceptionClass, esr.Class);
        Assert.True(esr.TryGetCall(out CallSyndrome call));
        Assert.Equal(immediate, call.Immediate);
        Assert.Equal(esr, CallSyndrome.Create(exceptionClass, (ushort)immediate));
    }

    [Fact]
    public void SoftwareStep()
    {
        Assert.True(new Esr(0xCB00_0062).TryGetSoftwareStep(out SoftwareStepSyndrome exclusive));
        Assert.True(exclusive.IsValid && exclusive.SteppedLoadExclusive);
        Assert.True(new Esr(0xCA00_0022).TryGetSoftwareStep(out SoftwareStepSyndrome pending));
        Assert.False(pending.IsValid || pending.SteppedLoadExclusive);
        Assert.Equal(FaultKind.Debug, pending.Status.Kind);
        Assert.Equal(0xCB00_0022UL, SoftwareStepSyndrome.Create(sameEl: false, isValid: true, steppedLoadExclusive: false).Value);
        Assert.Equal(0xCE00_0022UL, SoftwareStepSyndrome.Create(sameEl: true, isValid: false, steppedLoadExclusive: true).Value);
    }

    [Fact]
    public void WatchpointAndBreakpoint()
    {
        Assert.True(new Esr(0xD200_0062).TryGetWatchpoint(out WatchpointSyndrome watchpoint));
        Assert.True(watchpoint.IsWrite && watchpoint.IsFarValid);
        Assert.False(watchpoint.IsCacheMaintenance || watchpoint.TryGetNumber(out _));
        Assert.True(new Esr(0xD20E_0022).TryGetWatchpoint(out WatchpointSyndrome numbered) && numbered.TryGetNumber(out int number) && number == 3);
        Assert.True(new Esr(0xC200_0022).TryGetBreakpoint(out BreakpointSyndrome breakpoint));
        Assert.Equal(FaultKind.Debug, breakpoint.Status.Kind);
        Assert.True(new Esr(0xF200_F000).TryGetBreakpointInstruction(out BreakpointInstructionSyndrome brk));
        Assert.Equal(0xF000, brk.Comment);
        Assert.Equal(0xF200_F000UL, BreakpointInstructionSyndrome.Create(0xF000).Value);
    }

    [Fact]
    public void AArch32Traps()
    {
        // MRC p15, 0, R2, c1, c0, 1; MRRC p15, 1, R4, R5, c14; LDC p14, c5, [R1], #8.
        Assert.True(new Esr(0x0FE2_0441).TryGetCoprocessorAccess(out CoprocessorAccessSyndrome access));
        Assert.Equal((0, 1, 1, 0, 2, true), (access.Opc1, access.Opc2, access.CRn, access.CRm, access.Rt, access.IsRead));
        Assert.True(new Esr(0x13E1_149D).TryGetCoprocessorPairAccess(out CoprocessorPairAccessSyndrome pair));
        Assert.Equal((1, 14, 4, 5, true), (pair.Opc1, pair.CRm, pair.Rt, pair.Rt2, pair.IsRead));
        Assert.True(new Esr(0x1BE0_2032).TryGetCoprocessorTransfer(out CoprocessorTransferSyndrome transfer));
        Assert.Equal((2, 1, true, 1, false), (transfer.Immediate, transfer.Rn, transfer.AddsOffset, transfer.AddressingMode, transfer.IsRead));
        Assert.True(new Esr(0x4E08_0000).TryGetSecureMonitorCall32(out SecureMonitorCall32Syndrome call));
        Assert.True(call.MayHaveFailedCondition && !call.TryGetCondition(out _));
    }

    [Fact]
    public void TrapsOfLaterExtensions()
    {
        Assert.True(new Esr(0x2A00_0002).TryGetLoadStore64Byte(out LoadStore64ByteSyndrome load));
        Assert.Equal(LoadStore64ByteInstruction.Ld64bOrSt64b, load.Instruction);
        Assert.True(new Esr(0x3600_0002).TryGetBranchTarget(out BranchTargetSyndrome target) && target.Btype == 2);
        Assert.True(new Esr(0x6A00_0003).TryGetEret(out EretSyndrome eret) && eret.IsAuthenticated && eret.IsKeyB);
        Assert.True(new Esr(0x7200_0002).TryGetPointerAuthenticationFailure(out PointerAuthenticationFailureSyndrome failure));
        Assert.True(failure.IsDataKey && !failure.IsKeyB);
        Assert.True(new Esr(0x7600_0003).TryGetSme(out SmeSyndrome sme) && sme.Reason == 3);
        Assert.True(new Esr(0x9E05_0443).TryGetMemoryOperation(out MemoryOperationSyndrome copy));
        Assert.Equal(
            (false, false, 0, true, false, true, 1, 2, 3),
            (copy.IsSet, copy.IsSetWithTags, copy.Options, copy.IsFromEpilogue, copy.IsWrongOption, copy.IsOptionA, copy.DestinationRegister, copy.SourceRegister, copy.SizeRegister));
        Assert.True(new Esr(0xB620_08A0).TryGetGuardedControlStack(out GuardedControlStackSyndrome gcs));
        Assert.Equal((2, 2, 5, 0), (gcs.Kind, gcs.AddressRegister, gcs.Register, gcs.InstructionType));
    }

    [Fact]
    public void FloatingPointAndSError()
    {
        Assert.True(new Esr(0xB280_0012).TryGetFloatingPoint(out FloatingPointSyndrome floatingPoint));
        Assert.True(floatingPoint.AreFlagsValid && floatingPoint.Inexact && floatingPoint.DivideByZero);
        Assert.False(floatingPoint.InvalidOperation || floatingPoint.Overflow || floatingPoint.Underflow || floatingPoint.InputDenormal);
        Assert.Equal(0x1FE0_0000UL, SimdFpSyndrome.Create().Value);
        Assert.True(new Esr(0xBE00_0C11).TryGetSError(out SErrorSyndrome error));
        Assert.Equal((false, 3, 0x11), (error.IsImplementationDefined, error.ErrorType, error.Status));
    }

    [Fact]
    public void AbortsAreBuiltAsTheyAreRead()
    {
        InstructionSyndrome load = InstructionSyndrome.Create(4, signExtend: true, 31, is64Bit: true, acquireRelease: false);
        Esr esr = DataAbortSyndrome.Create(sameEl: false, FaultStatus.Create(FaultKind.Translation, 3), isWrite: false, instruction: load);
        Assert.Equal(0x93BF_8007UL, esr.Value);
        Assert.True(esr.TryGetDataAbort(out DataAbortSyndrome abort));
        Assert.True(abort.TryGetInstructionSyndrome(out InstructionSyndrome read));
        Assert.Equal((4, true, 31, true, false), (read.AccessSize, read.SignExtend, read.TransferRegister, read.Is64Bit, read.AcquireRelease));
        Assert.Equal(0x9200_01C7UL, DataAbortSyndrome.Create(false, FaultStatus.Create(FaultKind.Translation, 3), true, true, true).Value);
        Assert.Equal(0x8200_008BUL, InstructionAbortSyndrome.Create(false, FaultStatus.Create(FaultKind.AccessFlag, 3), isStage1Walk: true).Value);
        Assert.Throws<ArgumentOutOfRangeException>(() => InstructionSyndrome.Create(3, false, 0, false, false));
        Assert.Throws<ArgumentOutOfRangeException>(() => InstructionSyndrome.Create(4, false, 32, false, false));
    }
}
