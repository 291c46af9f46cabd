using System;

namespace HvIntrospect.Interception;

/// <summary>Who holds which pages in which view. What is held in the base view is held in all views; what is held in another view, there alone.</summary>
/// <remarks>Immutable, so that look-ups need no lock: a change makes a new map. A look-up allocates nothing.</remarks>
internal sealed class GuardMap
{
    /// <summary>The number of the view in which what is held is held everywhere.</summary>
    public const int BaseView = 0;

    private static readonly SegmentMap<GuardedPages> s_unheld = new(default(GuardedPages));

    // Item v is what is held in view v alone; null where nothing is. The base view always has one.
    private readonly SegmentMap<GuardedPages>?[] _layers;

    private GuardMap(SegmentMap<GuardedPages>?[] layers)
    {
        _layers = layers;
    }

    /// <summary>Gets the map in which nobody holds anything.</summary>
    public static GuardMap Empty { get; } = new([s_unheld]);

    /// <summary>Gets one more than the highest view in which anything may be held.</summary>
    public int ViewCount => _layers.Length;

    private SegmentMap<GuardedPages> Base => _layers[BaseView]!;

    /// <summary>Tells whether anything may be held in a view alone.</summary>
    /// <param name="view">The view; any number.</param>
    /// <returns>False when the view has what the base view has.</returns>
    public bool HasOwn(int view) => (uint)view < (uint)_layers.Length && _layers[view] is not null;

    /// <summary>Gets what is held at an address.</summary>
    /// <param name="view">The view; any number.</param>
    /// <param name="address">The address.</param>
    /// <param name="own">Receives what is held there in this view alone; nothing for the base view.</param>
    /// <returns>What is held there in the base view.</returns>
    public GuardedPages At(int view, ulong address, out GuardedPages own)
    {
        own = view != BaseView && HasOwn(view) ? _layers[view]!.At(address) : default;
        return Base.At(address);
    }

    /// <summary>Gets what is held at an address and how far it is the same.</summary>
    /// <param name="view">The view; any number.</param>
    /// <param name="address">The address.</param>
    /// <param name="own">Receives what is held there in this view alone; nothing for the base view.</param>
    /// <param name="last">Receives the last byte of the segment.</param>
    /// <returns>What is held there in the base view.</returns>
    public GuardedPages RunFrom(int view, ulong address, out GuardedPages own, out ulong last)
    {
        GuardedPages pages = Base.RunFrom(address, out last);
        own = default;
        if (view != BaseView && HasOwn(view))
        {
            own = _layers[view]!.RunFrom(address, out ulong lastOwn);
            last = Math.Min(last, lastOwn);
        }

        return pages;
    }

    /// <summary>Goes through a range of a view.</summary>
    /// <param name="view">The view; any number.</param>
    /// <param name="range">The range.</param>
    /// <returns>The runs in which the same is held.</returns>
    public GuardedRuns Runs(int view, IpaRange range) => new(this, view, range.Start.Value, range.Last.Value);

    /// <summary>Goes through a run of another map in a view.</summary>
    /// <param name="view">The view; any number.</param>
    /// <param name="run">The other map's run.</param>
    /// <returns>The runs in which the same is held.</returns>
    public GuardedRuns Runs(int view, in GuardedRun run) => new(this, view, run.First, run.Last);

    /// <summary>Makes a map in which other things are held in a range of one view.</summary>
    /// <param name="view">The view.</param>
    /// <param name="first">The first byte.</param>
    /// <param name="last">The last byte.</param>
    /// <param name="change">Makes the new value of an old one.</param>
    /// <returns>The new map.</returns>
    public GuardMap With(int view, ulong first, ulong last, Func<GuardedPages, GuardedPages> change)
    {
        SegmentMap<GuardedPages> layer = ((uint)view < (uint)_layers.Length ? _layers[view] : null) ?? s_unheld;
        layer = layer.With(first, last, change);
        bool isHeld = view == BaseView || layer.RunFrom(0, out ulong end).IsHeld || end != ulong.MaxValue;
        return With(view, isHeld ? layer : null);
    }

    /// <summary>Makes a map in which nothing is held in a view alone.</summary>
    /// <param name="view">A view, not the base view.</param>
    /// <returns>The new map.</returns>
    public GuardMap Without(int view) => HasOwn(view) ? With(view, null) : this;

    private GuardMap With(int view, SegmentMap<GuardedPages>? layer)
    {
        int count = Math.Max(_layers.Length, view + 1);
        while (layer is null && count == view + 1)
        {
            // The last layer goes away, and with it those before it that were empty already.
            for (count = view; _layers[count - 1] is null; count--)
            {
            }
        }

        var layers = new SegmentMap<GuardedPages>?[count];
        Array.Copy(_layers, layers, Math.Min(count, _layers.Length));
        if (view < count)
        {
            layers[view] = layer;
        }

        return new GuardMap(layers);
    }
}
