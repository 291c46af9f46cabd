using System;
using System.Globalization;
using HvIntrospect.Registers;

namespace HvIntrospect.Translation.Stage2;

/// <summary>Builds and changes the Stage 2 tables of one VM, in physical memory, as the hardware walker reads them.</summary>
/// <remarks>
/// <para>Arm Architecture Reference Manual (DDI 0487), "Using break-before-make when updating translation table entries". Every operation
/// prepares first: it takes all pages it needs and fills them while nothing points to them. Then it commits: descriptors whose size,
/// output address, memory type or shareability change are made invalid, the TLBs are invalidated in one batch, and only then the new
/// descriptors are written. A change of permissions or of AF alone is written in place and followed by the same batch. Where nothing was
/// valid before, no TLB entry can exist and none is invalidated.</para>
/// <para>On failure: an exception of the argument family or a <see cref="Stage2Exception"/> leaves tables and pages as they were. When the
/// maintenance capability or physical memory fails while a change is committed, the object is faulted: later calls throw
/// <see cref="InvalidOperationException"/>, and <see cref="Dispose"/> gives the pages back.</para>
/// <para>Not thread-safe. A walk on another thread may see a range that is being split or merged as unmapped for a moment.
/// No managed memory is allocated once the largest change has been made.</para>
/// </remarks>
public sealed class Stage2Tables : IDisposable
{
    private readonly Stage2Tree _tree;
    private readonly TreeEdit _edit;
    private readonly PageMapper _mapper;
    private readonly ulong _pageSize;
    private readonly int _inputBits;
    private readonly int _outputBits;
    private readonly Stage2Maintenance _maintenance;
    private readonly Stage2Caches? _caches;
    private readonly Stage2CoreFeatures _cores;
    private readonly FoundPages _found = new();
    private readonly ViewTrees _views = new();
    private bool _isFaulted;
    private bool _isDisposed;

    /// <summary>Takes the root tables and clears them.</summary>
    /// <param name="memory">Physical memory.</param>
    /// <param name="pages">Where table pages come from.</param>
    /// <param name="geometry">The shape of the tables.</param>
    /// <param name="vmid">The VMID; at most 255 unless the geometry has wide VMIDs. No other live tables may have it.</param>
    /// <param name="operations">What issues barriers and TLB maintenance.</param>
    /// <param name="cores">What all cores implement that use the tables; null for what every core does.</param>
    /// <param name="maintainsCaches">
    /// True to maintain the caches for Normal memory that a guest is given, loses or may newly execute, one instruction for each line. False where the embedder does that, or its memory needs none: then
    /// it cleans memory to the Point of Coherency before it maps it (without HCR_EL2.FWB), makes written code visible to fetches, and cleans and invalidates what it reads after an unmap.
    /// </param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="vmid"/> is too large.</exception>
    /// <exception cref="Stage2Exception">There are no pages for the root, or they are not in memory; nothing was taken.</exception>
    public Stage2Tables(IPhysicalMemory memory, ITablePages pages, Stage2Geometry geometry, ushort vmid, IEl2Operations operations, Stage2CoreFeatures? cores = null, bool maintainsCaches = false)
    {
        _ = memory ?? throw new ArgumentNullException(nameof(memory));
        _ = pages ?? throw new ArgumentNullException(nameof(pages));
        Geometry = geometry ?? throw new ArgumentNullException(nameof(geometry));
        _ = operations ?? throw new ArgumentNullException(nameof(operations));
        if (vmid > byte.MaxValue && !geometry.HasWideVmid)
        {
            throw new ArgumentOutOfRangeException(nameof(vmid), vmid, "A VMID is at most 255 unless the geometry has 16-bit VMIDs.");
        }

        _tree = new Stage2Tree(memory, pages, geometry);
        _edit = new TreeEdit(_tree);
        _mapper = new PageMapper(_tree);
        _pageSize = geometry.Granule.Size;
        _inputBits = geometry.InputBits;
        _outputBits = geometry.OutputBits;
        Vttbr = geometry.CreateVttbr(new Pa(_tree.Root), vmid);
        Walker = new Stage2Walker(memory, geometry, Vttbr);
        _cores = cores ?? Stage2CoreFeatures.Armv8_0;
        _maintenance = new Stage2Maintenance(operations, geometry, _cores, Vttbr);
        _caches = maintainsCaches ? new Stage2Caches(operations, geometry, _cores) : null;
    }

