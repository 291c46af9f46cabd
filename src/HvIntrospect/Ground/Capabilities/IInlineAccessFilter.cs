namespace HvIntrospect;

/// <summary>A backend that sees a data access before it happens offers it, decoded, instead of taking a Stage 2 abort.</summary>
/// <remarks>
/// A per-machine capability. A denial here stands for a Stage 2 permission of the same granule and must be equal to it in every visible
/// effect: an access that the handler answers with <see cref="InlineAccessDecision.Trap"/>, a Stage 1 walk, an instruction fetch and every
/// access that is not one plain element end as the Stage 2 permission fault that the denied permission would cause.
/// </remarks>
public interface IInlineAccessFilter
{
    /// <summary>Sets or removes the receiver. With none, a denied access is a Stage 2 permission fault.</summary>
    /// <param name="handler">The receiver, or null.</param>
    void SetHandler(IInlineAccessHandler? handler);

    /// <summary>Sets what is denied in a range, on top of what Stage 2 denies. Every vCPU is subject to it when the call returns.</summary>
    /// <param name="range">Aligned to 4096 bytes at both ends.</param>
    /// <param name="denied">What is denied from now on; <see cref="Stage2Access.None"/> ends the denial.</param>
    /// <exception cref="System.ArgumentException">The range is not aligned; nothing was changed.</exception>
    void Deny(IpaRange range, Stage2Access denied);
}
