namespace HvIntrospect;

/// <summary>Authenticates pointers with a vCPU's keys, which are no ordinary registers and whose algorithm may be the processor's own.</summary>
/// <remarks>A per-vCPU capability, used on the thread that handles the vCPU's exit.</remarks>
public interface IPointerAuthentication
{
    /// <summary>Authenticates a data pointer as AUTDA and AUTDB do.</summary>
    /// <param name="usesKeyB">True for data key B (AUTDB), false for data key A.</param>
    /// <param name="pointer">The pointer with its code.</param>
    /// <param name="modifier">The modifier.</param>
    /// <param name="authenticated">The pointer without its code; when the code is wrong, an address that faults.</param>
    /// <returns>False when the keys cannot be used.</returns>
    bool TryAuthenticateData(bool usesKeyB, ulong pointer, ulong modifier, out ulong authenticated);
}