    /// <summary>Gets the shape of the tables.</summary>
    public Stage2Geometry Geometry { get; }

    /// <summary>Gets the value for VTCR_EL2.</summary>
    public Vtcr Vtcr => Geometry.Vtcr;

    /// <summary>Gets the value for VTTBR_EL2.</summary>
    public Vttbr Vttbr { get; }

    /// <summary>Gets a walker of these tables.</summary>
    public Stage2Walker Walker { get; }

    /// <summary>Gets the memory that the tables take, in bytes: a multiple of the granule's size.</summary>
    public ulong MemoryUse => (ulong)_tree.Pages.Count << Geometry.Granule.SizeLog2;

    /// <summary>Maps an unmapped range with the largest blocks that fit.</summary>
    /// <param name="range">Intermediate physical addresses, aligned to the granule.</param>
    /// <param name="target">The physical address of the first byte, aligned to the granule.</param>
    /// <param name="attributes">The attributes of every block and page.</param>
    /// <param name="firstLevel">The first level at which a block may be made, 0 to 3; 3 makes pages only.</param>
    /// <param name="isContiguous">True to set the Contiguous bit where a whole aligned run of blocks or pages is mapped by this call.</param>
    /// <exception cref="ArgumentException">Something is not aligned, beyond the address sizes, or already mapped; or the attributes do not fit the geometry. On failure: unchanged.</exception>
    /// <exception cref="Stage2Exception">There are not enough table pages. On failure: unchanged.</exception>
    /// <exception cref="InvalidOperationException">The object is faulted.</exception>
    public void Map(IpaRange range, Pa target, Stage2Attributes attributes, int firstLevel = 0, bool isContiguous = false)
    {
        if (!TryMapPage(range, target, attributes, firstLevel))
        {
            MapAll(range, target, attributes, firstLevel, isContiguous, null);
        }
    }

    /// <summary>Reads what a range maps, by blocks and pages or by the ranges that they make.</summary>
    /// <param name="range">Intermediate physical addresses, aligned to the granule.</param>
    /// <returns>A reader that allocates nothing. It sees each change of the tables when it gets there.</returns>
    /// <exception cref="ArgumentException">The range is not aligned or beyond the address size.</exception>
    public Stage2TableReader Read(IpaRange range)
    {
        CheckRange(range);
        return new Stage2TableReader(Walker, range, long.MaxValue);
    }

    /// <summary>Unmaps a range and gives back the tables that become empty. Parts that are not mapped are left alone.</summary>
    /// <param name="range">Intermediate physical addresses, aligned to the granule.</param>
    /// <exception cref="ArgumentException">The range is not aligned or beyond the address size. On failure: unchanged.</exception>
    /// <exception cref="Stage2Exception">A block had to be split and there are not enough table pages. On failure: unchanged.</exception>
    /// <exception cref="InvalidOperationException">The object is faulted.</exception>
    public void Unmap(IpaRange range) => Change(range, TableChange.Unmap);

    /// <summary>Sets what is permitted in a range. Parts that are not mapped are left alone; blocks at the ends are split where needed.</summary>
    /// <param name="range">Intermediate physical addresses, aligned to the granule.</param>
    /// <param name="access">What is permitted from now on.</param>
    /// <exception cref="ArgumentException">The range is not aligned or beyond the address size, or execution at one Exception level alone is permitted without FEAT_XNX. On failure: unchanged.</exception>
    /// <exception cref="Stage2Exception">A block had to be split and there are not enough table pages. On failure: unchanged.</exception>
    /// <exception cref="InvalidOperationException">The object is faulted.</exception>
    public void Protect(IpaRange range, Stage2Access access) => ProtectGuarded(range, access, null);

