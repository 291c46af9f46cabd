using System.Collections.Generic;
using HvIntrospect.Registers;
using HvIntrospect.Translation;

namespace HvIntrospect.Interpreter.Checking;

/// <summary>The rules about memory that EL2 writes through its cache before it gives it to a guest: one that reads without the cache finds it in memory only after a clean, one that executes needs both caches maintained.</summary>
/// <remarks>
/// <para>Arm Architecture Reference Manual (DDI 0487), "Mismatched memory attributes", "Synchronization and coherency issues between data and instruction accesses".</para>
/// <para>Only what a guest could not reach when it was written is followed, up to the first entry of a guest that can: from then on maintenance is the guest's own business. And only a guest of which it is
/// certain that it reads without the cache is found: by Stage 2, or because its own Stage 1 or its cache is off.</para>
/// </remarks>
internal sealed class DataRules
{
    // Of 4 MB; what is written beyond that, and not yet given away, is not followed.
    private const int MostLines = 1 << 16;
    private const ulong PageMask = ~0xFFFUL;

    private readonly CheckedSystem _system;
    private readonly TableRules _tables;
    private readonly SortedDictionary<ulong, WrittenLine> _lines = [];
    private readonly List<WrittenLine> _finished = [];
    private (TableTree? Tree, int Version, int Writes) _checked;
    private int _writes;

    /// <summary>Initialises the rules.</summary>
    /// <param name="system">The cores.</param>
    /// <param name="tables">Tells what guests can reach.</param>
    public DataRules(CheckedSystem system, TableRules tables)
    {
        _system = system;
        _tables = tables;
    }

    /// <summary>Follows a write of EL2 to memory of guests.</summary>
    /// <param name="address">The physical address of the first byte.</param>
    /// <param name="length">The number of bytes.</param>
    public void FollowWrite(Pa address, int length)
    {
        _writes++;
        ulong page = ulong.MaxValue;
        LeafReach reach = LeafReach.None;
        for (ulong line = address.Value & ~(WrittenLine.Size - 1); line < address.Value + (ulong)length; line += WrittenLine.Size)
        {
            if (page != (line & PageMask))
            {
                page = line & PageMask;
                reach = ReachOf(page);
            }

            _lines.Remove(line);
            var written = new WrittenLine(line, (reach & LeafReach.Mapped) == 0, (reach & LeafReach.Executable) == 0, _system.NeedsDataCacheClean);
            if (!written.IsDone && _lines.Count < MostLines)
            {
                _lines.Add(line, written);
            }
        }
    }

    /// <summary>Follows a DC.</summary>
    /// <param name="core">The core.</param>
    /// <param name="operation">The instruction.</param>
    /// <param name="address">The address.</param>
    public void Follow(int core, DataCacheOperation operation, Pa address)
    {
        if (_lines.TryGetValue(address.Value & ~(WrittenLine.Size - 1), out WrittenLine? line))
        {
            line.Clean(core, operation);
        }
    }

    /// <summary>Follows an IC.</summary>
    /// <param name="core">The core.</param>
    /// <param name="operation">The instruction.</param>
    /// <param name="address">The address of one by address.</param>
    public void Follow(int core, InstructionCacheOperation operation, Pa address)
    {
        foreach (WrittenLine line in _lines.Values)
        {
            line.Invalidate(core, operation, address.Value, _system.HasOneCore);
        }
    }

    /// <summary>Follows a DSB for all accesses of the Inner Shareable domain or wider.</summary>
    /// <param name="core">The core.</param>
    public void FollowDsb(int core)
    {
        foreach (WrittenLine line in _lines.Values)
        {
            line.Synchronize(core, _system.NeedsInstructionCacheInvalidation);
            if (line.IsDone)
            {
                _finished.Add(line);
            }
        }

        Drop();
    }

    /// <summary>A guest is entered: what it can reach from now on must have been maintained.</summary>
    /// <param name="core">The core.</param>
    /// <param name="tree">Its tables.</param>
    public void CheckEntry(int core, TableTree tree)
    {
        (TableTree? Tree, int Version, int Writes) now = (tree, tree.Version, _writes);
        if (_lines.Count == 0 || now == _checked)
        {
            return;
        }

        _checked = now;
        CheckedCore entered = _system.Cores[core];
        Hcr hcr = entered.Hcr;
        bool hasForcedWriteBack = (_system.Features & TranslationFeatures.S2FWB) != 0 && hcr.Has(HcrBits.Fwb);
        bool isUncached = hcr.Has(HcrBits.Cd) || (!hcr.Has(HcrBits.Dc) && !(entered.Sctlr.Has(SctlrBits.M) && entered.Sctlr.Has(SctlrBits.C)));
        int unread = 0;
        int unfetched = 0;
        string first = string.Empty;
        ulong page = ulong.MaxValue;
        LeafReach reach = LeafReach.None;
        foreach (WrittenLine line in _lines.Values)
        {
            if (page != (line.Address & PageMask))
            {
                page = line.Address & PageMask;
                reach = tree.ReachOf(page, hasForcedWriteBack);
            }

            if ((reach & LeafReach.Mapped) == 0)
            {
                continue;
            }

            _finished.Add(line);
            bool isReadUncached = (reach & LeafReach.Uncached) != 0 || (isUncached && (reach & LeafReach.WriteBack) == 0);
            bool lacksClean = !line.IsInMemory && isReadUncached;
            bool lacksFetch = line.MissingForFetch is not null && (reach & LeafReach.Executable) != 0;
            unread += lacksClean ? 1 : 0;
            unfetched += lacksFetch ? 1 : 0;
            if (first.Length == 0 && (lacksClean || lacksFetch))
            {
                first = $"0x{line.Address:x}{(lacksFetch ? "; missing: " + line.MissingForFetch : string.Empty)}";
            }
        }

        Drop();
        Report(ArchitectureRule.MissingDataCacheClean, unread, "it reads without the cache, and no DC to the Point of Coherency with a DSB was issued");
        Report(ArchitectureRule.MissingExecutionMaintenance, unfetched, "it may execute, and whose new content no maintenance has shown to fetches");

        void Report(ArchitectureRule rule, int count, string why)
        {
            if (count != 0)
            {
                _system.Findings.Add(rule, core, $"the guest was given {count} lines that EL2 had written, which {why}; the first is at {first}");
            }
        }
    }

    private LeafReach ReachOf(ulong page)
    {
        LeafReach reach = LeafReach.None;
        foreach (TableTree tree in _tables.Trees)
        {
            reach |= tree.ReachOf(page);
        }

        return reach;
    }

    private void Drop()
    {
        foreach (WrittenLine line in _finished)
        {
            _lines.Remove(line.Address);
        }

        _finished.Clear();
    }
}
