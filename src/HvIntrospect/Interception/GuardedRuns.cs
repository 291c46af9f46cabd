namespace HvIntrospect.Interception;

/// <summary>Goes through the runs of a range of a view, in ascending order.</summary>
internal struct GuardedRuns
{
    private readonly GuardMap _map;
    private readonly int _view;
    private readonly ulong _last;
    private ulong _next;
    private bool _isEnded;

    /// <summary>Begins at the start of a range.</summary>
    /// <param name="map">The map.</param>
    /// <param name="view">The view.</param>
    /// <param name="first">The first byte.</param>
    /// <param name="last">The last byte.</param>
    public GuardedRuns(GuardMap map, int view, ulong first, ulong last)
    {
        _map = map;
        _view = view;
        _next = first;
        _last = last;
    }

    /// <summary>Gets the run, cut off at the ends of the range.</summary>
    public GuardedRun Current { get; private set; }

    /// <summary>Gets the runs; the value itself is what goes through them.</summary>
    /// <returns>The value.</returns>
    public readonly GuardedRuns GetEnumerator() => this;

    /// <summary>Goes to the next run.</summary>
    /// <returns>False behind the last one.</returns>
    public bool MoveNext()
    {
        if (_isEnded)
        {
            return false;
        }

        GuardedPages pages = _map.RunFrom(_view, _next, out GuardedPages own, out ulong last);
        last = last < _last ? last : _last;
        Current = new GuardedRun(_next, last, pages, own);
        _isEnded = last == _last;
        _next = unchecked(last + 1);
        return true;
    }
}
