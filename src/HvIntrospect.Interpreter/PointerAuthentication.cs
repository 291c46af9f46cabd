using HvIntrospect.Interpreter.Operations.PointerAuthentication;

namespace HvIntrospect.Interpreter;

/// <summary>Authenticates pointers with the keys that a vCPU's guest has set.</summary>
internal sealed unsafe class PointerAuthentication : IPointerAuthentication
{
    private readonly Vcpu _vcpu;

    /// <summary>Initialises the capability of a vCPU with FEAT_PAuth.</summary>
    /// <param name="vcpu">The vCPU.</param>
    public PointerAuthentication(Vcpu vcpu)
    {
        _vcpu = vcpu;
    }

    /// <inheritdoc/>
    public bool TryAuthenticateData(bool usesKeyB, ulong pointer, ulong modifier, out ulong authenticated)
    {
        // Changed copies of the translation registers count.
        _vcpu.Flush();
        authenticated = pointer;
        _ = PointerCodes.TryAuthenticate(_vcpu.Processor.LiveState, usesKeyB ? PointerKey.DataB : PointerKey.DataA, modifier, ref authenticated);
        return true;
    }
}
