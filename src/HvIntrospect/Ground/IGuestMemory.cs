namespace HvIntrospect;

/// <summary>The guest's memory by intermediate physical address, as one Stage 2 view has it: guards and watches do not limit it. <see cref="IVirtualMachine.Memory"/> is that of the base view, <see cref="IStage2Views.MemoryOf"/> that of another.</summary>
/// <remarks>This is all that KVM, Hypervisor.framework, Hyper-V and Xen know of a guest's memory. Device ranges are absent here.</remarks>
public interface IGuestMemory : IMemory<Ipa>
{
}
