using HvIntrospect.Exceptions;
using HvIntrospect.LoadStores;
using HvIntrospect.Registers;

namespace HvIntrospect.Introspection;

/// <summary>Makes the guest take exceptions to EL1.</summary>
internal static class FaultInjector
{
    private const RegisterGroups Needed = RegisterGroups.Core | RegisterGroups.Exception | RegisterGroups.Translation;

    /// <summary>Tells whether exceptions can be injected into a vCPU.</summary>
    /// <param name="vcpu">The vCPU.</param>
    /// <returns>False when the backend does not offer the registers, or when EL1 itself is in AArch32 state, whose exceptions are others.</returns>
    public static bool CanInject(IVcpu vcpu) => (vcpu.AvailableRegisters & Needed) == Needed && !vcpu.Core.Pstate.IsPrivilegedAArch32;

    /// <summary>Injects what a load or store raised by itself.</summary>
    /// <param name="vcpu">The vCPU.</param>
    /// <param name="features">The features of the vCPU.</param>
    /// <param name="fault">The fault.</param>
    public static void Inject(IVcpu vcpu, A64Features features, in EmulationResult fault)
    {
        switch (fault.Fault)
        {
            case GuestFaultKind.StackAlignment:
                Inject(vcpu, features, El1Exception.Synchronous(Esr.Create(ExceptionClass.SpAlignment, 0)));
                break;
            case GuestFaultKind.MemoryOperation:
                Inject(vcpu, features, El1Exception.Synchronous(Esr.Create(ExceptionClass.MemoryOperation, fault.Syndrome)));
                break;
            case GuestFaultKind.Undefined:
                Inject(vcpu, features, El1Exception.Undefined);
                break;
            default:
                InjectDataAbort(vcpu, features, fault.Status, fault.Address, fault.IsWrite);
                break;
        }
    }

    /// <summary>Injects a synchronous exception by its syndrome.</summary>
    /// <param name="vcpu">The vCPU; a backend that steps it offers the registers.</param>
    /// <param name="features">The features of the vCPU.</param>
    /// <param name="esr">The syndrome that the guest sees.</param>
    public static void InjectSynchronous(IVcpu vcpu, A64Features features, Esr esr) => Inject(vcpu, features, El1Exception.Synchronous(esr));

    /// <summary>Injects a Data Abort.</summary>
    /// <param name="vcpu">The vCPU.</param>
    /// <param name="features">The features of the vCPU.</param>
    /// <param name="status">The fault status.</param>
    /// <param name="address">FAR_EL1.</param>
    /// <param name="isWrite">WnR.</param>
    public static void InjectDataAbort(IVcpu vcpu, A64Features features, FaultStatus status, Va address, bool isWrite) =>
        Inject(vcpu, features, El1Exception.DataAbort(vcpu.Core.Pstate, status, address, isWrite));

    /// <summary>Injects an Instruction Abort.</summary>
    /// <param name="vcpu">The vCPU.</param>
    /// <param name="features">The features of the vCPU.</param>
    /// <param name="status">The fault status.</param>
    /// <param name="address">FAR_EL1.</param>
    public static void InjectInstructionAbort(IVcpu vcpu, A64Features features, FaultStatus status, Va address) =>
        Inject(vcpu, features, El1Exception.InstructionAbort(vcpu.Core.Pstate, status, address));

    private static void Inject(IVcpu vcpu, A64Features features, in El1Exception exception)
    {
        var sctlr = new Sctlr(vcpu.Translation.SctlrEl1);
        ref ExceptionRegisters registers = ref vcpu.ModifyException();
        ExceptionEntry.EnterEl1(ref vcpu.ModifyCore(), ref registers, sctlr, features, exception);
    }
}
