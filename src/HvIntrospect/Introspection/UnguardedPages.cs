using System;

namespace HvIntrospect.Introspection;

/// <summary>The pages of a machine that offers no control of Stage 2: nothing can be denied, and whatever comes here is a device or the embedder's.</summary>
internal sealed class UnguardedPages : IPageControl
{
    private readonly IGuestMemory _memory;

    /// <summary>Makes the control.</summary>
    /// <param name="memory">The guest's memory.</param>
    public UnguardedPages(IGuestMemory memory)
    {
        _memory = memory;
    }

    /// <inheritdoc/>
    public ulong PageSize => 4096;

    /// <inheritdoc/>
    public PageStanding Judge(Ipa address, Stage2Access needed)
    {
        Span<byte> probe = stackalloc byte[1];
        return _memory.Read(address, probe) == 0 ? PageStanding.NoMemory : PageStanding.NotMapped;
    }

    /// <inheritdoc/>
    public Stage2Access DeniedAt(Ipa address) => Stage2Access.None;

    /// <inheritdoc/>
    public IDisposable Deny(IpaRange range, Stage2Access access) =>
        throw new NotSupportedException("Watching memory needs the capability IStage2Control of the machine.");

    /// <inheritdoc/>
    public IDisposable Open(Ipa address) => throw new NotSupportedException("Opening a page needs the capability IStage2Control of the machine.");
}
