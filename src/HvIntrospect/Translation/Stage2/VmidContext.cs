namespace HvIntrospect.Translation.Stage2;

/// <summary>What needs a VMID of its own while it runs: the tables of a VM, or of one view of it.</summary>
/// <remarks>Belongs to the one <see cref="VmidAllocator"/> that it is entered with. It needs no end: what is entered no more loses its VMID when the numbers run out.</remarks>
public sealed class VmidContext
{
    /// <summary>The generation and the VMID that were assigned last, or 0.</summary>
    internal long Assigned;
}
