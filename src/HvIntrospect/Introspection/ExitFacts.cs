namespace HvIntrospect.Introspection;

/// <summary>What an exit tells of the access that caused it, to be compared with what the instruction says.</summary>
internal readonly struct ExitFacts
{
    private readonly Va _far;
    private readonly Ipa _page;
    private readonly bool _hasFar;
    private readonly bool _hasPage;

    /// <summary>Collects facts.</summary>
    /// <param name="far">The faulting virtual address, or null.</param>
    /// <param name="ipa">The faulting IPA, exact to its page of 4096 bytes, or null.</param>
    public ExitFacts(Va? far, Ipa? ipa)
    {
        _far = far.GetValueOrDefault();
        _hasFar = far.HasValue;
        _page = ipa.GetValueOrDefault().AlignDown(4096);
        _hasPage = ipa.HasValue;
    }

    /// <summary>Tells whether the faulting address lies in an access. Address tags do not count.</summary>
    /// <param name="address">The first byte of the access.</param>
    /// <param name="size">Its size in bytes.</param>
    /// <returns>True when it does or is not known.</returns>
    public bool FarLiesIn(Va address, int size)
    {
        const ulong WithoutTag = (1UL << 56) - 1;
        return !_hasFar || ((_far - address) & WithoutTag) < (ulong)size;
    }

    /// <summary>Tells whether the faulting page is one of an access.</summary>
    /// <param name="first">The IPA of the first byte.</param>
    /// <param name="last">The IPA of the last byte.</param>
    /// <returns>True when it is or is not known.</returns>
    public bool PageIsOneOf(Ipa first, Ipa last) => !_hasPage || first.AlignDown(4096) == _page || last.AlignDown(4096) == _page;
}
