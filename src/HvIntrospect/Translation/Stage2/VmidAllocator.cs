using System;
using System.Globalization;
using System.Threading;

namespace HvIntrospect.Translation.Stage2;

/// <summary>Gives VMIDs to more contexts than there are numbers: each time that they run out a new generation begins.</summary>
/// <remarks>
/// <para>Arm Architecture Reference Manual (DDI 0487), "VMID". A context keeps its number through all entries of a generation, whatever the core. In a new
/// generation every number is free again but those that cores run with at that moment: a context that is running keeps its own. Each core forgets what its TLB
/// holds at its first entry of the generation (<see cref="VmidEntry.InvalidatesCore"/>), so that no core waits for another. Two contexts never have the
/// same number in one generation, nor does a context enter on two cores with different numbers while both run it.</para>
/// <para>Thread-safe; each core enters and leaves on one thread at a time. An entry whose context has a number of this generation takes no lock.
/// Nothing is allocated after the constructor.</para>
/// </remarks>
public sealed class VmidAllocator
{
    private const int VmidBits = 16;
    private const long FirstGeneration = 1L << VmidBits;

    /// <summary>The core runs no guest. VMID 0 is nobody's, so that this is no context's assignment.</summary>
    private const long Idle = FirstGeneration;

    /// <summary>Cores write their own items all the time: each has a cache line for itself.</summary>
    private const int ItemsPerLine = 16;

    private readonly object _gate = new();
    private readonly int _cores;

    /// <summary>What each core runs: an assignment or <see cref="Idle"/>; 0 before its first entry of a generation.</summary>
    private readonly long[] _active;

    /// <summary>What each core ran when the generation began, for those whose item in <see cref="_active"/> is 0.</summary>
    private readonly long[] _reserved;
    private readonly bool[] _mustInvalidate;
    private readonly ulong[] _neverGiven;
    private readonly ulong[] _taken;
    private long _generation = FirstGeneration;
    private int _next;

    /// <summary>Makes an allocator.</summary>
    /// <param name="cores">The number of physical cores, from 1.</param>
    /// <param name="isWide">True for 16-bit VMIDs (<see cref="Stage2Geometry.HasWideVmid"/>), false for 8-bit ones.</param>
    /// <param name="reserved">Numbers that are never given, for example of VMs with a fixed one. VMID 0 is never given either: it is what EL2 leaves in VTTBR_EL2 where no guest runs.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="cores"/> is below 1, or not below the count of numbers that can be given.</exception>
    /// <exception cref="ArgumentException">A reserved number has more than 8 bits and <paramref name="isWide"/> is false.</exception>
    public VmidAllocator(int cores, bool isWide, ReadOnlySpan<ushort> reserved = default)
    {
        int numbers = 1 << (isWide ? VmidBits : 8);
        _neverGiven = new ulong[numbers >> 6];
        _taken = new ulong[numbers >> 6];
        TryTake(_neverGiven, 0);
        Capacity = numbers - 1;
        foreach (ushort vmid in reserved)
        {
            if (vmid >= numbers)
            {
                throw new ArgumentException(
                    "The reserved VMID " + vmid.ToString(CultureInfo.InvariantCulture) + " is above 255, the last one of 8 bits.", nameof(reserved));
            }

            Capacity -= TryTake(_neverGiven, vmid) ? 1 : 0;
        }

        // When a generation begins every core may keep one, and the context that began it needs another.
        if (cores < 1 || cores >= Capacity)
        {
            throw new ArgumentOutOfRangeException(
                nameof(cores), cores, "The number of cores is at least 1 and below " + Capacity.ToString(CultureInfo.InvariantCulture) + ", the count of VMIDs to give.");
        }

        _cores = cores;
        _active = new long[cores * ItemsPerLine];
        _reserved = new long[cores];
        _mustInvalidate = new bool[cores];
        _mustInvalidate.AsSpan().Fill(true);
        _neverGiven.CopyTo(_taken, 0);
    }

    /// <summary>Gets how many contexts can have a VMID in one generation: all numbers but 0 and the reserved ones.</summary>
    public int Capacity { get; }

    /// <summary>Prepares to run a context on a core, with interrupts that could run another one there masked.</summary>
    /// <param name="core">The core.</param>
    /// <param name="context">The context.</param>
    /// <returns>The VMID to run it with, and what the core does before.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such core.</exception>
    /// <exception cref="ArgumentNullException"><paramref name="context"/> is null.</exception>
    public VmidEntry Enter(int core, VmidContext context)
    {
        Check(core);
        _ = context ?? throw new ArgumentNullException(nameof(context));

        // In this order: a generation that begins after the first line either finds what the exchange stores, or has stored the 0 that lets the exchange fail.
        ref long active = ref ActiveOf(core);
        long before = Volatile.Read(ref active);
        long assigned = Volatile.Read(ref context.Assigned);
        if (before != 0 && IsCurrent(assigned) && Interlocked.CompareExchange(ref active, assigned, before) == before)
        {
            return new VmidEntry(VmidOf(assigned), invalidatesCore: false);
        }

        lock (_gate)
        {
            assigned = context.Assigned;
            if (!IsCurrent(assigned))
            {
                assigned = Assign(assigned);
                Volatile.Write(ref context.Assigned, assigned);
            }

            bool invalidates = _mustInvalidate[core];
            _mustInvalidate[core] = false;
            Interlocked.Exchange(ref active, assigned);
            return new VmidEntry(VmidOf(assigned), invalidates);
        }
    }

