namespace HvIntrospect.Introspection;

/// <summary>Bounds how often one vCPU executes an instruction again because its exit made no sense.</summary>
internal struct RetryLimiter
{
    private const int Limit = 2;

    private Va _pc;
    private ulong _esr;
    private uint _word;
    private int _count;

    /// <summary>Asks for one more try.</summary>
    /// <param name="pc">The instruction's address.</param>
    /// <param name="esr">The syndrome.</param>
    /// <param name="word">The instruction word, 0 when it could not be read.</param>
    /// <returns>False when there have been two for the same exit.</returns>
    public bool TryAgain(Va pc, ulong esr, uint word)
    {
        if (_count == 0 || pc != _pc || esr != _esr || word != _word)
        {
            _pc = pc;
            _esr = esr;
            _word = word;
            _count = 0;
        }

        if (_count == Limit)
        {
            _count = 0;
            return false;
        }

        _count++;
        return true;
    }

    /// <summary>Forgets the tries, because the vCPU got on.</summary>
    public void Reset() => _count = 0;
}
