using System;

namespace HvIntrospect.Interception;

/// <summary>What the owners of some pages hold in one view, and what Stage 2 permitted there before they changed it.</summary>
/// <remarks>Immutable.</remarks>
internal readonly struct GuardedPages : IEquatable<GuardedPages>
{
    private readonly int _reads;
    private readonly int _writes;
    private readonly int _el1Fetches;
    private readonly int _el0Fetches;
    private readonly int _dataOpenings;
    private readonly int _fetchOpenings;

    private GuardedPages(int reads, int writes, int el1Fetches, int el0Fetches, int dataOpenings, int fetchOpenings, bool isLogged, Stage2Access? original)
    {
        _reads = reads;
        _writes = writes;
        _el1Fetches = el1Fetches;
        _el0Fetches = el0Fetches;
        _dataOpenings = dataOpenings;
        _fetchOpenings = fetchOpenings;
        IsLogged = isLogged;
        Original = original;
    }

    /// <summary>Gets what is permitted without the guards; null where Stage 2 is not changed by them. Stored in the base view only.</summary>
    public Stage2Access? Original { get; }

    /// <summary>Gets a value indicating whether the dirty log waits for the first write. No opening lifts that: a write that is stepped is a write.</summary>
    public bool IsLogged { get; }

    /// <summary>Gets what any guard denies and no opening lifts. What the dirty log waits for is not part of it.</summary>
    public Stage2Access Denied =>
        (_reads != 0 && _dataOpenings == 0 ? Stage2Access.Read : 0)
        | (_writes != 0 && _dataOpenings == 0 ? Stage2Access.Write : 0)
        | (_el1Fetches != 0 && _fetchOpenings == 0 ? Stage2Access.ExecuteEl1 : 0)
        | (_el0Fetches != 0 && _fetchOpenings == 0 ? Stage2Access.ExecuteEl0 : 0);

    /// <summary>Gets what the dirty log needs to be denied.</summary>
    public Stage2Access LogDenied => IsLogged ? Stage2Access.Write : Stage2Access.None;

    /// <summary>Gets a value indicating whether anybody holds the pages.</summary>
    public bool IsHeld => (_reads | _writes | _el1Fetches | _el0Fetches) != 0 || IsOpened || IsLogged;

    /// <summary>Gets a value indicating whether anybody has opened the pages.</summary>
    public bool IsOpened => (_dataOpenings | _fetchOpenings) != 0;

    /// <summary>Adds a guard or takes one away.</summary>
    /// <param name="guard">The guard.</param>
    /// <param name="step">1 or -1.</param>
    /// <returns>The pages with the change.</returns>
    public GuardedPages With(PageGuard guard, int step) => new(
        _reads + ((guard.Denied & Stage2Access.Read) != 0 ? step : 0),
        _writes + ((guard.Denied & Stage2Access.Write) != 0 ? step : 0),
        _el1Fetches + ((guard.Denied & Stage2Access.ExecuteEl1) != 0 ? step : 0),
        _el0Fetches + ((guard.Denied & Stage2Access.ExecuteEl0) != 0 ? step : 0),
        _dataOpenings + ((guard.Lifted & Stage2Access.ReadWrite) != 0 ? step : 0),
        _fetchOpenings + ((guard.Lifted & Stage2Access.Execute) != 0 ? step : 0),
        IsLogged,
        Original);

    /// <summary>Adds what is held in a view alone to what is held in the base view.</summary>
    /// <param name="other">The view's.</param>
    /// <returns>The sum, with the original of the base view.</returns>
    public GuardedPages Plus(in GuardedPages other) => new(
        _reads + other._reads,
        _writes + other._writes,
        _el1Fetches + other._el1Fetches,
        _el0Fetches + other._el0Fetches,
        _dataOpenings + other._dataOpenings,
        _fetchOpenings + other._fetchOpenings,
        IsLogged | other.IsLogged,
        Original);

    /// <summary>Lets the dirty log wait for the first write, or no more.</summary>
    /// <param name="isLogged">True to wait.</param>
    /// <returns>The pages with the change.</returns>
    public GuardedPages WithLogged(bool isLogged) => new(_reads, _writes, _el1Fetches, _el0Fetches, _dataOpenings, _fetchOpenings, isLogged, Original);

    /// <summary>Stores what is permitted without the guards.</summary>
    /// <param name="original">What is permitted, or null.</param>
    /// <returns>The pages with the change.</returns>
    public GuardedPages WithOriginal(Stage2Access? original) => new(_reads, _writes, _el1Fetches, _el0Fetches, _dataOpenings, _fetchOpenings, IsLogged, original);

    /// <inheritdoc/>
    public bool Equals(GuardedPages other) =>
        _reads == other._reads && _writes == other._writes && _el1Fetches == other._el1Fetches && _el0Fetches == other._el0Fetches
        && _dataOpenings == other._dataOpenings && _fetchOpenings == other._fetchOpenings && IsLogged == other.IsLogged && Original == other.Original;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is GuardedPages other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => (((((((((_reads * 31) + _writes) * 31) + _el1Fetches) * 31) + _el0Fetches) * 31) + _dataOpenings) * 31) + _fetchOpenings;
}
