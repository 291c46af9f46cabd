using System.Collections.Generic;
using HvIntrospect.Registers;

namespace HvIntrospect.Interpreter.Checking;

/// <summary>The rules about the registers of the translation regime: they take effect by a context synchronization event, and together they must make sense to the guest that is entered.</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), "Synchronization requirements for AArch64 System registers", "Illegal exception returns from AArch64 state".</remarks>
internal sealed class ContextRules
{
    // The bits of HCR_EL2 on which translation or TLB maintenance depends; those that pend interrupts or trap are written at any time.
    private const HcrBits RegimeBits = HcrBits.Vm | HcrBits.Dc | HcrBits.Tge | HcrBits.E2h | HcrBits.Rw | HcrBits.Fb | HcrBits.Ptw | HcrBits.Cd | HcrBits.Id | HcrBits.Fwb | HcrBits.Nv | HcrBits.Nv1;

    private static readonly HashSet<SystemRegister> s_regimeRegisters =
    [
        SystemRegister.HcrEl2, SystemRegister.VtcrEl2, SystemRegister.VttbrEl2, SystemRegister.SctlrEl1, SystemRegister.TcrEl1, SystemRegister.Ttbr0El1, SystemRegister.Ttbr1El1,
        SystemRegister.MairEl1,
    ];

    private readonly CheckedSystem _system;

    /// <summary>Initialises the rules.</summary>
    /// <param name="system">The cores.</param>
    public ContextRules(CheckedSystem system)
    {
        _system = system;
    }

    /// <summary>Tells whether anything depends on a register.</summary>
    /// <param name="register">The register.</param>
    /// <returns>False when its writes need not be followed.</returns>
    public static bool IsFollowed(SystemRegister register) => s_regimeRegisters.Contains(register);

    /// <summary>Follows an MSR.</summary>
    /// <param name="core">The core.</param>
    /// <param name="register">One of the registers that are followed.</param>
    /// <param name="value">Its new value.</param>
    public void FollowWrite(int core, SystemRegister register, ulong value)
    {
        CheckedCore writer = _system.Cores[core];
        if (register == SystemRegister.HcrEl2 && !new Hcr(value ^ writer.Hcr.Value).Has(RegimeBits))
        {
            return;
        }

        bool turnsOn = register == SystemRegister.HcrEl2 && new Hcr(value).Has(HcrBits.Vm) && !writer.Hcr.Has(HcrBits.Vm);
        if (turnsOn && (writer.Written.Contains(SystemRegister.VttbrEl2) || writer.Written.Contains(SystemRegister.VtcrEl2)))
        {
            _system.Findings.Add(
                ArchitectureRule.MissingInstructionBarrier, core,
                "HCR_EL2.VM is set, and nothing orders that behind the write of VTTBR_EL2 or VTCR_EL2: a walk may use the old tables");
        }

        writer.Written.Add(register);
    }

    /// <summary>Checks that an instruction which depends on the regime sees its registers as they were written.</summary>
    /// <param name="core">The core.</param>
    /// <param name="instruction">Its name.</param>
    public void CheckSynchronized(int core, string instruction)
    {
        CheckedCore issuer = _system.Cores[core];
        foreach (SystemRegister register in issuer.Written)
        {
            _system.Findings.Add(ArchitectureRule.MissingInstructionBarrier, core, $"{instruction} follows a write of {register} without an ISB");
        }

        issuer.Written.Clear();
    }

    /// <summary>Checks the exception return to a guest, which is a context synchronization event.</summary>
    /// <param name="core">The core.</param>
    public void CheckReturn(int core)
    {
        const ulong AArch32 = 0x10;
        CheckedCore entered = _system.Cores[core];
        Hcr hcr = entered.Hcr;
        ulong state = entered.State.Value;
        int level = (int)(state >> 2) & 3;
        bool isAArch64 = (state & AArch32) == 0;
        bool needsAArch64 = isAArch64 && !(level == 0 && hcr.Has(HcrBits.Tge));
        Once(
            core, ArchitectureRule.IllegalReturn, (needsAArch64 && !hcr.Has(HcrBits.Rw)) || (level == 1 && isAArch64 && hcr.Has(HcrBits.Tge)),
            $"HCR_EL2 {hcr} excludes a return to EL{level} in AArch64");
    }

    /// <summary>Checks that a guest of the EL1&amp;0 regime has the stages of translation that it relies on.</summary>
    /// <param name="core">The core.</param>
    /// <param name="isStage2On">Whether Stage 2 is on.</param>
    public void CheckStages(int core, bool isStage2On)
    {
        CheckedCore entered = _system.Cores[core];
        bool isStage1On = entered.Sctlr.Has(SctlrBits.M);
        bool hasGeneralExceptions = entered.Hcr.Has(HcrBits.Tge);
        Once(core, ArchitectureRule.Stage1OffUnderTge, isStage1On && hasGeneralExceptions, "SCTLR_EL1.M is 1, and HCR_EL2.TGE without E2H turns Stage 1 off");
        Once(
            core, ArchitectureRule.UntranslatedGuest, !isStage2On && (!isStage1On || hasGeneralExceptions),
            "both stages are off: the guest reads and writes physical memory");
    }

    /// <summary>Reports a lasting condition once, until it has ended.</summary>
    /// <param name="core">The core.</param>
    /// <param name="rule">The rule.</param>
    /// <param name="isBroken">Whether it is broken now.</param>
    /// <param name="detail">What was found.</param>
    public void Once(int core, ArchitectureRule rule, bool isBroken, string detail)
    {
        if (!isBroken)
        {
            _system.Cores[core].Known.Remove(rule);
        }
        else if (_system.Cores[core].Known.Add(rule))
        {
            _system.Findings.Add(rule, core, detail);
        }
    }
}
