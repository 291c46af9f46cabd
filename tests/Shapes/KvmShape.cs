using HvIntrospect.Exceptions;
using HvIntrospect.Introspection;
using HvIntrospect.Registers;

namespace HvIntrospect.Shapes;

/// <summary>What /dev/kvm offers on arm64.</summary>
/// <remarks>
/// Accesses outside of slots, and writes to read-only slots, are half-decoded when the syndrome is valid (KVM_EXIT_MMIO; completed by the next run) and
/// otherwise reported with an IPA and a partial syndrome (KVM_EXIT_ARM_NISV), without FAR and HPFAR. Slots are those of the whole VM. A fetch from an
/// absent slot and a walk through one are aborts of the guest. Calls are answered in the kernel; only shutdown is reported. Cache maintenance is skipped.
/// </remarks>
public sealed class KvmShape : BackendShape
{
    private const ulong PsciSystemOff = 0x8400_0008;
    private const int Slots = 32_764;
    private const RegisterGroups Registers =
        RegisterGroups.Core | RegisterGroups.Vector | RegisterGroups.Translation | RegisterGroups.Exception | RegisterGroups.Debug;

    /// <summary>Plays the interface.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="run">Runs its vCPUs.</param>
    public KvmShape(IVirtualMachine machine, ShapeRun run)
        : base(machine, run, vcpu => new KvmVcpu(vcpu, Registers), new ShapedStage2(
            Stage2Of(machine), Stage2AccessSupport.WriteProtect | Stage2AccessSupport.NoAccess, 4096, Slots))
    {
    }

    private protected override void BeforeRun(ShapedVcpu vcpu, in VcpuAction action) =>
        ((KvmVcpu)vcpu).Complete(action.Kind == VcpuActionKind.CompleteMmio ? action.Data : 0);

    private protected override VcpuExit? Report(ShapedVcpu vcpu, in VcpuExit exit)
    {
        if (exit.Kind != VcpuExitKind.Exception)
        {
            return exit;
        }

        if (exit.Esr.Class == ExceptionClass.DataAbortLowerEl && exit.Esr.TryGetDataAbort(out DataAbortSyndrome data))
        {
            return ReportData((KvmVcpu)vcpu, exit, data);
        }

        switch (exit.Esr.Class)
        {
            case ExceptionClass.InstructionAbortLowerEl:
                Inject(vcpu, El1Exception.InstructionAbort(vcpu.Inner.Core.Pstate, FaultStatus.Create(FaultKind.SynchronousExternal), exit.Far));
                return null;
            case ExceptionClass.Hvc64:
                if ((uint)vcpu.Inner.Core[0] == PsciSystemOff)
                {
                    return VcpuExit.FromCode(VcpuExitKind.SystemEvent);
                }

                vcpu.Inner.ModifyCore()[0] = ulong.MaxValue;
                return null;
            default:
                return VcpuExit.FromDebugEvent(exit.Esr, exit.HasFar ? exit.Far : null);
        }
    }

    private VcpuExit? ReportData(KvmVcpu vcpu, in VcpuExit exit, DataAbortSyndrome abort)
    {
        if (abort.IsCacheMaintenance)
        {
            vcpu.Inner.ModifyCore().Pc += 4;
            return null;
        }

        if (abort.IsStage1Walk || !FaultAddress.TryFind(this, vcpu.Inner, exit, out Ipa ipa))
        {
            Inject(vcpu, El1Exception.DataAbort(vcpu.Inner.Core.Pstate, FaultStatus.Create(FaultKind.SynchronousExternal), exit.Far, abort.IsWrite));
            return null;
        }

        if (!abort.TryGetInstructionSyndrome(out InstructionSyndrome instruction))
        {
            const uint CacheWriteAndStatus = (1U << 8) | (1U << 6) | 0x3F;
            return VcpuExit.FromNotDecodedMmio(ipa, exit.Esr.Iss & CacheWriteAndStatus);
        }

        vcpu.Begin(instruction, abort.IsWrite);
        ulong data = instruction.TransferRegister == 31 || !abort.IsWrite ? 0 : vcpu.Inner.Core[instruction.TransferRegister];
        ulong mask = ulong.MaxValue >> (64 - (8 * instruction.AccessSize));
        return VcpuExit.FromHalfDecodedMmio(ipa, instruction.AccessSize, abort.IsWrite, data & mask);
    }

    private void Inject(ShapedVcpu vcpu, in El1Exception exception) => ExceptionEntry.EnterEl1(
        ref vcpu.Inner.ModifyCore(), ref vcpu.Inner.ModifyException(), new Sctlr(vcpu.Inner.Translation.SctlrEl1), Features, exception);
}
