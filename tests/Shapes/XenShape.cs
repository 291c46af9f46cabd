using HvIntrospect.Registers;

namespace HvIntrospect.Shapes;

/// <summary>What Xen's vm_event ring and its domain controls offer on arm64.</summary>
/// <remarks>
/// A memory event says frame, offset, linear address, direction and whether the guest's own walk faulted; there is no syndrome of the instruction. PC and
/// CPSR come with the event, other registers through the vCPU context, which has neither V registers nor the EL1 exception registers. There is no single step.
/// Only what mem_access denies is reported: everything else is the hypervisor's, and the guest's abort.
/// </remarks>
public sealed class XenShape : BackendShape
{
    private const Stage2AccessSupport Support = Stage2AccessSupport.WriteProtect | Stage2AccessSupport.NoAccess | Stage2AccessSupport.ExecuteOnly
        | Stage2AccessSupport.NoExecute | Stage2AccessSupport.FetchExits | Stage2AccessSupport.WalkExits;

    /// <summary>Plays the interface.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="run">Runs its vCPUs.</param>
    public XenShape(IVirtualMachine machine, ShapeRun run)
        : base(
            machine,
            run,
            vcpu => new ShapedVcpu(vcpu, RegisterGroups.Core | RegisterGroups.Translation, offersStep: false),
            new ShapedStage2(Stage2Of(machine), Support, 4096))
    {
    }

    private protected override VcpuExit? Report(ShapedVcpu vcpu, in VcpuExit exit)
    {
        if (exit.Kind != VcpuExitKind.Exception || !FaultAddress.TryFind(this, vcpu.Inner, exit, out Ipa ipa))
        {
            return exit;
        }

        FaultStatus denied = FaultStatus.Create(FaultKind.Permission, 3);
        if (exit.Esr.Class == ExceptionClass.DataAbortLowerEl && exit.Esr.TryGetDataAbort(out DataAbortSyndrome data))
        {
            return VcpuExit.FromExceptionWithIpa(
                DataAbortSyndrome.Create(false, denied, data.IsWrite, data.IsStage1Walk, data.IsCacheMaintenance), ipa, exit.Far);
        }

        return exit.Esr.Class == ExceptionClass.InstructionAbortLowerEl && exit.Esr.TryGetInstructionAbort(out InstructionAbortSyndrome fetch)
            ? VcpuExit.FromExceptionWithIpa(InstructionAbortSyndrome.Create(false, denied, fetch.IsStage1Walk), ipa, exit.Far)
            : exit;
    }
}