    /// <summary>Says that a core runs no guest now, so that no number is kept for it in a new generation. Leaving between two entries is not necessary.</summary>
    /// <param name="core">The core.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such core.</exception>
    public void Leave(int core)
    {
        Check(core);
        ref long active = ref ActiveOf(core);
        long running = Volatile.Read(ref active);
        if (running == 0 || Interlocked.CompareExchange(ref active, Idle, running) != running)
        {
            // The first entry of the generation is still to come and must not be taken for a later one.
            lock (_gate)
            {
                _reserved[core] = 0;
            }
        }
    }

    /// <summary>Finds the VMID under which TLBs may hold translations of a context that a guest could meet.</summary>
    /// <remarks>
    /// For TLB maintenance, after the descriptors are written: who enters the context later sees them. The number may be another context's by the
    /// time that it is used; what is invalidated under it then is only fetched again.
    /// </remarks>
    /// <param name="context">The context.</param>
    /// <param name="vmid">Receives the number, or 0.</param>
    /// <returns>False when there is none, so that nothing needs to be invalidated: the context was never entered, or not since a generation began, and every core forgets what it may hold before it enters anything.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="context"/> is null.</exception>
    public bool TryGetVmid(VmidContext context, out ushort vmid)
    {
        _ = context ?? throw new ArgumentNullException(nameof(context));
        long assigned = Volatile.Read(ref context.Assigned);
        bool isHeld = assigned != 0 && (IsCurrent(assigned) || IsRunning(context, out assigned));
        vmid = isHeld ? VmidOf(assigned) : (ushort)0;
        return isHeld;
    }

    private static ushort VmidOf(long assigned) => unchecked((ushort)assigned);

    private static bool TryTake(ulong[] numbers, int vmid)
    {
        ulong bit = 1UL << (vmid & 63);
        bool isFree = (numbers[vmid >> 6] & bit) == 0;
        numbers[vmid >> 6] |= bit;
        return isFree;
    }

    private ref long ActiveOf(int core) => ref _active[core * ItemsPerLine];

    private void Check(int core)
    {
        if ((uint)core >= (uint)_cores)
        {
            throw new ArgumentOutOfRangeException(nameof(core), core, "The cores are numbered from 0 to " + (_cores - 1).ToString(CultureInfo.InvariantCulture) + ".");
        }
    }

    private bool IsCurrent(long assigned) => assigned >> VmidBits == Volatile.Read(ref _generation) >> VmidBits;

    private bool IsRunning(VmidContext context, out long assigned)
    {
        lock (_gate)
        {
            assigned = context.Assigned;
            bool isRunning = IsCurrent(assigned);
            for (int core = 0; core < _cores && !isRunning; core++)
            {
                isRunning = Volatile.Read(ref ActiveOf(core)) == 0 && _reserved[core] == assigned;
            }

            return isRunning;
        }
    }

    /// <summary>Gives a context a number of this generation or, where there is none, of the next.</summary>
    private long Assign(long before)
    {
        if (before != 0)
        {
            // The number that it had, where it runs elsewhere with it, or nobody took it meanwhile.
            long renewed = _generation | VmidOf(before);
            if (TryRenewReserved(before, renewed) || TryTake(_taken, VmidOf(before)))
            {
                return renewed;
            }
        }

        if (!TryTakeNext(out int vmid))
        {
            // There are more numbers than cores, so that one is left now.
            BeginGeneration();
            TryTakeNext(out vmid);
        }

        return _generation | (long)vmid;
    }

    private bool TryRenewReserved(long before, long renewed)
    {
        bool isReserved = false;
        for (int core = 0; core < _cores; core++)
        {
            if (_reserved[core] == before)
            {
                // Should another generation begin before that core enters anything, it keeps the number once more.
                _reserved[core] = renewed;
                isReserved = true;
            }
        }

        return isReserved;
    }

    private bool TryTakeNext(out int vmid)
    {
        int numbers = _taken.Length << 6;
        for (vmid = _next; vmid < numbers; vmid++)
        {
            if ((vmid & 63) == 0 && _taken[vmid >> 6] == ulong.MaxValue)
            {
                vmid += 63;
            }
            else if (TryTake(_taken, vmid))
            {
                _next = vmid + 1;
                return true;
            }
        }

        return false;
    }

    private void BeginGeneration()
    {
        Interlocked.Exchange(ref _generation, _generation + FirstGeneration);
        _neverGiven.CopyTo(_taken, 0);
        _next = 0;
        for (int core = 0; core < _cores; core++)
        {
            long running = Interlocked.Exchange(ref ActiveOf(core), 0);
            if (running != 0)
            {
                _reserved[core] = running;
            }

            TryTake(_taken, VmidOf(_reserved[core]));
            _mustInvalidate[core] = true;
        }
    }
}
