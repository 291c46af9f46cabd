namespace HvIntrospect.Introspection;

/// <summary>Bounds how often one vCPU executes an instruction again because its exit made no sense, or made sense only for a moment.</summary>
internal struct RetryLimiter
{
    /// <summary>How often a stale exit is believed to be stale when nothing has changed between two of them.</summary>
    private const int Limit = 2;

    /// <summary>How often it is tried again while Stage 2 is being changed: much longer than any change takes, but not without end when one is never finished.</summary>
    private const int LimitDuringChanges = 100_000;

    private Va _pc;
    private ulong _esr;
    private uint _word;
    private int _changes;
    private int _count;
    private int _all;

    /// <summary>Asks for one more try.</summary>
    /// <param name="pc">The instruction's address.</param>
    /// <param name="esr">The syndrome.</param>
    /// <param name="word">The instruction word, 0 when it could not be read.</param>
    /// <param name="changes">A number that is another one when Stage 2 has been changed: then the exit before this one proves nothing.</param>
    /// <returns>False when there have been enough for the same exit.</returns>
    public bool TryAgain(Va pc, ulong esr, uint word, int changes)
    {
        Begin(pc, esr, word);
        if (changes != _changes)
        {
            _changes = changes;
            _count = 0;
        }

        _count++;
        return Count(_count <= Limit);
    }

    /// <summary>Asks for one more try of an instruction that has met a change of Stage 2 under way.</summary>
    /// <param name="pc">The instruction's address.</param>
    /// <param name="esr">The syndrome.</param>
    /// <returns>False when the change does not end.</returns>
    public bool TryAfterChange(Va pc, ulong esr)
    {
        Begin(pc, esr, 0);
        _count = 0;
        return Count(true);
    }

    /// <summary>Forgets the tries, because the vCPU got on.</summary>
    public void Reset() => _all = 0;

    private void Begin(Va pc, ulong esr, uint word)
    {
        if (_all == 0 || pc != _pc || esr != _esr || word != _word)
        {
            _pc = pc;
            _esr = esr;
            _word = word;
            _count = 0;
            _all = 0;
        }
    }

    private bool Count(bool isAllowed)
    {
        bool isTried = isAllowed && _all < LimitDuringChanges;
        _all = isTried ? _all + 1 : 0;
        return isTried;
    }
}