    /// <summary>Sets all attributes in a range, by break-before-make where memory type or shareability change. Parts that are not mapped are left alone.</summary>
    /// <param name="range">Intermediate physical addresses, aligned to the granule.</param>
    /// <param name="attributes">The attributes from now on. Without DBM, what is logged stays logged and keeps what the log knows; with DBM, it is logged, and written when writes are permitted.</param>
    /// <exception cref="ArgumentException">The range is not aligned or beyond the address size, or the attributes do not fit the geometry. On failure: unchanged.</exception>
    /// <exception cref="Stage2Exception">A block had to be split and there are not enough table pages. On failure: unchanged.</exception>
    /// <exception cref="InvalidOperationException">The object is faulted.</exception>
    public void SetAttributes(IpaRange range, Stage2Attributes attributes) => SetAttributesGuarded(range, attributes, null);

    /// <summary>Backs a range by other physical memory, by break-before-make; attributes stay. Parts that are not mapped are left alone.</summary>
    /// <remarks>Blocks and contiguous runs to which the new addresses are not aligned become smaller.</remarks>
    /// <param name="range">Intermediate physical addresses, aligned to the granule.</param>
    /// <param name="target">The physical address of the first byte, aligned to the granule.</param>
    /// <exception cref="ArgumentException">Something is not aligned or beyond the address sizes. On failure: unchanged.</exception>
    /// <exception cref="Stage2Exception">A block had to be split and there are not enough table pages. On failure: unchanged.</exception>
    /// <exception cref="InvalidOperationException">The object is faulted.</exception>
    public void Remap(IpaRange range, Pa target)
    {
        CheckRange(range);
        CheckTarget(target, range);
        Change(range, TableChange.Remap(Geometry.Format, unchecked(target.Value - range.Start.Value)));
    }

    /// <summary>Starts to log writes to a range, or starts anew: all that is mapped there is clean.</summary>
    /// <remarks>
    /// Where the geometry has HAFDBS, hardware notes the first write to each block or page; otherwise that write is a Permission fault, and
    /// <see cref="TryMarkWritten"/> notes it. The unit is the block or page: <see cref="Split"/> the range first where pages are wanted.
    /// A view's own tables tell no hardware of the log: there, each first write is that fault, and what notes it notes it for all views.
    /// A log goes on whatever <see cref="Protect"/> and <see cref="SetAttributes"/> permit or deny meanwhile; unmapped memory and what is mapped later is not logged.
    /// </remarks>
    /// <param name="range">Intermediate physical addresses, aligned to the granule.</param>
    /// <exception cref="ArgumentException">The range is not aligned or beyond the address size. On failure: unchanged.</exception>
    /// <exception cref="Stage2Exception">A block had to be split and there are not enough table pages. On failure: unchanged.</exception>
    /// <exception cref="InvalidOperationException">The object is faulted.</exception>
    public void StartLog(IpaRange range) => Change(range, TableChange.Log);

    /// <summary>Ends the log of a range: what permits writes does so without a fault again.</summary>
    /// <param name="range">Intermediate physical addresses, aligned to the granule.</param>
    /// <exception cref="ArgumentException">The range is not aligned or beyond the address size. On failure: unchanged.</exception>
    /// <exception cref="Stage2Exception">A block had to be split and there are not enough table pages. On failure: unchanged.</exception>
    /// <exception cref="InvalidOperationException">The object is faulted.</exception>
    public void StopLog(IpaRange range) => Change(range, TableChange.StopLog);

    /// <summary>Gets the pages of a range that were written since they were last clean, and makes them clean. A write during the call is in its result or in the next one's.</summary>
    /// <param name="range">Intermediate physical addresses, aligned to the granule. What is not mapped or not logged is never written.</param>
    /// <param name="bitmap">Receives page i of the range as bit i % 64 of item i / 64; overwritten as far as the range needs it. A page is one of the granule's size.</param>
    /// <returns>The number of written pages.</returns>
    /// <exception cref="ArgumentException">The range is not aligned, beyond the address size or of more than 2^31 - 1 pages, or <paramref name="bitmap"/> is shorter than one bit for each page. On failure: unchanged.</exception>
    /// <exception cref="Stage2Exception">A block that was written had to be split and there are not enough table pages. On failure: unchanged.</exception>
    /// <exception cref="InvalidOperationException">The object is faulted.</exception>
    public int CollectWritten(IpaRange range, Span<ulong> bitmap) => Collect(range, TableChange.CollectWritten, bitmap);

