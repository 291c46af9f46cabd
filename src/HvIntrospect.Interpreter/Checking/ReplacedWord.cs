namespace HvIntrospect.Interpreter.Checking;

/// <summary>An instruction that EL2 replaced, and how far its cache maintenance has come.</summary>
internal sealed class ReplacedWord
{
    private const ulong LineMask = ~0x3FUL;
    private Step _step;
    private int _issuer;

    /// <summary>Initialises an instruction that was just written.</summary>
    /// <param name="address">Its physical address.</param>
    /// <param name="needsClean">Whether the data cache must be cleaned to the Point of Unification (CTR_EL0.IDC = 0).</param>
    public ReplacedWord(ulong address, bool needsClean)
    {
        Address = address;
        _step = needsClean ? Step.Written : Step.Cleaned;
    }

    private enum Step
    {
        Written,
        Cleaned,
        Visible,
        Invalidated,
        Done,
    }

    /// <summary>Gets its physical address.</summary>
    public ulong Address { get; }

    /// <summary>Gets a value indicating whether each core fetches the new instruction after its next context synchronization event.</summary>
    public bool IsDone => _step == Step.Done;

    /// <summary>Gets what is missing, in words.</summary>
    public string Missing => _step switch
    {
        Step.Written => "DC CVAU",
        Step.Cleaned => "DSB ISH after the write",
        Step.Visible => "IC IVAU or IC IALLUIS",
        _ => "DSB ISH after the IC",
    };

    /// <summary>Follows a DC.</summary>
    /// <param name="operation">The instruction.</param>
    /// <param name="address">The physical address.</param>
    public void Clean(DataCacheOperation operation, ulong address)
    {
        if (_step == Step.Written && operation != DataCacheOperation.Ivac && ((address ^ Address) & LineMask) == 0)
        {
            _step = Step.Cleaned;
        }
    }

    /// <summary>Follows an IC.</summary>
    /// <param name="core">The core.</param>
    /// <param name="operation">The instruction.</param>
    /// <param name="address">The physical address of one by address.</param>
    /// <param name="isOnlyCore">Whether there is but one core.</param>
    public void Invalidate(int core, InstructionCacheOperation operation, ulong address, bool isOnlyCore)
    {
        bool isHit = operation switch
        {
            InstructionCacheOperation.Ivau => ((address ^ Address) & LineMask) == 0,
            InstructionCacheOperation.Ialluis => true,
            _ => isOnlyCore,
        };
        if (isHit && _step == Step.Visible)
        {
            _step = Step.Invalidated;
            _issuer = core;
        }
    }

    /// <summary>Follows a DSB of the Inner Shareable domain or wider.</summary>
    /// <param name="core">The core.</param>
    /// <param name="needsInvalidation">Whether the instruction cache must be invalidated (CTR_EL0.DIC = 0).</param>
    public void Synchronize(int core, bool needsInvalidation)
    {
        _step = _step switch
        {
            Step.Cleaned => needsInvalidation ? Step.Visible : Step.Done,
            Step.Invalidated when core == _issuer => Step.Done,
            _ => _step,
        };
    }
}
