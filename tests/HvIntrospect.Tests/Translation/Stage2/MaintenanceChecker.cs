using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using HvIntrospect.Translation;
using HvIntrospect.Translation.Stage2;

namespace HvIntrospect.Tests.Translation.Stage2;

/// <summary>
/// A walker that caches everything at any moment: it sees each descriptor write and each operation, keeps what a TLB may still hold, and
/// complains about a change without break-before-make, a translation made anew before the old one is gone, and one left behind.
/// </summary>
internal sealed class MaintenanceChecker
{
    private const ulong ChangeableInPlace = Stage2Format.AccessMask | Stage2Format.AccessFlag;

    private readonly TestPhysicalMemory _memory;
    private readonly RecordingEl2Operations _operations;
    private readonly Stage2Geometry _geometry;
    private readonly List<Stale> _stale = [];
    private ulong _vttbr;

    public MaintenanceChecker(TestPhysicalMemory memory, RecordingEl2Operations operations, Stage2Geometry geometry, ulong vttbr)
    {
        _memory = memory;
        _operations = operations;
        _geometry = geometry;
        _vttbr = vttbr;
        Root = vttbr & 0xFFFF_FFFF_FFFE;
        Vmid = vttbr >> 48;
        memory.Writing += OnWriting;
        operations.Issued += OnIssued;
    }

    private enum Stage
    {
        Written,
        Published,
        Invalidated,
        InvalidatedAndDone,
        Stage1Invalidated,
    }

    public ulong Root { get; }

    public ulong Vmid { get; }

    /// <summary>Gets the number of by-address invalidations that removed nothing.</summary>
    public int Needless { get; private set; }

    public List<string> Complaints { get; } = [];

    /// <summary>Gets a value indicating whether maintenance may act on other VMIDs too, for which there are checkers of their own.</summary>
    public bool IsOneOfSeveral { get; init; }

    /// <summary>Ends the checks: the tables are gone, and their pages may be anything.</summary>
    public void Detach()
    {
        _memory.Writing -= OnWriting;
        _operations.Issued -= OnIssued;
    }

    /// <summary>Called at the end of an operation: nothing may be left behind.</summary>
    public void CheckDone()
    {
        foreach (Stale left in _stale)
        {
            Complaints.Add($"0x{left.Ipa:x}+0x{left.Size:x} may still be in a TLB");
        }

        _stale.Clear();
    }

    private void OnWriting(ulong slot, ulong before, ulong after)
    {
        if (before == after || !TryFind(Root, _geometry.StartLevel, 0, slot, out int level, out ulong ipa))
        {
            return;
        }

        ulong size = 1UL << _geometry.Granule.BlockSizeLog2(level);
        bool wasValid = (before & 1) != 0;
        bool isValid = (after & 1) != 0;
        if (wasValid && isValid)
        {
            bool isTable = level < 3 && (before & 2) != 0;
            if (isTable || ((before ^ after) & ~ChangeableInPlace) != 0)
            {
                Complaints.Add($"0x{before:x} became 0x{after:x} without break-before-make");
            }
        }

        if (isValid && !wasValid && _stale.FirstOrDefault(old => old.Ipa < ipa + size && ipa < old.Ipa + old.Size) is { } overlap)
        {
            Complaints.Add($"0x{ipa:x} was made while 0x{overlap.Ipa:x}+0x{overlap.Size:x} may still be in a TLB");
        }

        if (wasValid)
        {
            AddStale(before, level, ipa);
        }
    }

    private void AddStale(ulong descriptor, int level, ulong ipa)
    {
        int shift = _geometry.Granule.BlockSizeLog2(level);
        if (level == 3 || (descriptor & 2) == 0)
        {
            if ((descriptor & (1 << 10)) != 0)
            {
                _stale.Add(new Stale { Ipa = ipa, Size = 1UL << shift, Level = level });
            }

            return;
        }

        // The way to the table may be cached too; any address below it removes it.
        _stale.Add(new Stale { Ipa = ipa, Size = 1UL << shift, Level = level, IsTable = true });
        ulong table = descriptor & 0xFFFF_FFFF_F000;
        for (int i = 0; i < _geometry.Granule.DescriptorsPerTable; i++)
        {
            ulong child = _memory[table + ((ulong)i << 3)];
            if ((child & 1) != 0)
            {
                AddStale(child, level + 1, ipa + ((ulong)i << _geometry.Granule.BlockSizeLog2(level + 1)));
            }
        }
    }

