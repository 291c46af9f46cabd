using System.Collections.Generic;
using HvIntrospect.Registers;

namespace HvIntrospect.Interpreter.Checking;

/// <summary>What is known of one core.</summary>
internal sealed class CheckedCore
{
    /// <summary>What stands for no tables where a VMID is used with Stage 2 off.</summary>
    public const ulong NoTables = ulong.MaxValue;

    /// <summary>Gets or sets the core's own operations.</summary>
    public IEl2Operations? Operations { get; set; }

    /// <summary>Gets or sets a value indicating whether the core executes a guest.</summary>
    public bool IsInGuest { get; set; }

    /// <summary>Gets or sets the state with which the guest was entered.</summary>
    public Spsr State { get; set; }

    /// <summary>Gets or sets the number of the vCPU that the core runs, if it was declared.</summary>
    public int? Vcpu { get; set; }

    /// <summary>Gets the registers that were written since the last context synchronization event.</summary>
    public HashSet<SystemRegister> Written { get; } = [];

    /// <summary>Gets or sets VTTBR_EL2 of the guest that was entered last, or that is declared to be entered next.</summary>
    public Vttbr? Guest { get; set; }

    /// <summary>Gets or sets a value indicating whether TLB maintenance was done under another VTTBR_EL2 than <see cref="Guest"/>.</summary>
    public bool HasVisited { get; set; }

    /// <summary>Gets which root tables, or <see cref="NoTables"/>, the TLB may have entries of, by VMID.</summary>
    public Dictionary<ushort, ulong> Roots { get; } = [];

    /// <summary>Gets which vCPU's Stage 1 the TLB may have entries of, by VMID.</summary>
    public Dictionary<ushort, int> Vcpus { get; } = [];

    /// <summary>Gets the invalidations of whole VMIDs that no DSB has completed yet.</summary>
    public List<Invalidation> Unfinished { get; } = [];

    /// <summary>Gets the VMIDs of which the core may hold what a TLBI of the guest has missed.</summary>
    public HashSet<ushort> Missed { get; } = [];

    /// <summary>Gets the findings about the way in which a guest was entered, each of which is reported once until it is mended.</summary>
    public HashSet<ArchitectureRule> Known { get; } = [];

    /// <summary>Gets HCR_EL2.</summary>
    public Hcr Hcr => new(Read(SystemRegister.HcrEl2));

    /// <summary>Gets VTTBR_EL2.</summary>
    public Vttbr Vttbr => new(Read(SystemRegister.VttbrEl2));

    /// <summary>Gets VTCR_EL2.</summary>
    public Vtcr Vtcr => new(Read(SystemRegister.VtcrEl2));

    /// <summary>Gets SCTLR_EL1.</summary>
    public Sctlr Sctlr => new(Read(SystemRegister.SctlrEl1));

    private ulong Read(SystemRegister register) => Operations!.ReadSystemRegister(register);
}
