using System;
using HvIntrospect.Translation;

namespace HvIntrospect.Introspection;

/// <summary>Finds which Stage 1 descriptor lies in a page whose access by the walker was denied: the page is all that hardware tells.</summary>
/// <remarks>Thread-safe: each search walks over a memory of its own that notes what the walker reads. It allocates; walks that fault are rare.</remarks>
internal sealed class DescriptorFinder
{
    private readonly IntrospectorOptions _options;

    /// <summary>Makes a finder.</summary>
    /// <param name="options">What the guest's cores are.</param>
    public DescriptorFinder(IntrospectorOptions options)
    {
        _options = options;
    }

    /// <summary>Walks as the vCPU did and looks for a descriptor in a page.</summary>
    /// <param name="view">The view that the vCPU has active.</param>
    /// <param name="vcpu">The vCPU.</param>
    /// <param name="exit">The exit; its FAR is the address that was translated.</param>
    /// <param name="page">The page's first byte.</param>
    /// <param name="descriptor">The descriptor's IPA.</param>
    /// <returns>False when the walk does not read the page.</returns>
    public bool TryFind(GuestView view, IVcpu vcpu, in VcpuExit exit, Ipa page, out Ipa descriptor)
    {
        descriptor = default;
        if (!exit.HasFar)
        {
            return false;
        }

        var memory = new NotingMemory(view.Memory, page.AlignDown(4096));
        new GuestView(view.Number, memory, _options).Walker.Translate(exit.Far, Stage1Access.LookUp, vcpu.Translation);
        descriptor = memory.Noted;
        return memory.HasNoted;
    }

    private sealed class NotingMemory : IGuestMemory
    {
        private readonly IGuestMemory _memory;
        private readonly Ipa _page;

        public NotingMemory(IGuestMemory memory, Ipa page)
        {
            _memory = memory;
            _page = page;
        }

        public AtomicWidths CompareExchangeWidths => AtomicWidths.None;

        public Ipa Noted { get; private set; }

        public bool HasNoted { get; private set; }

        public int Read(Ipa address, Span<byte> destination)
        {
            if (!HasNoted && address.AlignDown(4096) == _page)
            {
                Noted = address;
                HasNoted = true;
            }

            return _memory.Read(address, destination);
        }

        public int Write(Ipa address, ReadOnlySpan<byte> source) => 0;

        public CompareExchangeResult TryCompareExchange(
            Ipa address, ReadOnlySpan<byte> expected, ReadOnlySpan<byte> replacement, Span<byte> observed) => CompareExchangeResult.Absent;
    }
}
