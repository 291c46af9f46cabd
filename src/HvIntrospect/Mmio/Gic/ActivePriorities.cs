namespace HvIntrospect.Mmio.Gic;

/// <summary>The group priorities at which interrupts are active: a bit for each that the smallest binary point allows, the highest priority first.</summary>
internal sealed class ActivePriorities
{
    /// <summary>The running priority while no interrupt is active: lower than all.</summary>
    public const int Idle = 0x100;

    private const int WordsOfGroup = 4;
    private const int WordLength = 32;
    private const int Priorities = 256;

    private readonly int _minimumBinaryPoint;
    private readonly uint[] _words;

    /// <summary>Makes the registers, with nothing active.</summary>
    /// <param name="format">The priorities.</param>
    /// <param name="hasGroups">Whether each group has registers of its own: as physical CPU interfaces have it, and virtual ones have not.</param>
    public ActivePriorities(PriorityFormat format, bool hasGroups)
    {
        _minimumBinaryPoint = format.MinimumBinaryPoint;
        _words = new uint[hasGroups ? 2 * WordsOfGroup : WordsOfGroup];
    }

    private ActivePriorities(ActivePriorities other)
    {
        _minimumBinaryPoint = other._minimumBinaryPoint;
        _words = (uint[])other._words.Clone();
    }

    /// <summary>Gets the highest priority at which an interrupt is active, or <see cref="Idle"/>.</summary>
    public int Running
    {
        get
        {
            int running = Idle;
            for (int word = 0; word < _words.Length; word++)
            {
                int level = ((word % WordsOfGroup) * WordLength) + LowestBit(_words[word]);
                int priority = level << (_minimumBinaryPoint + 1);
                running = _words[word] != 0 && priority < running ? priority : running;
            }

            return running;
        }
    }

    /// <summary>Gets or sets a register: 0 to 3 are those of Group 0, or of both where they share them, and 4 to 7 those of Group 1. What does not exist is zero.</summary>
    /// <param name="word">The register.</param>
    /// <returns>The bits.</returns>
    public uint this[int word]
    {
        get => word < _words.Length ? _words[word] : 0;
        set
        {
            if (word < _words.Length)
            {
                _words[word] = value & Implemented(word % WordsOfGroup);
            }
        }
    }

    /// <summary>Notes that an interrupt becomes active.</summary>
    /// <param name="groupPriority">Its group priority.</param>
    /// <param name="isGroup1">Its group.</param>
    public void Add(int groupPriority, bool isGroup1)
    {
        int level = groupPriority >> (_minimumBinaryPoint + 1);
        _words[FirstOf(isGroup1) + (level / WordLength)] |= 1U << (level % WordLength);
    }

    /// <summary>Drops the highest priority.</summary>
    /// <param name="isGroup1">The group.</param>
    /// <returns>False when none is active; nothing was changed.</returns>
    public bool TryDrop(bool isGroup1)
    {
        int first = FirstOf(isGroup1);
        for (int word = first; word < first + WordsOfGroup; word++)
        {
            if (_words[word] != 0)
            {
                _words[word] &= _words[word] - 1;
                return true;
            }
        }

        return false;
    }

    /// <summary>Copies the registers.</summary>
    /// <returns>The copy.</returns>
    public ActivePriorities Copy() => new(this);

    private static int LowestBit(uint bits)
    {
        int bit = 0;
        while (bit < WordLength - 1 && (bits >> bit & 1) == 0)
        {
            bit++;
        }

        return bit;
    }

    private int FirstOf(bool isGroup1) => isGroup1 && _words.Length > WordsOfGroup ? WordsOfGroup : 0;

    private uint Implemented(int word)
    {
        int levels = ((Priorities / 2) >> _minimumBinaryPoint) - (WordLength * word);
        return levels >= WordLength ? uint.MaxValue : levels <= 0 ? 0 : (1U << levels) - 1;
    }
}
