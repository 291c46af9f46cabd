namespace HvIntrospect;

/// <summary>Receives the accesses of an <see cref="IInlineAccessFilter"/>.</summary>
public interface IInlineAccessHandler
{
    /// <summary>Tells whether a denied access concerns nobody, so that it is performed at once and not offered. Called on the vCPU's thread.</summary>
    /// <param name="vcpu">The vCPU's number; of its registers nothing can be said here.</param>
    /// <param name="address">The IPA of the first byte. All bytes lie in one page.</param>
    /// <param name="size">The size in bytes: 1, 2, 4 or 8.</param>
    /// <param name="isWrite">True for a store.</param>
    /// <returns>False when <see cref="OnAccess"/> decides.</returns>
    bool Passes(int vcpu, Ipa address, int size, bool isWrite);

    /// <summary>Decides one access that does not pass. Called on the vCPU's thread before anything of the access is visible.</summary>
    /// <param name="vcpu">The vCPU; its registers are those before the instruction.</param>
    /// <param name="access">The access; the handler may change its data for <see cref="InlineAccessDecision.Replace"/>.</param>
    /// <returns>What the backend does.</returns>
    InlineAccessDecision OnAccess(IVcpu vcpu, ref InlineAccess access);
}
