using System;
using HvIntrospect.Registers;

namespace HvIntrospect.Translation.Stage2;

/// <summary>The registers of a core that say on whose entries a TLBI acts, to be changed for a while.</summary>
/// <remarks>
/// VTTBR_EL2 has the VMID. VTCR_EL2 says how wide it is and what the start of a range counts. While HCR_EL2.E2H and TGE are both set, VMALLE1IS acts on the host's own regime.
/// </remarks>
internal ref struct RegimeRegisters
{
    private readonly IEl2Operations _operations;
    private readonly ulong _vtcr;
    private readonly ulong _vttbr;
    private readonly ulong _hcr;
    private readonly ulong _guestHcr;
    private ushort _vmid;
    private ulong _vtcrBefore;
    private bool _isChanged;

    /// <summary>Reads what a core has.</summary>
    /// <param name="operations">The core.</param>
    /// <param name="vtcr">VTCR_EL2 of the tables on which TLBI are to act.</param>
    public RegimeRegisters(IEl2Operations operations, Vtcr vtcr)
    {
        _operations = operations;
        _vtcr = vtcr.Value;
        _vttbr = operations.ReadSystemRegister(SystemRegister.VttbrEl2);
        _vmid = new Vttbr(_vttbr).Vmid;
        _hcr = operations.ReadSystemRegister(SystemRegister.HcrEl2);
        var hcr = new Hcr(_hcr);
        _guestHcr = hcr.Has(HcrBits.E2h) && hcr.Has(HcrBits.Tge) ? hcr.With(HcrBits.Tge, set: false).Value : _hcr;
    }

    /// <summary>Tells whether TLBI act on each of some VMIDs without a change.</summary>
    public readonly bool AreOf(ReadOnlySpan<Vttbr> views)
    {
        foreach (Vttbr view in views)
        {
            if (!IsOf(view))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Makes the TLBI that follow act on a VMID.</summary>
    public void Load(Vttbr vttbr)
    {
        if (IsOf(vttbr))
        {
            return;
        }

        if (!_isChanged)
        {
            _isChanged = true;
            _vtcrBefore = _operations.ReadSystemRegister(SystemRegister.VtcrEl2);
            Change(SystemRegister.VtcrEl2, _vtcrBefore, _vtcr);
            Change(SystemRegister.HcrEl2, _hcr, _guestHcr);
        }

        _operations.WriteSystemRegister(SystemRegister.VttbrEl2, vttbr.Value);
        _operations.Isb();
        _vmid = vttbr.Vmid;
    }

    /// <summary>Makes the registers what they were, for what follows the next ISB.</summary>
    public readonly void Restore()
    {
        if (_isChanged)
        {
            Change(SystemRegister.HcrEl2, _guestHcr, _hcr);
            Change(SystemRegister.VtcrEl2, _vtcr, _vtcrBefore);
            _operations.WriteSystemRegister(SystemRegister.VttbrEl2, _vttbr);
        }
    }

    private readonly bool IsOf(Vttbr vttbr) => vttbr.Vmid == _vmid && (_isChanged || _hcr == _guestHcr);

    private readonly void Change(SystemRegister register, ulong from, ulong to)
    {
        if (from != to)
        {
            _operations.WriteSystemRegister(register, to);
        }
    }
}
