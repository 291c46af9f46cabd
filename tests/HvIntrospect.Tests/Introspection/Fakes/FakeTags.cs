using System.Collections.Generic;

namespace HvIntrospect.Tests.Introspection.Fakes;

/// <summary>Allocation Tags, 0 where none was written.</summary>
internal sealed class FakeTags : ITagMemory
{
    private readonly Dictionary<ulong, int> _tags = [];

    public int ReadTag(Ipa granule) => _tags.GetValueOrDefault(granule.Value);

    public void WriteTag(Ipa granule, int tag) => _tags[granule.Value] = tag & 15;
}