    private void OnIssued(string operation)
    {
        if (operation.StartsWith("VTTBR=", StringComparison.Ordinal))
        {
            _vttbr = ulong.Parse(operation.AsSpan(8), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        }
        else if (operation.StartsWith("Dsb", StringComparison.Ordinal))
        {
            bool full = operation == "Dsb Ish";
            _stale.RemoveAll(old => full && old.Stage == Stage.Stage1Invalidated);
            foreach (Stale old in _stale)
            {
                old.Stage = old.Stage switch
                {
                    Stage.Written => Stage.Published,
                    Stage.Invalidated when full => Stage.InvalidatedAndDone,
                    _ => old.Stage,
                };
            }
        }
        else if (operation.Contains("e1", StringComparison.OrdinalIgnoreCase))
        {
            Invalidate(operation);
        }
    }

    private void Invalidate(string operation)
    {
        if (_vttbr >> 48 != Vmid)
        {
            if (!IsOneOfSeveral)
            {
                Complaints.Add(operation + " acts on another VMID");
            }

            return;
        }

        bool hit = false;
        Reach reach = operation.Contains("pas2", StringComparison.OrdinalIgnoreCase) ? ReachOf(operation) : default;
        foreach (Stale old in _stale)
        {
            if (operation == "Vmalls12E1Is" && old.Stage >= Stage.Published)
            {
                old.Stage = Stage.Stage1Invalidated;
                hit = true;
            }
            else if (operation == "Vmalle1Is" && old.Stage == Stage.InvalidatedAndDone)
            {
                old.Stage = Stage.Stage1Invalidated;
                hit = true;
            }
            else if (reach.Length != 0 && old.Stage == Stage.Published && reach.Has(old))
            {
                old.Stage = Stage.Invalidated;
                hit = true;
            }
        }

        Needless += hit ? 0 : 1;
    }

    /// <summary>Decodes an instruction by IPA; a granule that is not the tables' reaches nothing.</summary>
    private Reach ReachOf(string operation)
    {
        int space = operation.IndexOf(' ', StringComparison.Ordinal);
        ulong operand = ulong.Parse(operation.AsSpan(space + 3), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        bool lastLevel = operation.Contains("2Le1Is", StringComparison.Ordinal);
        int page = _geometry.Granule.SizeLog2;
        int granule = page switch { 12 => 1, 14 => 2, _ => 3 };
        if (operation[0] == 'R')
        {
            ulong pages = (((operand >> 39) & 31) + 1) << ((int)((operand >> 44) & 3) * 5) << 1;
            return new Reach((operand & 0x1F_FFFF_FFFF) << page, (int)(operand >> 46) == granule ? pages << page : 0, (int)(operand >> 37) & 3, lastLevel);
        }

        int hint = (int)(operand >> 44);
        bool isOther = hint != 0 && hint >> 2 != granule;
        return new Reach((operand & 0xFF_FFFF_FFFF) << 12, isOther ? 0UL : 1, hint & 3, lastLevel);
    }

    /// <summary>Finds which IPA a slot translates; tables that nothing points to are not found.</summary>
    private bool TryFind(ulong table, int level, ulong tableIpa, ulong slot, out int slotLevel, out ulong ipa)
    {
        TranslationGranule granule = _geometry.Granule;
        int count = table == Root ? _geometry.RootSize / 8 : granule.DescriptorsPerTable;
        int shift = granule.BlockSizeLog2(level);
        slotLevel = level;
        ipa = tableIpa + ((slot - table) >> 3 << shift);
        if (slot - table < (ulong)count * 8)
        {
            return true;
        }

        for (int i = 0; i < count && level < 3; i++)
        {
            ulong descriptor = _memory[table + ((ulong)i << 3)];
            if ((descriptor & 3) == 3
                && TryFind(descriptor & 0xFFFF_FFFF_F000, level + 1, tableIpa + ((ulong)i << shift), slot, out slotLevel, out ipa))
            {
                return true;
            }
        }

        return false;
    }

    private readonly record struct Reach(ulong First, ulong Length, int Hint, bool LastLevelOnly)
    {
        /// <summary>Entries of tables stay with the forms for the last level, and need not go where a level is named.</summary>
        public bool Has(Stale stale) => First < stale.Ipa + stale.Size && stale.Ipa < First + Length
            && !(stale.IsTable && (LastLevelOnly || Hint != 0)) && (Hint == 0 || Hint == stale.Level);
    }

    private sealed class Stale
    {
        public ulong Ipa { get; init; }

        public ulong Size { get; init; }

        public int Level { get; init; }

        public bool IsTable { get; init; }

        public Stage Stage { get; set; }
    }
}