    /// <summary>Ages a range: gets the pages that have AF set, and clears it. Accesses that went through a view's own tables do not count.</summary>
    /// <param name="range">Intermediate physical addresses, aligned to the granule.</param>
    /// <param name="bitmap">Receives page i of the range as bit i % 64 of item i / 64; overwritten as far as the range needs it. A page is one of the granule's size.</param>
    /// <returns>The number of pages that had AF set.</returns>
    /// <exception cref="ArgumentException">The range is not aligned, beyond the address size or of more than 2^31 - 1 pages, or <paramref name="bitmap"/> is shorter than one bit for each page. On failure: unchanged.</exception>
    /// <exception cref="Stage2Exception">A block had to be split and there are not enough table pages. On failure: unchanged.</exception>
    /// <exception cref="InvalidOperationException">The object is faulted.</exception>
    public int CollectAccessed(IpaRange range, Span<ulong> bitmap) => Collect(range, TableChange.CollectAccessed, bitmap);

    /// <summary>Notes a write to a logged block or page, so that it permits writes: the answer to the Permission fault of the first one.</summary>
    /// <param name="address">The IPA of the write.</param>
    /// <returns>False where nothing is mapped, or what is mapped is not logged or denies writes; nothing was changed.</returns>
    /// <exception cref="InvalidOperationException">The object is faulted.</exception>
    public bool TryMarkWritten(Ipa address) => TryMark(address, TableChange.MarkWritten);

    /// <summary>Sets AF of a block or page: the answer to an Access flag fault. With AF = 0 it was in no TLB, so that none is invalidated.</summary>
    /// <param name="address">The IPA of the access.</param>
    /// <returns>False where nothing is mapped; nothing was changed.</returns>
    /// <exception cref="InvalidOperationException">The object is faulted.</exception>
    public bool TryMarkAccessed(Ipa address) => TryMark(address, TableChange.MarkAccessed);

    /// <summary>Splits the blocks of a range into pages, ahead of changes that shall need no table page.</summary>
    /// <param name="range">Intermediate physical addresses, aligned to the granule.</param>
    /// <exception cref="ArgumentException">The range is not aligned or beyond the address size. On failure: unchanged.</exception>
    /// <exception cref="Stage2Exception">There are not enough table pages. On failure: unchanged.</exception>
    /// <exception cref="InvalidOperationException">The object is faulted.</exception>
    public void Split(IpaRange range) => Change(range, TableChange.Split(Geometry.Granule));

    /// <summary>Turns tables that touch a range back into blocks where all of their descriptors are uniform. It needs no table page.</summary>
    /// <param name="range">Intermediate physical addresses, aligned to the granule.</param>
    /// <param name="onlySplitBlocks">True to merge only what a split made of a block; false to merge also what was mapped by smaller pieces.</param>
    /// <exception cref="ArgumentException">The range is not aligned or beyond the address size. On failure: unchanged.</exception>
    /// <exception cref="InvalidOperationException">The object is faulted.</exception>
    public void Merge(IpaRange range, bool onlySplitBlocks = false)
    {
        CheckRange(range);
        CheckUsable();
        _edit.PrepareMerge(range, onlySplitBlocks);
        if (_edit.HasPending)
        {
            _views.Prepare(_edit);
            Commit(range, TableChange.None);
        }
    }

