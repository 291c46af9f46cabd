using System;

namespace HvIntrospect.Registers;

/// <summary>The one-bit fields of HCR_EL2.</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), "HCR_EL2, Hypervisor Configuration Register".</remarks>
[Flags]
public enum HcrBits : ulong
{
    /// <summary>No bit.</summary>
    None = 0,

    /// <summary>VM: Stage 2 of the EL1&amp;0 regime is on.</summary>
    Vm = 1UL << 0,

    /// <summary>SWIO: DC ISW acts as DC CISW.</summary>
    Swio = 1UL << 1,

    /// <summary>PTW: a Stage 1 walk to memory that Stage 2 makes Device is a Permission fault.</summary>
    Ptw = 1UL << 2,

    /// <summary>FMO: physical FIQ is taken to EL2 and virtual FIQ is enabled.</summary>
    Fmo = 1UL << 3,

    /// <summary>IMO: physical IRQ is taken to EL2 and virtual IRQ is enabled.</summary>
    Imo = 1UL << 4,

    /// <summary>AMO: physical SError is taken to EL2 and virtual SError is enabled.</summary>
    Amo = 1UL << 5,

    /// <summary>VF: a virtual FIQ is pending.</summary>
    Vf = 1UL << 6,

    /// <summary>VI: a virtual IRQ is pending.</summary>
    Vi = 1UL << 7,

    /// <summary>VSE: a virtual SError is pending.</summary>
    Vse = 1UL << 8,

    /// <summary>FB: local TLB and instruction cache maintenance of EL1 is broadcast.</summary>
    Fb = 1UL << 9,

    /// <summary>DC: Stage 1 of the EL1&amp;0 regime is off and gives Normal Write-Back; Stage 2 behaves as on.</summary>
    Dc = 1UL << 12,

    /// <summary>TWI: WFI is trapped.</summary>
    Twi = 1UL << 13,

    /// <summary>TWE: WFE is trapped.</summary>
    Twe = 1UL << 14,

    /// <summary>TID0: ID group 0 is trapped.</summary>
    Tid0 = 1UL << 15,

    /// <summary>TID1: ID group 1 is trapped.</summary>
    Tid1 = 1UL << 16,

    /// <summary>TID2: ID group 2 (cache identification) is trapped.</summary>
    Tid2 = 1UL << 17,

    /// <summary>TID3: ID group 3 (feature registers) is trapped.</summary>
    Tid3 = 1UL << 18,

    /// <summary>TSC: SMC is trapped.</summary>
    Tsc = 1UL << 19,

    /// <summary>TIDCP: IMPLEMENTATION DEFINED registers are trapped.</summary>
    Tidcp = 1UL << 20,

    /// <summary>TACR: auxiliary control is trapped.</summary>
    Tacr = 1UL << 21,

    /// <summary>TSW: data cache maintenance by set and way is trapped.</summary>
    Tsw = 1UL << 22,

    /// <summary>TPCP: data cache maintenance by address to the Point of Coherency or Persistence is trapped.</summary>
    Tpcp = 1UL << 23,

    /// <summary>TPU: cache maintenance to the Point of Unification is trapped.</summary>
    Tpu = 1UL << 24,

    /// <summary>TTLB: TLB maintenance is trapped.</summary>
    Ttlb = 1UL << 25,

    /// <summary>TVM: writes of the Stage 1 controls are trapped.</summary>
    Tvm = 1UL << 26,

    /// <summary>TGE: exceptions of EL0 are taken to EL2.</summary>
    Tge = 1UL << 27,

    /// <summary>TDZ: DC ZVA is trapped.</summary>
    Tdz = 1UL << 28,

    /// <summary>HCD: HVC is UNDEFINED.</summary>
    Hcd = 1UL << 29,

    /// <summary>TRVM: reads of the Stage 1 controls are trapped.</summary>
    Trvm = 1UL << 30,

    /// <summary>RW: EL1 is AArch64.</summary>
    Rw = 1UL << 31,

    /// <summary>CD: Stage 2 data accesses are Non-cacheable.</summary>
    Cd = 1UL << 32,

    /// <summary>ID: Stage 2 instruction accesses are Non-cacheable.</summary>
    Id = 1UL << 33,

    /// <summary>E2H: the EL2 host regime (FEAT_VHE).</summary>
    E2h = 1UL << 34,

    /// <summary>TLOR: LORegion registers are trapped (FEAT_LOR).</summary>
    Tlor = 1UL << 35,

    /// <summary>TERR: error record registers are trapped (FEAT_RAS).</summary>
    Terr = 1UL << 36,

    /// <summary>TEA: synchronous External aborts are taken to EL2 (FEAT_RAS).</summary>
    Tea = 1UL << 37,

    /// <summary>MIOCNCE: mismatched cacheability may lose coherency.</summary>
    Miocnce = 1UL << 38,

    /// <summary>APK: pointer authentication keys are not trapped (FEAT_PAuth).</summary>
    Apk = 1UL << 40,

    /// <summary>API: pointer authentication instructions are not trapped (FEAT_PAuth).</summary>
    Api = 1UL << 41,

    /// <summary>NV: nested virtualization (FEAT_NV).</summary>
    Nv = 1UL << 42,

    /// <summary>NV1 (FEAT_NV).</summary>
    Nv1 = 1UL << 43,

    /// <summary>AT: AT S1E0* and S1E1* are trapped (FEAT_NV).</summary>
    At = 1UL << 44,

    /// <summary>NV2 (FEAT_NV2).</summary>
    Nv2 = 1UL << 45,

    /// <summary>FWB: Stage 2 forces Write-Back (FEAT_S2FWB).</summary>
    Fwb = 1UL << 46,

    /// <summary>FIEN: fault injection is not trapped (FEAT_RASv1p1).</summary>
    Fien = 1UL << 47,

    /// <summary>TID4: ID group 4 is trapped (FEAT_EVT).</summary>
    Tid4 = 1UL << 49,

    /// <summary>TICAB: IC IALLUIS is trapped (FEAT_EVT).</summary>
    Ticab = 1UL << 50,

    /// <summary>AMVOFFEN (FEAT_AMUv1p1).</summary>
    Amvoffen = 1UL << 51,

    /// <summary>TOCU: cache maintenance to the Point of Unification is trapped at EL1 (FEAT_EVT).</summary>
    Tocu = 1UL << 52,

    /// <summary>EnSCXT: SCXTNUM is not trapped (FEAT_CSV2_2).</summary>
    EnScxt = 1UL << 53,

    /// <summary>TTLBIS: Inner Shareable TLB maintenance is trapped (FEAT_EVT).</summary>
    Ttlbis = 1UL << 54,

    /// <summary>TTLBOS: Outer Shareable TLB maintenance is trapped (FEAT_EVT).</summary>
    Ttlbos = 1UL << 55,

    /// <summary>ATA: allocation tags are accessible (FEAT_MTE2).</summary>
    Ata = 1UL << 56,

    /// <summary>DCT: DC gives Tagged memory (FEAT_MTE2).</summary>
    Dct = 1UL << 57,

    /// <summary>TID5: ID group 5 is trapped (FEAT_MTE2).</summary>
    Tid5 = 1UL << 58,

    /// <summary>TWEDEn: the WFE trap is delayed (FEAT_TWED).</summary>
    Tweden = 1UL << 59,
}
