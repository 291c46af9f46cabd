using HvIntrospect.Registers;

namespace HvIntrospect.Translation.Stage2;

/// <summary>Collects what one table change makes stale in the TLBs and invalidates it in one batch.</summary>
/// <remarks>
/// Arm Architecture Reference Manual (DDI 0487), "TLB maintenance requirements and the TLB maintenance instructions". By-address
/// invalidation reaches Stage 2 entries only; combined Stage 1 and 2 entries need the VMID's Stage 1 invalidation after it.
/// </remarks>
internal sealed class Stage2Maintenance
{
    /// <summary>
    /// With more addresses, the whole VMID is invalidated. A broadcast TLBI costs every core some hundred nanoseconds, a refill about as
    /// much: beyond a few dozen, refilling what a VM really uses is cheaper than naming every page.
    /// </summary>
    internal const int MostAddresses = 64;

    private readonly IEl2Operations _operations;
    private readonly Vttbr _vttbr;
    private readonly ulong[] _addresses = new ulong[MostAddresses];

    public Stage2Maintenance(IEl2Operations operations, Vttbr vttbr)
    {
        _operations = operations;
        _vttbr = vttbr;
    }

    /// <summary>Gets the number of addresses, <see cref="MostAddresses"/> + 1 when they no longer count.</summary>
    public int Count { get; private set; }

    /// <summary>Gets a value indicating whether the whole VMID will be invalidated, so that further addresses do not matter.</summary>
    public bool IsEverything => Count > MostAddresses;

    public void Reset() => Count = 0;

    /// <summary>Adds a block, a page or the path to a table by one of its addresses.</summary>
    public void Add(ulong ipa)
    {
        if (Count < MostAddresses)
        {
            _addresses[Count] = ipa;
        }

        if (Count <= MostAddresses)
        {
            Count++;
        }
    }

    public void AddEverything() => Count = MostAddresses + 1;

    /// <summary>Makes written descriptors visible to the walkers of all cores.</summary>
    public void Publish()
    {
        _operations.Dsb(BarrierOption.Ishst);
        _operations.Isb();
    }

    /// <summary>Publishes what was written and removes every collected translation from all TLBs.</summary>
    public void Invalidate()
    {
        _operations.Dsb(BarrierOption.Ishst);
        if (Count == 0)
        {
            _operations.Isb();
            return;
        }

        // The operations below act on the VMID in VTTBR_EL2, which may be another VM's.
        ulong current = _operations.ReadSystemRegister(SystemRegister.VttbrEl2);
        bool foreign = new Vttbr(current).Vmid != _vttbr.Vmid;
        if (foreign)
        {
            _operations.WriteSystemRegister(SystemRegister.VttbrEl2, _vttbr.Value);
            _operations.Isb();
        }

        if (IsEverything)
        {
            _operations.Tlbi(TlbiOperation.Vmalls12E1Is, 0);
            _operations.Dsb(BarrierOption.Ish);
        }
        else
        {
            for (int i = 0; i < Count; i++)
            {
                _operations.Tlbi(TlbiOperation.Ipas2E1Is, _addresses[i] >> 12);
            }

            _operations.Dsb(BarrierOption.Ish);
            _operations.Tlbi(TlbiOperation.Vmalle1Is, 0);
            _operations.Dsb(BarrierOption.Ish);
        }

        if (foreign)
        {
            _operations.WriteSystemRegister(SystemRegister.VttbrEl2, current);
        }

        _operations.Isb();
    }
}
