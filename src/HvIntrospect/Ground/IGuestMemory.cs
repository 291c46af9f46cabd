namespace HvIntrospect;

/// <summary>The guest's memory by intermediate physical address, on the unrestricted base view: guards, watches and private views do not limit it.</summary>
/// <remarks>This is all that KVM, Hypervisor.framework, Hyper-V and Xen know of a guest's memory. Device ranges are absent here.</remarks>
public interface IGuestMemory : IMemory<Ipa>
{
}
