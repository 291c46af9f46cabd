namespace HvIntrospect.Mmio.Gic;

/// <summary>One bit for each interrupt: those of the private interrupts, 0 to 31, for each CPU, the others once.</summary>
internal sealed class InterruptBits
{
    private readonly uint[] _private;
    private readonly uint[] _shared;

    /// <summary>Makes bits that are all 0.</summary>
    /// <param name="cpus">The number of CPUs.</param>
    /// <param name="words">The number of words of 32 interrupts, the private ones included.</param>
    public InterruptBits(int cpus, int words)
    {
        _private = new uint[cpus];
        _shared = new uint[words - 1];
    }

    private InterruptBits(InterruptBits other)
    {
        _private = (uint[])other._private.Clone();
        _shared = (uint[])other._shared.Clone();
    }

    /// <summary>Gets or sets the bits of 32 interrupts.</summary>
    /// <param name="cpu">The CPU whose private interrupts are meant.</param>
    /// <param name="word">The number of the word.</param>
    /// <returns>Bit n is interrupt 32 * <paramref name="word"/> + n.</returns>
    public uint this[int cpu, int word]
    {
        get => word == 0 ? _private[cpu] : _shared[word - 1];
        set
        {
            if (word == 0)
            {
                _private[cpu] = value;
            }
            else
            {
                _shared[word - 1] = value;
            }
        }
    }

    /// <summary>Gets the bit of an interrupt.</summary>
    /// <param name="cpu">The CPU.</param>
    /// <param name="id">The interrupt.</param>
    /// <returns>The bit.</returns>
    public bool Has(int cpu, int id) => (this[cpu, id >> 5] >> (id & 31) & 1) != 0;

    /// <summary>Sets the bit of an interrupt.</summary>
    /// <param name="cpu">The CPU.</param>
    /// <param name="id">The interrupt.</param>
    /// <param name="value">The bit.</param>
    public void Set(int cpu, int id, bool value)
    {
        uint bit = 1U << (id & 31);
        this[cpu, id >> 5] = value ? this[cpu, id >> 5] | bit : this[cpu, id >> 5] & ~bit;
    }

    /// <summary>Copies all bits.</summary>
    /// <returns>The copy.</returns>
    public InterruptBits Copy() => new(this);
}
