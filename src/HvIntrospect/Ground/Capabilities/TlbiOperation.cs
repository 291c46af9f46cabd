namespace HvIntrospect;

/// <summary>The TLB maintenance instructions for the EL1&amp;0 and EL2 regimes.</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), "A64 System instruction class".</remarks>
public enum TlbiOperation
{
    /// <summary>TLBI ALLE1: all entries of the EL1&amp;0 regime, every VMID, this core.</summary>
    Alle1,

    /// <summary>TLBI ALLE1IS: the same on the Inner Shareable domain.</summary>
    Alle1Is,

    /// <summary>TLBI ALLE2: all entries of the EL2 regime, this core.</summary>
    Alle2,

    /// <summary>TLBI ALLE2IS: the same on the Inner Shareable domain.</summary>
    Alle2Is,

    /// <summary>TLBI VAE2: EL2 regime by VA, this core.</summary>
    Vae2,

    /// <summary>TLBI VAE2IS: the same on the Inner Shareable domain.</summary>
    Vae2Is,

    /// <summary>TLBI VMALLS12E1: Stage 1, Stage 2 and combined entries of the current VMID, this core.</summary>
    Vmalls12E1,

    /// <summary>TLBI VMALLS12E1IS: the same on the Inner Shareable domain.</summary>
    Vmalls12E1Is,

    /// <summary>TLBI VMALLE1: Stage 1 and combined entries of the current VMID, this core.</summary>
    Vmalle1,

    /// <summary>TLBI VMALLE1IS: the same on the Inner Shareable domain.</summary>
    Vmalle1Is,

    /// <summary>TLBI ASIDE1: Stage 1 and combined entries of the current VMID by ASID, this core.</summary>
    Aside1,

    /// <summary>TLBI ASIDE1IS: the same on the Inner Shareable domain.</summary>
    Aside1Is,

    /// <summary>TLBI VAE1: by VA and ASID, all levels, this core.</summary>
    Vae1,

    /// <summary>TLBI VAE1IS: the same on the Inner Shareable domain.</summary>
    Vae1Is,

    /// <summary>TLBI VALE1: by VA and ASID, last level, this core.</summary>
    Vale1,

    /// <summary>TLBI VALE1IS: the same on the Inner Shareable domain.</summary>
    Vale1Is,

    /// <summary>TLBI VAAE1: by VA for every ASID, all levels, this core.</summary>
    Vaae1,

    /// <summary>TLBI VAAE1IS: the same on the Inner Shareable domain.</summary>
    Vaae1Is,

    /// <summary>TLBI VAALE1: by VA for every ASID, last level, this core.</summary>
    Vaale1,

    /// <summary>TLBI VAALE1IS: the same on the Inner Shareable domain.</summary>
    Vaale1Is,

    /// <summary>TLBI IPAS2E1: Stage 2 entries of the current VMID by IPA, all levels, this core. Combined entries survive.</summary>
    Ipas2E1,

    /// <summary>TLBI IPAS2E1IS: the same on the Inner Shareable domain.</summary>
    Ipas2E1Is,

    /// <summary>TLBI IPAS2LE1: Stage 2 entries of the current VMID by IPA, last level, this core. Combined entries survive.</summary>
    Ipas2Le1,

    /// <summary>TLBI IPAS2LE1IS: the same on the Inner Shareable domain.</summary>
    Ipas2Le1Is,

    /// <summary>TLBI VALE2: EL2 regime by VA, last level, this core.</summary>
    Vale2,

    /// <summary>TLBI VALE2IS: the same on the Inner Shareable domain.</summary>
    Vale2Is,

    /// <summary>TLBI RVAE1: by range of VA and ASID, all levels (FEAT_TLBIRANGE), this core.</summary>
    Rvae1,

    /// <summary>TLBI RVAE1IS: the same on the Inner Shareable domain.</summary>
    Rvae1Is,

    /// <summary>TLBI RVALE1: by range of VA and ASID, last level (FEAT_TLBIRANGE), this core.</summary>
    Rvale1,

    /// <summary>TLBI RVALE1IS: the same on the Inner Shareable domain.</summary>
    Rvale1Is,

    /// <summary>TLBI RVAAE1: by range of VA for every ASID, all levels (FEAT_TLBIRANGE), this core.</summary>
    Rvaae1,

    /// <summary>TLBI RVAAE1IS: the same on the Inner Shareable domain.</summary>
    Rvaae1Is,

    /// <summary>TLBI RVAALE1: by range of VA for every ASID, last level (FEAT_TLBIRANGE), this core.</summary>
    Rvaale1,

    /// <summary>TLBI RVAALE1IS: the same on the Inner Shareable domain.</summary>
    Rvaale1Is,

    /// <summary>TLBI RVAE2: EL2 regime by range of VA, all levels (FEAT_TLBIRANGE), this core.</summary>
    Rvae2,

    /// <summary>TLBI RVAE2IS: the same on the Inner Shareable domain.</summary>
    Rvae2Is,

    /// <summary>TLBI RVALE2: EL2 regime by range of VA, last level (FEAT_TLBIRANGE), this core.</summary>
    Rvale2,

    /// <summary>TLBI RVALE2IS: the same on the Inner Shareable domain.</summary>
    Rvale2Is,

    /// <summary>TLBI RIPAS2E1: Stage 2 entries of the current VMID by range of IPA, all levels (FEAT_TLBIRANGE), this core. Combined entries survive.</summary>
    Ripas2E1,

    /// <summary>TLBI RIPAS2E1IS: the same on the Inner Shareable domain.</summary>
    Ripas2E1Is,

    /// <summary>TLBI RIPAS2LE1: Stage 2 entries of the current VMID by range of IPA, last level (FEAT_TLBIRANGE), this core. Combined entries survive.</summary>
    Ripas2Le1,

    /// <summary>TLBI RIPAS2LE1IS: the same on the Inner Shareable domain.</summary>
    Ripas2Le1Is,
}
