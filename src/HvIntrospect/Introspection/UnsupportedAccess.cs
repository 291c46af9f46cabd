using HvIntrospect.Interception;
using HvIntrospect.Watchpoints;

namespace HvIntrospect.Introspection;

/// <summary>An access that the library cannot perform, as far as it is known.</summary>
internal readonly struct UnsupportedAccess
{
    /// <summary>Describes an access.</summary>
    /// <param name="ipa">The first byte that it may touch.</param>
    /// <param name="va">Its virtual address, 0 when it is not known.</param>
    /// <param name="size">How many bytes it may touch; they lie in one page.</param>
    /// <param name="standing">What the page means for it.</param>
    /// <param name="word">The instruction word, 0 when it is not known.</param>
    /// <param name="kinds">What it does.</param>
    /// <param name="name">The encoding, or what else it is.</param>
    /// <param name="data">The bytes that are read, as a little-endian number, where that is all that is accessed; null where it is not known.</param>
    public UnsupportedAccess(Ipa ipa, Va va, int size, PageStanding standing, uint word, WatchKinds kinds, string name, ulong? data = null)
    {
        Ipa = ipa;
        Va = va;
        Size = size;
        Standing = standing;
        Word = word;
        Kinds = kinds;
        Name = name;
        Data = data;
    }

    public Ipa Ipa { get; }

    public Va Va { get; }

    public int Size { get; }

    public PageStanding Standing { get; }

    public uint Word { get; }

    public WatchKinds Kinds { get; }

    public string Name { get; }

    public ulong? Data { get; }
}