    /// <summary>Makes the tables empty, invalidates the VMID and gives all pages back. No vCPU may run on the tables.</summary>
    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        _maintenance.Reset();
        _maintenance.AddEverything();
        _tree.Dispose(_maintenance);
    }

    /// <summary>Maps as <see cref="Map"/>, with less where guards deny some of it.</summary>
    internal void MapGuarded(IpaRange range, Pa target, Stage2Attributes attributes, int firstLevel, bool isContiguous, Denials? denials)
    {
        if (denials is null)
        {
            Map(range, target, attributes, firstLevel, isContiguous);
        }
        else
        {
            MapAll(range, target, attributes, firstLevel, isContiguous, denials);
        }
    }

    /// <summary>Sets what is permitted as <see cref="Protect"/>, and less where guards deny some of it.</summary>
    internal void ProtectGuarded(IpaRange range, Stage2Access access, Denials? denials)
    {
        CheckAccess(access);
        Change(range, TableChange.SetAccess(access, denials));
    }

    /// <summary>Sets all attributes as <see cref="SetAttributes"/>, and less access where guards deny some of it.</summary>
    internal void SetAttributesGuarded(IpaRange range, Stage2Attributes attributes, Denials? denials)
    {
        Geometry.Format.Check(attributes, nameof(attributes));
        Change(range, TableChange.SetAttributes(Geometry.Format, attributes, denials));
    }

    /// <summary>Tells where a translation leads, or how far the hole around it reaches.</summary>
    internal Stage2MappingInfo Describe(Ipa address, in Stage2Translation translation)
    {
        if (translation.IsMapped)
        {
            return new Stage2MappingInfo(
                new IpaRange(address.AlignDown(translation.Size), translation.Size), translation.Attributes.Permitted, translation.Pa.AlignDown(translation.Size));
        }

        IpaRange hole = address.Value >> Geometry.InputBits != 0
            ? new IpaRange(address, ulong.MaxValue - address.Value + 1)
            : new IpaRange(address.AlignDown(translation.DescriptorSpan), translation.DescriptorSpan);
        return translation.IsInTransition ? Stage2MappingInfo.InTransition(hole) : new Stage2MappingInfo(hole, Stage2Access.None);
    }

    /// <summary>Logs what is mapped in a range and not logged yet, as <see cref="StartLog"/> does, and leaves what is as it is.</summary>
    internal void ContinueLog(IpaRange range) => Change(range, TableChange.ContinueLog);

    /// <summary>Makes a view that shares all tables with these.</summary>
    /// <exception cref="Stage2Exception">There are no pages for the root. On failure: unchanged.</exception>
    /// <exception cref="InvalidOperationException">The object is faulted.</exception>
    internal ViewTree CreateView(ITablePages pages, ushort vmid, IEl2Operations operations)
    {
        CheckUsable();
        var view = new ViewTree(_tree, pages, vmid, operations, _cores);
        _views.Add(view);
        return view;
    }

    /// <summary>Invalidates the VMID of a view and gives its pages back. No vCPU may run on it.</summary>
    internal void RemoveView(ViewTree view)
    {
        _views.Remove(view);
        Stage2Caches? caches = _isFaulted ? null : _caches;
        if (caches is not null)
        {
            caches.Begin();
            NoteMemory(view.Walker.Input, new CachePass(_tree, TableChange.Unmap, caches, view));
        }

        view.Dispose();
        caches?.CompleteTaken();
    }

    /// <summary>Changes what is overridden in a view.</summary>
    /// <param name="view">The view.</param>
    /// <param name="range">Intermediate physical addresses, aligned to the granule.</param>
    /// <param name="change">Makes the new override of each old one in the range.</param>
    /// <exception cref="ArgumentException">The range is not aligned or beyond the address size. On failure: unchanged.</exception>
    /// <exception cref="Stage2Exception">There are not enough table pages. On failure: unchanged.</exception>
    /// <exception cref="InvalidOperationException">The object is faulted.</exception>
    internal void Override(ViewTree view, IpaRange range, Func<PageOverride, PageOverride> change)
    {
        CheckRange(range);
        CheckUsable();
        view.PrepareOverrides(range, view.Overrides.With(range.Start.Value, range.Last.Value, change));
        _isFaulted = true;
        if (_caches is not null)
        {
            _caches.Begin();
            NoteMemory(range, new CachePass(_tree, TableChange.None, _caches, view));
            _caches.CompleteGiven();
        }

        view.Break();
        view.Invalidate();
        _caches?.CompleteTaken();
        if (view.HasToMake)
        {
            view.Make();
            _maintenance.Publish();
        }

        _isFaulted = false;
        view.Finish();
    }

    private static string Hex(ulong value) => "0x" + value.ToString("x", CultureInfo.InvariantCulture);

    /// <summary>Throws where a descriptor cannot permit something.</summary>
    /// <exception cref="ArgumentException">It permits execution at one Exception level alone, and there is no FEAT_XNX.</exception>
    internal void CheckAccess(Stage2Access access)
    {
        if (!Geometry.Format.LeafFields.AllowsAccess(access))
        {
            throw new ArgumentException("Execution at one Exception level alone needs FEAT_XNX, which the geometry does not have.", nameof(access));
        }
    }

    private void CheckRange(IpaRange range)
    {
        if (range.Length == 0 || ((range.Start.Value | range.Length) & (Geometry.Granule.Size - 1)) != 0 || range.Last.Value >> Geometry.InputBits != 0)
        {
            throw BadRange(range);
        }
    }

    private void CheckTarget(Pa target, IpaRange range)
    {
        ulong end = 1UL << Geometry.OutputBits;
        if (target.OffsetIn(Geometry.Granule.Size) != 0 || target.Value >= end || range.Length > end - target.Value)
        {
            throw BadTarget(target);
        }
    }

    // The texts of errors are made apart: they would keep what they name out of registers where nothing is wrong.
    private ArgumentException BadRange(IpaRange range) => range.Length == 0 || ((range.Start.Value | range.Length) & (Geometry.Granule.Size - 1)) != 0
        ? new ArgumentException("The range " + range + " is empty or not aligned to " + Hex(Geometry.Granule.Size) + ".", nameof(range))
        : new ArgumentOutOfRangeException(
            nameof(range), range, "The range ends at or below " + Hex(1UL << Geometry.InputBits) + ", the end of intermediate physical addresses.");

    private ArgumentException BadTarget(Pa target) => target.OffsetIn(Geometry.Granule.Size) != 0
        ? new ArgumentException("The physical address " + target + " is not a multiple of " + Hex(Geometry.Granule.Size) + ".", nameof(target))
        : new ArgumentOutOfRangeException(
            nameof(target), target, "The mapped memory ends at or below " + Hex(1UL << Geometry.OutputBits) + ", the end of physical addresses.");

    private void CheckUsable()
    {
        if (_isDisposed || _isFaulted)
        {
            throw _isDisposed
                ? new ObjectDisposedException(nameof(Stage2Tables))
                : new InvalidOperationException("An earlier change failed while it was committed: the tables are in an unknown state.");
        }
    }

    private void Change(IpaRange range, in TableChange change)
    {
        CheckRange(range);
        CheckUsable();
        _edit.PrepareChange(range, change);
        _views.Prepare(_edit);
        Commit(range, change);
    }

    private int Collect(IpaRange range, in TableChange change, Span<ulong> bitmap)
    {
        CheckRange(range);
        CheckUsable();
        if (range.Length >> Geometry.Granule.SizeLog2 > int.MaxValue)
        {
            throw new ArgumentOutOfRangeException(nameof(range), range, "At most 2^31 - 1 pages are collected at a time.");
        }

        ulong words = FoundPages.WordsOf(range, Geometry.Granule.SizeLog2);
        if ((ulong)bitmap.Length < words)
        {
            throw new ArgumentException("The range needs " + words.ToString(CultureInfo.InvariantCulture) + " words of 64 pages each.", nameof(bitmap));
        }

        _found.Begin(range, Geometry.Granule.SizeLog2);
        _edit.PrepareChange(range, change);
        _views.Prepare(_edit);
        Commit(range, change);
        _found.CopyTo(bitmap);
        return _found.Count;
    }

    private bool TryMark(Ipa address, in TableChange change)
    {
        CheckUsable();
        if (address.Value >> Geometry.InputBits != 0)
        {
            return false;
        }

        Stage2Translation found = Walker.Walk(address);
        if (!found.IsMapped || !change.CanMark(found.Descriptor))
        {
            return false;
        }

        // A run of contiguous leaves is one, as it is where hardware notes the access.
        ulong size = found.Attributes.IsContiguous ? found.Size << Geometry.Format.ContiguousLog2(found.Level) : found.Size;
        Change(new IpaRange(address.AlignDown(size), size), change);
        return true;
    }

    /// <summary>Maps a page where nothing else is to be done: no table is made, nothing is refused, nobody else is told.</summary>
    private bool TryMapPage(IpaRange range, Pa target, Stage2Attributes attributes, int firstLevel)
    {
        ulong ipa = range.Start.Value;
        ulong misaligned = (ipa | target.Value) & (_pageSize - 1);
        bool isPlain = range.Length == _pageSize && misaligned == 0 && (ipa >> _inputBits | target.Value >> _outputBits) == 0
            && (uint)firstLevel <= TranslationGranule.LastLevel && !_isFaulted && !_isDisposed && _caches is null && _views.IsEmpty;
        if (!isPlain || !_mapper.TryMap(ipa, target.Value, attributes))
        {
            return false;
        }

        _isFaulted = true;
        _maintenance.Publish();
        _isFaulted = false;
        return true;
    }

    private void MapAll(IpaRange range, Pa target, Stage2Attributes attributes, int firstLevel, bool isContiguous, Denials? denials)
    {
        CheckRange(range);
        CheckTarget(target, range);
        if (firstLevel is < 0 or > TranslationGranule.LastLevel)
        {
            throw new ArgumentOutOfRangeException(nameof(firstLevel), firstLevel, "The first level with blocks is 0 to 3.");
        }

        Geometry.Format.Check(attributes, nameof(attributes));
        CheckUsable();
        _mapper.Use(attributes);
        var mapping = new TableMapping(Geometry, unchecked(target.Value - range.Start.Value), attributes, firstLevel, isContiguous, denials);
        _edit.PrepareMap(range, mapping);
        _views.Prepare(_edit);

        // Nothing was valid where the new descriptors go: there is nothing to break, and no TLB holds anything of it.
        _isFaulted = true;
        if (_caches is not null)
        {
            Give(range, mapping, _caches);
        }

        _edit.Make();
        _views.Break();
        _views.Make();
        _maintenance.Publish();
        _isFaulted = false;
        Finish();
    }

    private void Give(IpaRange range, in TableMapping mapping, Stage2Caches caches)
    {
        caches.Begin();
        ulong last;
        for (ulong at = range.Start.Value; ; at = last + 1)
        {
            last = Math.Min(mapping.LastAlike(at), range.Last.Value);
            ulong leaf = mapping.Descriptor(at, TranslationGranule.LastLevel);
            caches.Replace(default, MappedMemory.Of(Geometry.Format, leaf, 0, last - at + 1));
            _views.NoteMemory(caches, 0, leaf, at, at, last);
            if (last == range.Last.Value)
            {
                break;
            }
        }

        caches.CompleteGiven();
    }

    /// <summary>Breaks, invalidates and makes. Whatever fails in here leaves the object faulted.</summary>
    private void Commit(IpaRange range, in TableChange change)
    {
        _isFaulted = true;
        _mapper.Forget();
        _caches?.Begin();
        if (_caches is not null && change.ChangesLeaves)
        {
            NoteMemory(range, new CachePass(_tree, change, _caches, _views));
            _caches.CompleteGiven();
        }

        _maintenance.Reset();
        _edit.Break(change, _maintenance, _found);
        _views.Break();
        _views.Invalidate(Vttbr, _maintenance);
        _caches?.CompleteTaken();
        if (_edit.HasToMake || _views.HaveToMake)
        {
            _edit.Make();
            _views.Make();
            _maintenance.Publish();
        }

        _isFaulted = false;
        Finish();
    }

    private void NoteMemory(IpaRange range, CachePass pass)
    {
        TableWindow window = _tree.Open();
        _tree.Visit(ref window, range, ref pass);
    }

    private void Finish()
    {
        _edit.Finish();
        _views.Finish();
    }
}
