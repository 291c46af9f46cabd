namespace HvIntrospect;

/// <summary>Receives the accesses of an <see cref="IInlineAccessFilter"/>.</summary>
public interface IInlineAccessHandler
{
    /// <summary>Decides one access. Called on the vCPU's thread before anything of the access is visible.</summary>
    /// <param name="vcpu">The vCPU; its registers are those before the instruction.</param>
    /// <param name="access">The access; the handler may change its data for <see cref="InlineAccessDecision.Replace"/>.</param>
    /// <returns>What the backend does.</returns>
    InlineAccessDecision OnAccess(IVcpu vcpu, ref InlineAccess access);
}
