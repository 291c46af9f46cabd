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
    private const ulong Contiguous = 1UL << 52;

    // S2AP, XN, AF, DBM and the bits that hardware ignores.
    private const ulong ChangeableInPlace = (3UL << 6) | (3UL << 53) | (1UL << 10) | (1UL << 51) | (0xFUL << 55);

    private readonly TestPhysicalMemory _memory;
    private readonly RecordingEl2Operations _operations;
    private readonly Stage2Geometry _geometry;
    private readonly List<Stale> _stale = [];
    private readonly Dictionary<ulong, (int Level, ulong Ipa)> _tables = [];
    private readonly bool _resizes;
    private readonly bool _races;
    private readonly ulong _inPlace;
    private ulong _vttbr;

    public MaintenanceChecker(TestPhysicalMemory memory, RecordingEl2Operations operations, Stage2Geometry geometry, ulong vttbr)
    {
        _memory = memory;
        _operations = operations;
        _geometry = geometry;
        _vttbr = vttbr;
        Root = vttbr & 0xFFFF_FFFF_FFFE;
        Vmid = vttbr >> 48;
        _races = (geometry.Features & TranslationFeatures.HAFDBS) != 0;
        _resizes = (geometry.Features & TranslationFeatures.BBML2) != 0;
        _inPlace = (geometry.Features & (TranslationFeatures.BBML1 | TranslationFeatures.BBML2)) != 0 ? Contiguous : 0;
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
        if (before == after || !TryFind(slot, out int level, out ulong ipa))
        {
            return;
        }

        if (level < 3 && ((before & 3) == 3 || (after & 3) == 3))
        {
            // Which tables are linked is found out anew at the next write.
            _tables.Clear();
        }

        ulong size = 1UL << _geometry.Granule.BlockSizeLog2(level);
        bool wasValid = (before & 1) != 0;
        bool isValid = (after & 1) != 0;
        if (wasValid && isValid)
        {
            bool resizes = level < 3 && ((before ^ after) & 2) != 0;
            bool isTable = level < 3 && (before & 2) != 0;
            ulong changeable = _inPlace | ChangeableInPlace;
            if (resizes ? !_resizes : isTable || ((before ^ after) & ~changeable) != 0)
            {
                Complaints.Add($"0x{before:x} became 0x{after:x} without break-before-make");
            }
        }

        if (isValid && (level == 3 || (after & 2) == 0))
        {
            CheckRun(slot, level, after);
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

    /// <summary>In a run, the Contiguous bit is the same in all that is valid: else a TLB may hold one address twice.</summary>
    private void CheckRun(ulong slot, int level, ulong descriptor)
    {
        int length = (_geometry.Granule.SizeLog2, level) switch { (14, 3) => 128, (12, _) => 16, _ => 32 };
        ulong start = slot & ~(((ulong)length << 3) - 1);
        for (ulong at = start; at < start + ((ulong)length << 3) && _inPlace == 0; at += 8)
        {
            ulong other = _memory[at];
            if (at != slot && (other & 1) != 0 && (level == 3 || (other & 2) == 0) && ((other ^ descriptor) & Contiguous) != 0)
            {
                Complaints.Add($"0x{descriptor:x} was made in a run with 0x{other:x}");
            }
        }
    }

    private void AddStale(ulong descriptor, int level, ulong ipa, bool isBelow = false)
    {
        int shift = _geometry.Granule.BlockSizeLog2(level);
        if (level == 3 || (descriptor & 2) == 0)
        {
            // In a table that is taken off, a walker that manages AF may still set it.
            if ((descriptor & (1 << 10)) != 0 || (isBelow && _races))
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
                AddStale(child, level + 1, ipa + ((ulong)i << _geometry.Granule.BlockSizeLog2(level + 1)), isBelow: true);
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
            int unit = _geometry.HasLargeDescriptors && page < 16 ? 16 : page;
            return new Reach((operand & 0x1F_FFFF_FFFF) << unit, (int)(operand >> 46) == granule ? pages << page : 0, (int)(operand >> 37) & 3, lastLevel);
        }

        int hint = (int)(operand >> 44);
        bool isOther = hint != 0 && hint >> 2 != granule;
        return new Reach((operand & 0xFF_FFFF_FFFF) << 12, isOther ? 0UL : 1, hint & 3, lastLevel);
    }

    /// <summary>Finds which IPA a slot translates; tables that nothing points to are not found.</summary>
    private bool TryFind(ulong slot, out int level, out ulong ipa)
    {
        if (_tables.Count == 0)
        {
            AddTables(Root, _geometry.StartLevel, 0, _geometry.Granule.DescriptorsPerTable * _geometry.RootTables);
        }

        bool isInRoot = slot - Root < (ulong)_geometry.RootTables << _geometry.Granule.SizeLog2;
        ulong table = isInRoot ? Root : slot & ~(_geometry.Granule.Size - 1);
        bool isFound = _tables.TryGetValue(table, out (int Level, ulong Ipa) place);
        level = place.Level;
        ipa = place.Ipa + ((slot - table) >> 3 << _geometry.Granule.BlockSizeLog2(level));
        return isFound;
    }

    private void AddTables(ulong table, int level, ulong tableIpa, int count)
    {
        _tables.Add(table, (level, tableIpa));
        for (int i = 0; i < count && level < 3; i++)
        {
            ulong descriptor = _memory[table + ((ulong)i << 3)];
            if ((descriptor & 3) == 3)
            {
                AddTables(
                    descriptor & 0xFFFF_FFFF_F000, level + 1, tableIpa + ((ulong)i << _geometry.Granule.BlockSizeLog2(level)), _geometry.Granule.DescriptorsPerTable);
            }
        }
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
