namespace HvIntrospect.Interpreter.Checking;

/// <summary>A cache line that EL2 has written while no guest had it, and how far its cache maintenance has come: for who reads without the cache, and for who fetches.</summary>
internal sealed class WrittenLine
{
    /// <summary>The size of a line.</summary>
    public const ulong Size = 64;

    private readonly ReplacedWord? _fetched;
    private DataStep _step;
    private int _cleaner;

    /// <summary>Initialises a line that was just written.</summary>
    /// <param name="address">Its physical address.</param>
    /// <param name="isRead">Whether who reads it is of interest: no guest could read it.</param>
    /// <param name="isFetched">Whether who fetches from it is of interest: no guest could fetch from it.</param>
    /// <param name="needsClean">Whether the data cache must be cleaned to the Point of Unification for fetches (CTR_EL0.IDC = 0).</param>
    public WrittenLine(ulong address, bool isRead, bool isFetched, bool needsClean)
    {
        Address = address;
        _step = isRead ? DataStep.Dirty : DataStep.Done;
        _fetched = isFetched ? new ReplacedWord(address, needsClean) : null;
    }

    private enum DataStep
    {
        Dirty,
        Cleaned,
        Done,
    }

    /// <summary>Gets its physical address.</summary>
    public ulong Address { get; }

    /// <summary>Gets a value indicating whether memory itself holds what was written.</summary>
    public bool IsInMemory => _step == DataStep.Done;

    /// <summary>Gets what a fetch needs that was not done, in words; null when it needs nothing.</summary>
    public string? MissingForFetch => _fetched is null || _fetched.IsDone ? null : _fetched.Missing;

    /// <summary>Gets a value indicating whether nothing is missing.</summary>
    public bool IsDone => IsInMemory && MissingForFetch is null;

    /// <summary>Follows a DC of this line.</summary>
    /// <param name="core">The core.</param>
    /// <param name="operation">The instruction.</param>
    public void Clean(int core, DataCacheOperation operation)
    {
        _fetched?.Clean(operation, Address);

        // To the Point of Coherency or beyond; an invalidation alone drops what was written.
        if (_step == DataStep.Dirty && operation is not (DataCacheOperation.Ivac or DataCacheOperation.Cvau))
        {
            _step = DataStep.Cleaned;
            _cleaner = core;
        }
    }

    /// <summary>Follows an IC.</summary>
    /// <param name="core">The core.</param>
    /// <param name="operation">The instruction.</param>
    /// <param name="address">The physical address of one by address.</param>
    /// <param name="isOnlyCore">Whether there is but one core.</param>
    public void Invalidate(int core, InstructionCacheOperation operation, ulong address, bool isOnlyCore) => _fetched?.Invalidate(core, operation, address, isOnlyCore);

    /// <summary>Follows a DSB for all accesses of the Inner Shareable domain or wider.</summary>
    /// <param name="core">The core.</param>
    /// <param name="needsInvalidation">Whether the instruction cache must be invalidated (CTR_EL0.DIC = 0).</param>
    public void Synchronize(int core, bool needsInvalidation)
    {
        _fetched?.Synchronize(core, needsInvalidation);
        if (_step == DataStep.Cleaned && core == _cleaner)
        {
            _step = DataStep.Done;
        }
    }
}
