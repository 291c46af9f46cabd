using HvIntrospect.Registers;

namespace HvIntrospect.Shapes;

/// <summary>What Hypervisor.framework offers on Apple silicon.</summary>
/// <remarks>
/// An exception exit carries the syndrome, the virtual address and the physical address, which is the IPA (hv_vcpu_exit_exception_t). Protection is
/// that of the whole VM, by 16 KB (hv_vm_protect). A vCPU belongs to the thread that first ran it; other threads may only make it exit.
/// </remarks>
public sealed class HvfShape : BackendShape
{
    private const Stage2AccessSupport Support = Stage2AccessSupport.WriteProtect | Stage2AccessSupport.NoAccess | Stage2AccessSupport.ExecuteOnly
        | Stage2AccessSupport.NoExecute | Stage2AccessSupport.FetchExits | Stage2AccessSupport.WalkExits;

    private const RegisterGroups Registers =
        RegisterGroups.Core | RegisterGroups.Vector | RegisterGroups.Translation | RegisterGroups.Exception | RegisterGroups.Debug;

    /// <summary>Plays the interface.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="run">Runs its vCPUs.</param>
    public HvfShape(IVirtualMachine machine, ShapeRun run)
        : base(machine, run, vcpu => new HvfVcpu(vcpu, Registers), new ShapedStage2(Stage2Of(machine), Support, 16384))
    {
    }

    private protected override void BeforeRun(ShapedVcpu vcpu, in Introspection.VcpuAction action) => ((HvfVcpu)vcpu).Own();

    private protected override VcpuExit? Report(ShapedVcpu vcpu, in VcpuExit exit) =>
        exit.Kind == VcpuExitKind.Exception && exit.HasFar
        && exit.Esr.Class is ExceptionClass.DataAbortLowerEl or ExceptionClass.InstructionAbortLowerEl
        && FaultAddress.TryFind(this, vcpu.Inner, exit, out Ipa ipa)
            ? VcpuExit.FromExceptionWithIpa(exit.Esr, ipa, exit.Far)
            : exit;
}
