using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using HvIntrospect.Registers;

namespace HvIntrospect.Interpreter.Checking;

/// <summary>The rules about Stage 2 tables: that VTCR_EL2 and VTTBR_EL2 describe some, and that what changes in them is followed by the maintenance that it needs.</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), "TLB maintenance", "Using break-before-make when updating translation table entries".</remarks>
internal sealed class TableRules
{
    private const ushort NarrowVmidMask = 0xFF;
    private readonly CheckedSystem _system;
    private readonly ContextRules _context;
    private readonly Dictionary<(ushort Vmid, ulong Root), TableTree> _trees = [];

    /// <summary>Initialises the rules.</summary>
    /// <param name="system">The cores.</param>
    /// <param name="context">Reports what lasts.</param>
    public TableRules(CheckedSystem system, ContextRules context)
    {
        _system = system;
        _context = context;
    }

    /// <summary>Gets all tables that cores may use.</summary>
    public IEnumerable<TableTree> Trees => _trees.Values;

    /// <summary>Follows a TLBI.</summary>
    /// <param name="invalidation">The instruction.</param>
    public void Follow(in Invalidation invalidation)
    {
        foreach (TableTree tree in _trees.Values)
        {
            tree.Observe(invalidation.Core);
            tree.Follow(invalidation);
        }
    }

    /// <summary>Follows a DSB.</summary>
    /// <param name="core">The core that executes it.</param>
    /// <param name="publishes">Whether walkers of all cores see the writes before it.</param>
    /// <param name="completes">Whether it completes the core's TLBIs.</param>
    public void Follow(int core, bool publishes, bool completes)
    {
        foreach (TableTree tree in _trees.Values)
        {
            tree.Observe(core);
            tree.Follow(core, publishes, completes);
        }
    }

    /// <summary>Drops tables that no core uses any more: they may become anything.</summary>
    public void Forget()
    {
        foreach ((ushort Vmid, ulong Root) key in new List<(ushort Vmid, ulong Root)>(_trees.Keys))
        {
            if (!Array.Exists(_system.Cores, core => core.Guest is Vttbr guest && (guest.Vmid, guest.Base.Value) == key)
                && !Array.Exists(_system.Cores, core => core.Roots.ContainsKey(key.Vmid)))
            {
                _trees.Remove(key);
            }
        }
    }

    /// <summary>A guest is entered with tables.</summary>
    /// <param name="core">The core.</param>
    /// <param name="vttbr">Its VTTBR_EL2.</param>
    /// <param name="vtcr">Its VTCR_EL2.</param>
    /// <param name="tree">The tables.</param>
    /// <returns>False when there are none.</returns>
    public bool TryEnter(int core, Vttbr vttbr, Vtcr vtcr, [NotNullWhen(true)] out TableTree? tree)
    {
        tree = null;
        bool isLegal = TableShape.TryRead(vtcr, _system.Features, out TableShape shape);
        _context.Once(core, ArchitectureRule.IllegalGeometry, !isLegal, $"VTCR_EL2 {vtcr}: every access of the guest is a translation fault");
        if (!isLegal)
        {
            return false;
        }

        ulong root = shape.RootOf(vttbr);
        bool isPresent = (root & (shape.RootAlignment - 1)) == 0 && TableTree.IsPresent(_system.Memory, root, shape.RootEntries);
        bool isNarrow = vtcr.HasWideVmid || vttbr.Vmid <= NarrowVmidMask;
        _context.Once(
            core, ArchitectureRule.IllegalVttbr, !isPresent || !isNarrow,
            isNarrow ? $"VTTBR_EL2 {vttbr} does not point to {shape.RootAlignment} bytes of memory, aligned" : $"VTTBR_EL2 {vttbr} has a VMID above 255, and VTCR_EL2.VS is 0");
        if (!isPresent)
        {
            return false;
        }

        (ushort Vmid, ulong Root) key = (vttbr.Vmid, vttbr.Base.Value);
        if (_trees.TryGetValue(key, out tree))
        {
            tree.Enter(core);
        }
        else
        {
            tree = new TableTree(_system, vttbr.Vmid, root, shape, core);
            _trees.Add(key, tree);
        }

        return true;
    }

    /// <summary>A core goes on in its guest. Its registers are as they were: nothing of them is read, as the core's own thread may be using them.</summary>
    /// <param name="core">The core.</param>
    /// <param name="guest">Its VTTBR_EL2.</param>
    public void Resume(int core, Vttbr guest)
    {
        if (_trees.TryGetValue((guest.Vmid, guest.Base.Value), out TableTree? tree))
        {
            tree.Enter(core);
        }
    }
}
