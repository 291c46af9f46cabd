using System;
using System.Collections.Generic;
using HvIntrospect.Registers;

namespace HvIntrospect.Interpreter.Checking;

/// <summary>The rules about VMIDs: each stands for one set of tables and, on one core, for one vCPU at a time; and what a guest invalidates is gone from all views of its VM.</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), "Use of ASIDs and VMIDs to reduce TLB maintenance requirements".</remarks>
internal sealed class VmidRules
{
    private readonly CheckedSystem _system;
    private readonly List<ushort[]> _views = [];

    /// <summary>Initialises the rules.</summary>
    /// <param name="system">The cores.</param>
    public VmidRules(CheckedSystem system)
    {
        _system = system;
    }

    /// <summary>Takes note of the views of a VM.</summary>
    /// <param name="vmids">Their VMIDs.</param>
    public void Add(ushort[] vmids) => _views.Add(vmids);

    /// <summary>Follows a TLBI of a guest, which reaches the view in which it runs.</summary>
    /// <param name="core">The core.</param>
    /// <param name="isBroadcast">Whether it reaches the other cores.</param>
    public void FollowGuest(int core, bool isBroadcast)
    {
        CheckedCore issuer = _system.Cores[core];
        ushort vmid = issuer.Vttbr.Vmid;
        foreach (ushort[] views in _views)
        {
            if (Array.IndexOf(views, vmid) < 0)
            {
                continue;
            }

            foreach (ushort other in views)
            {
                if (other != vmid)
                {
                    MarkMissed(other, issuer, isBroadcast);
                }
            }
        }
    }

    /// <summary>Follows a TLBI of EL2.</summary>
    /// <param name="invalidation">The instruction.</param>
    public void Follow(in Invalidation invalidation)
    {
        CheckedCore issuer = _system.Cores[invalidation.Core];

        // Combined entries alone are what the way into a guest invalidates; Stage 2 is what changes of tables do.
        bool isOfStage2 = invalidation.IsByIpa || (invalidation.ReachesStage2 && !invalidation.IsOfEveryVmid);
        if (isOfStage2 && issuer.Guest is Vttbr guest && guest.Vmid != invalidation.Vmid)
        {
            issuer.HasVisited = true;
        }

        if (invalidation.ReachesCombined)
        {
            issuer.Unfinished.Add(invalidation);
        }
    }

    /// <summary>Follows a DSB that completes the TLBIs of a core.</summary>
    /// <param name="core">The core.</param>
    /// <param name="isShareable">Whether it completes them on the other cores too.</param>
    public void Complete(int core, bool isShareable)
    {
        CheckedCore issuer = _system.Cores[core];
        foreach (Invalidation invalidation in issuer.Unfinished)
        {
            foreach (CheckedCore reached in _system.Cores)
            {
                if (reached == issuer || (invalidation.IsBroadcast && isShareable))
                {
                    Forget(reached, invalidation);
                }
            }
        }

        issuer.Unfinished.Clear();
    }

    /// <summary>Checks the VMID with which a guest is entered.</summary>
    /// <param name="core">The core.</param>
    /// <param name="vttbr">Its VTTBR_EL2.</param>
    /// <param name="root">Its root tables, or <see cref="CheckedCore.NoTables"/>.</param>
    public void CheckEntry(int core, Vttbr vttbr, ulong root)
    {
        CheckedCore entered = _system.Cores[core];
        if (entered.Guest is Vttbr guest && guest.Vmid != vttbr.Vmid && entered.HasVisited && !AreViewsOfOne(guest.Vmid, vttbr.Vmid))
        {
            Add(ArchitectureRule.ForeignVttbr, core, $"the guest was entered with VTTBR_EL2 {vttbr}, which maintenance left there; its own is {guest}");
        }

        entered.Guest = vttbr;
        entered.HasVisited = false;
        if (entered.Roots.TryGetValue(vttbr.Vmid, out ulong used) && used != root)
        {
            Add(ArchitectureRule.VmidOfTwoTables, core, $"VMID {vttbr.Vmid} is used with {Text(root)}, and the TLB may have entries of {Text(used)}");
        }

        entered.Roots[vttbr.Vmid] = root;
        CheckVcpu(core, entered, vttbr.Vmid);
        foreach (CheckedCore other in _system.Cores)
        {
            if (other != entered && root != CheckedCore.NoTables && other.Guest is Vttbr theirs && theirs.Vmid == vttbr.Vmid && theirs.Base != vttbr.Base
                && theirs.IsCommonNotPrivate && vttbr.IsCommonNotPrivate)
            {
                Add(ArchitectureRule.CommonNotPrivate, core, $"CnP is 1 in VTTBR_EL2 {vttbr} and in {theirs} of another core, and the tables differ");
            }
        }

        if (entered.Missed.Remove(vttbr.Vmid))
        {
            Add(ArchitectureRule.GuestInvalidationMissesView, core, $"the guest was entered in the view of VMID {vttbr.Vmid}, which a TLBI in another view did not reach");
        }

        static string Text(ulong root) => root == CheckedCore.NoTables ? "Stage 2 off" : $"tables at 0x{root:x}";
    }

    private bool AreViewsOfOne(ushort left, ushort right) => _views.Exists(views => Array.IndexOf(views, left) >= 0 && Array.IndexOf(views, right) >= 0);

    private static void Forget(CheckedCore core, in Invalidation invalidation)
    {
        if (invalidation.IsOfEveryVmid)
        {
            core.Roots.Clear();
            core.Vcpus.Clear();
            core.Missed.Clear();
            return;
        }

        core.Missed.Remove(invalidation.Vmid);
        core.Vcpus.Remove(invalidation.Vmid);
        if (invalidation.ReachesStage2)
        {
            core.Roots.Remove(invalidation.Vmid);
        }
    }

    // Each vCPU has ASIDs of its own choice, and a guest's local TLBI means its own core.
    private void CheckVcpu(int core, CheckedCore entered, ushort vmid)
    {
        if (entered.Vcpu is not int vcpu)
        {
            return;
        }

        if (entered.Vcpus.TryGetValue(vmid, out int before) && before != vcpu)
        {
            Add(
                ArchitectureRule.MissingInvalidationBetweenVcpus, core,
                $"vCPU {vcpu} of VMID {vmid} was entered behind vCPU {before} on the same core, and the TLB may have entries of that one's address spaces");
        }

        entered.Vcpus[vmid] = vcpu;
    }

    private void MarkMissed(ushort vmid, CheckedCore issuer, bool isBroadcast)
    {
        foreach (CheckedCore core in _system.Cores)
        {
            if (core == issuer || isBroadcast)
            {
                core.Missed.Add(vmid);
            }
        }
    }

    private void Add(ArchitectureRule rule, int core, string detail) => _system.Findings.Add(rule, core, detail);
}
