using HvIntrospect.Translation;

namespace HvIntrospect.Shapes;

/// <summary>Finds the IPA of a fault as a hypervisor does that reports it to its user.</summary>
internal static class FaultAddress
{
    /// <summary>Takes it from the exit, or walks Stage 1.</summary>
    public static bool TryFind(IVirtualMachine machine, IVcpu vcpu, in VcpuExit exit, out Ipa ipa)
    {
        if (exit.TryGetIpa(out ipa))
        {
            return true;
        }

        var walker = new Stage1Walker(machine.Memory, 48);
        Stage1Translation translation = walker.Translate(exit.Far, Stage1Access.LookUp, vcpu.Translation);
        ipa = translation.Ipa;
        return exit.HasFar && translation.Size != 0;
    }
}
