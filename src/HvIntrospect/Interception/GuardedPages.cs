using System;

namespace HvIntrospect.Interception;

/// <summary>What the guards of some pages deny together, and what Stage 2 permitted there before they changed it.</summary>
/// <remarks>Immutable.</remarks>
internal readonly struct GuardedPages : IEquatable<GuardedPages>
{
    private readonly int _reads;
    private readonly int _writes;
    private readonly int _fetches;
    private readonly int _dataOpenings;
    private readonly int _fetchOpenings;

    private GuardedPages(int reads, int writes, int fetches, int dataOpenings, int fetchOpenings, Stage2Access? original)
    {
        _reads = reads;
        _writes = writes;
        _fetches = fetches;
        _dataOpenings = dataOpenings;
        _fetchOpenings = fetchOpenings;
        Original = original;
    }

    /// <summary>Gets what is permitted without the guards; null where Stage 2 is not changed by them.</summary>
    public Stage2Access? Original { get; }

    /// <summary>Gets what any guard denies and no opening lifts.</summary>
    public Stage2Access Denied =>
        (_reads != 0 && _dataOpenings == 0 ? Stage2Access.Read : 0)
        | (_writes != 0 && _dataOpenings == 0 ? Stage2Access.Write : 0)
        | (_fetches != 0 && _fetchOpenings == 0 ? Stage2Access.Execute : 0);

    /// <summary>Adds a guard or takes one away.</summary>
    /// <param name="guard">The guard.</param>
    /// <param name="step">1 or -1.</param>
    /// <returns>The pages with the change.</returns>
    public GuardedPages With(PageGuard guard, int step) => new(
        _reads + ((guard.Denied & Stage2Access.Read) != 0 ? step : 0),
        _writes + ((guard.Denied & Stage2Access.Write) != 0 ? step : 0),
        _fetches + ((guard.Denied & Stage2Access.Execute) != 0 ? step : 0),
        _dataOpenings + ((guard.Lifted & Stage2Access.ReadWrite) != 0 ? step : 0),
        _fetchOpenings + ((guard.Lifted & Stage2Access.Execute) != 0 ? step : 0),
        Original);

    /// <summary>Stores what is permitted without the guards.</summary>
    /// <param name="original">What is permitted, or null.</param>
    /// <returns>The pages with the change.</returns>
    public GuardedPages WithOriginal(Stage2Access? original) => new(_reads, _writes, _fetches, _dataOpenings, _fetchOpenings, original);

    /// <inheritdoc/>
    public bool Equals(GuardedPages other) =>
        _reads == other._reads && _writes == other._writes && _fetches == other._fetches
        && _dataOpenings == other._dataOpenings && _fetchOpenings == other._fetchOpenings && Original == other.Original;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is GuardedPages other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => (((((((_reads * 31) + _writes) * 31) + _fetches) * 31) + _dataOpenings) * 31) + _fetchOpenings;
}
