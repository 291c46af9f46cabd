using System;
using System.Threading;

namespace HvIntrospect.Watchpoints;

/// <summary>A watch on a range of IPAs, as long as it is not disposed.</summary>
/// <remarks>Thread-safe.</remarks>
public sealed class Watch : IDisposable
{
    private readonly WatchSet _set;
    private int _state;

    internal Watch(WatchSet set, int id, IpaRange range, WatchKinds kinds, WatchHandler handler, string? name)
    {
        _set = set;
        Id = id;
        Range = range;
        Kinds = kinds;
        Handler = handler;
        Name = name;
    }

    /// <summary>Gets the number of the watch in the order of registration, from 1. Handlers of one element are called in this order.</summary>
    public int Id { get; }

    /// <summary>Gets the watched bytes.</summary>
    public IpaRange Range { get; }

    /// <summary>Gets the kinds of access that are seen.</summary>
    public WatchKinds Kinds { get; }

    /// <summary>Gets the name that was given at registration.</summary>
    public string? Name { get; }

    /// <summary>Gets a value indicating whether every vCPU is subject to the watch: false while it is queued by a handler, while it is being removed, and afterwards.</summary>
    public bool IsEffective => State == WatchState.Effective;

    internal WatchHandler Handler { get; }

    /// <summary>Gets or sets what ends the denial of the watched pages; null while there is none. Guarded by the set's lock.</summary>
    internal IDisposable? Denial { get; set; }

    internal WatchState State
    {
        get => (WatchState)Volatile.Read(ref _state);
        set => Volatile.Write(ref _state, (int)value);
    }

    /// <summary>
    /// Removes the watch and restores what the guest may do natively. Returns when no further event can arrive; inside a handler the removal is
    /// queued until the exit is handled, and events that arrive before say that the watch is not effective. Further calls do nothing.
    /// </summary>
    public void Dispose() => _set.Remove(this);

    /// <summary>Formats name, range and kinds.</summary>
    /// <returns>For example <c>counter 0x40001000+0x8 ReadWrite</c>.</returns>
    public override string ToString() => (Name is null ? string.Empty : Name + " ") + Range + " " + Kinds;
}
