using System;
using System.Collections.Generic;

namespace HvIntrospect.Watchpoints;

/// <summary>The watches that apply to the same bytes, in the order of registration.</summary>
/// <remarks>Immutable.</remarks>
internal readonly struct SegmentWatches : IEquatable<SegmentWatches>
{
    private readonly Watch[] _watches;

    private SegmentWatches(Watch[] watches)
    {
        _watches = watches;
        Kinds = WatchKinds.None;
        foreach (Watch watch in watches)
        {
            Kinds |= watch.Kinds;
        }
    }

    /// <summary>Gets the value for bytes that nobody watches.</summary>
    public static SegmentWatches None { get; } = new([]);

    /// <summary>Gets what any of the watches sees.</summary>
    public WatchKinds Kinds { get; }

    /// <summary>Finds the first watch of some kinds behind another one.</summary>
    /// <param name="kinds">The kinds of an access.</param>
    /// <param name="after">The number of the other one, or 0.</param>
    /// <returns>The watch, or null.</returns>
    public Watch? Next(WatchKinds kinds, int after)
    {
        foreach (Watch watch in _watches)
        {
            if (watch.Id > after && (watch.Kinds & kinds) != 0)
            {
                return watch;
            }
        }

        return null;
    }

    /// <summary>Adds the watches to a set.</summary>
    /// <param name="all">The set.</param>
    public void AddTo(HashSet<Watch> all) => all.UnionWith(_watches);

    /// <summary>Adds a watch behind those that were registered before it.</summary>
    /// <param name="added">The watch.</param>
    /// <returns>The watches with it.</returns>
    public SegmentWatches With(Watch added)
    {
        int place = _watches.Length;
        while (place > 0 && _watches[place - 1].Id > added.Id)
        {
            place--;
        }

        var joined = new Watch[_watches.Length + 1];
        Array.Copy(_watches, joined, place);
        joined[place] = added;
        Array.Copy(_watches, place, joined, place + 1, _watches.Length - place);
        return new SegmentWatches(joined);
    }

    /// <summary>Takes a watch away.</summary>
    /// <param name="removed">The watch.</param>
    /// <returns>The watches without it.</returns>
    public SegmentWatches Without(Watch removed) =>
        _watches.Length == 1 ? None : new SegmentWatches(Array.FindAll(_watches, watch => watch != removed));

    /// <inheritdoc/>
    public bool Equals(SegmentWatches other)
    {
        if (_watches.Length != other._watches.Length)
        {
            return false;
        }

        for (int i = 0; i < _watches.Length; i++)
        {
            if (_watches[i] != other._watches[i])
            {
                return false;
            }
        }

        return true;
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is SegmentWatches other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _watches.Length == 0 ? 0 : _watches[0].Id;
}
