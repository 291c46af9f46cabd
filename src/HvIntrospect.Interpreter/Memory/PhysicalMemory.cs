using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Threading;
using HvIntrospect.Interpreter.Dispatch;

namespace HvIntrospect.Interpreter.Memory;

/// <summary>The machine's RAM by physical address.</summary>
/// <remarks>
/// <para>Every write that does not come through a vCPU's write TLB passes one door, <see cref="WriteInPage(ulong, ReadOnlySpan{byte})"/> or the compare-exchange beside it, which does for the page's
/// flags what must be done. No span of the guest's RAM is given out, as a write through it would pass the door by.
/// Host addresses are given out for whole pages that lie in a region, so a caller that stays in its page stays in the allocation.</para>
/// <para>Threads: the vCPUs of a machine are executed one at a time. Others may read meanwhile, and write while the vCPUs are paused for a moment; what flags many pages or restores them needs the vCPUs to stand still.</para>
/// </remarks>
internal sealed unsafe class PhysicalMemory : IPhysicalMemory, IDisposable
{
    /// <summary>The unit of the bookkeeping in bytes.</summary>
    public const ulong PageSize = 4096;

    /// <summary>The logarithm of <see cref="PageSize"/>.</summary>
    public const int PageShift = 12;

    private const ulong LargestSpan = 1UL << 30;

    private readonly List<IPageListener> _listeners = [];
    private readonly PauseGate _gate;

    // Held by writers from outside and by whatever changes many flags, so that no write is between its bytes and its flags then.
    private readonly Lock _door = new();
    private RamRegion[] _regions = [];
    private MemorySnapshot? _newest;

    /// <summary>Initialises memory without RAM.</summary>
    /// <param name="gate">Stops the vCPUs while someone else writes, or null for one of its own, where one thread does everything.</param>
    public PhysicalMemory(PauseGate? gate = null)
    {
        _gate = gate ?? new PauseGate();
    }

    /// <inheritdoc/>
    public AtomicWidths CompareExchangeWidths => AtomicWidths.UpToDoubleword;

    /// <summary>Adds RAM of the guest.</summary>
    /// <param name="pa">The physical address of the first byte, a multiple of 65536.</param>
    /// <param name="length">The length in bytes, a multiple of 4096 above 0.</param>
    public void AddRam(ulong pa, ulong length) => AddRegion(pa, length, isGuest: true);

    /// <summary>Adds memory of EL2, which builds its tables there in place: it is in no snapshot and no dirty log.</summary>
    /// <param name="pa">The physical address of the first byte, a multiple of 65536.</param>
    /// <param name="length">The length in bytes, a multiple of 4096 above 0.</param>
    public void AddHypervisorMemory(ulong pa, ulong length) => AddRegion(pa, length, isGuest: false);

    /// <summary>Adds one who must know when a page gets its first flag.</summary>
    /// <param name="listener">The listener.</param>
    public void AddListener(IPageListener listener) => _listeners.Add(listener);

    /// <summary>Finds the page that holds a byte.</summary>
    /// <param name="pa">The byte's address.</param>
    /// <param name="page">The page.</param>
    /// <returns>False when there is no RAM.</returns>
    public bool TryGetPage(ulong pa, out RamPage page)
    {
        foreach (RamRegion region in _regions)
        {
            ulong offset = pa - region.Pa;
            if (offset < region.Length)
            {
                page = region.Page(offset);
                return true;
            }
        }

        page = default;
        return false;
    }

    /// <summary>Sets a flag of a page and takes the page out of the write TLBs.</summary>
    /// <param name="page">The page.</param>
    /// <param name="flag">The flag.</param>
    public void SetFlag(in RamPage page, PageFlags flag)
    {
        page.Set(flag);
        foreach (IPageListener listener in _listeners)
        {
            listener.OnPageFlagged(page);
        }
    }

    /// <summary>Starts to track every page of the guest's RAM: all are clean. The vCPUs stand still.</summary>
    public void StartDirtyLog()
    {
        lock (_door)
        {
            FlagGuestPages(PageFlags.DirtyTracked);
        }
    }

    /// <summary>Ends the tracking. The vCPUs stand still.</summary>
    public void StopDirtyLog()
    {
        lock (_door)
        {
            foreach (RamRegion region in _regions)
            {
                region.Clear(PageFlags.DirtyTracked);
            }
        }
    }

    /// <summary>Marks the dirty pages of a range in a bitmap and makes them clean. The vCPUs stand still.</summary>
    /// <param name="pa">The first byte of a page.</param>
    /// <param name="pages">The number of pages.</param>
    /// <param name="firstBit">The first page's bit.</param>
    /// <param name="bitmap">Receives them: bit n is bit n % 64 of item n / 64. Other bits stay.</param>
    /// <returns>The number of dirty pages.</returns>
    public int CollectDirty(ulong pa, ulong pages, ulong firstBit, Span<ulong> bitmap)
    {
        int dirty = 0;
        lock (_door)
        {
            for (ulong i = 0; i < pages; i++)
            {
                if (TryGetPage(pa + (i << PageShift), out RamPage page) && (*page.Flags & PageFlags.DirtyTracked) == 0)
                {
                    page.Set(PageFlags.DirtyTracked);
                    ulong bit = firstBit + i;
                    bitmap[(int)(bit / 64)] |= 1UL << (int)(bit % 64);
                    dirty++;
                }
            }

            if (dirty != 0)
            {
                NotifyFlagged();
            }
        }

        return dirty;
    }

    /// <summary>Remembers the bytes of the guest's RAM. It costs a copy of each page that is written later. The vCPUs stand still.</summary>
    /// <returns>The snapshot.</returns>
    public MemorySnapshot TakeSnapshot()
    {
        lock (_door)
        {
            _newest = new MemorySnapshot(_newest);
            FlagGuestPages(PageFlags.SnapshotShared);
            return _newest;
        }
    }

    /// <summary>Writes the bytes of a snapshot back, like any writer: other snapshots keep theirs, and the dirty log tells. The vCPUs stand still.</summary>
    /// <param name="snapshot">A snapshot of this memory that is not released.</param>
    public void Restore(MemorySnapshot snapshot)
    {
        lock (_door)
        {
            foreach ((ulong pa, byte[] bytes) in MemorySnapshot.Collect(_newest, snapshot))
            {
                Write(new Pa(pa), bytes);
            }
        }
    }

    /// <summary>Gives a snapshot up; nothing when it is already.</summary>
    /// <param name="snapshot">A snapshot of this memory.</param>
    public void Release(MemorySnapshot snapshot)
    {
        lock (_door)
        {
            if (!snapshot.IsReleased)
            {
                _newest = snapshot.Unlink(_newest);
            }
        }
    }

    /// <summary>Gives up the decoded operations of a page, if no vCPU executes them.</summary>
    /// <param name="page">A page that has some.</param>
    /// <returns>False when a vCPU executes them.</returns>
    public bool TryDropOperations(in RamPage page)
    {
        lock (_door)
        {
            foreach (IPageListener listener in _listeners)
            {
                if (listener.IsExecuting(*page.Operations))
                {
                    return false;
                }
            }

            DropOperations(page);
            return true;
        }
    }

    /// <summary>Gives up the decoded operations of a page. No vCPU executes them.</summary>
    /// <param name="page">A page that has some.</param>
    public void DropOperations(in RamPage page)
    {
        lock (_door)
        {
            foreach (IPageListener listener in _listeners)
            {
                listener.OnOperationsDropped(*page.Operations);
            }

            *page.Operations = null;
            page.Clear(PageFlags.Code);
        }
    }

    /// <summary>Writes bytes for a vCPU and does what the page's flags demand.</summary>
    /// <param name="pa">The first byte, which is RAM.</param>
    /// <param name="source">The bytes, at least 1; they lie in one page.</param>
    public void WriteInPage(ulong pa, ReadOnlySpan<byte> source)
    {
        if (TryGetPage(pa, out RamPage page))
        {
            WriteInPage(page, (int)(pa & (PageSize - 1)), source);
        }
    }

    /// <summary>Compares and exchanges a doubleword for a vCPU's walker, and does what the page's flags demand of a write.</summary>
    /// <param name="pa">The address, which is RAM and a multiple of 8.</param>
    /// <param name="expected">What must be there.</param>
    /// <param name="replacement">What to write.</param>
    /// <returns>False when something else was there.</returns>
    public bool TryExchange(ulong pa, ulong expected, ulong replacement)
    {
        if (!TryGetPage(pa, out RamPage page))
        {
            return false;
        }

        int offset = (int)(pa & (PageSize - 1));
        KeepShared(page);
        if (CompareExchange(page.Host + offset, sizeof(ulong), expected, replacement) != expected)
        {
            return false;
        }

        NoteWrite(page, offset, sizeof(ulong));
        return true;
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(Pa address, out Pa start)
    {
        foreach (RamRegion region in _regions)
        {
            ulong offset = address.Value - region.Pa;
            if (offset < region.Length && !region.IsGuest)
            {
                // A span is at most 2 GiB - 1 long: larger regions are given in parts.
                ulong part = offset & ~(LargestSpan - 1);
                start = new Pa(region.Pa + part);
                return new Span<byte>(region.Host + part, (int)Math.Min(LargestSpan, region.Length - part));
            }
        }

        start = default;
        return default;
    }

    /// <inheritdoc/>
    public int Read(Pa address, Span<byte> destination)
    {
        int done = 0;
        while (done < destination.Length && TryGetPage(address.Value + (ulong)done, out RamPage page))
        {
            int offset = (int)((address.Value + (ulong)done) & (PageSize - 1));
            int count = Math.Min(destination.Length - done, (int)PageSize - offset);
            fixed (byte* to = destination[done..])
            {
                Copy(to, page.Host + offset, count);
            }

            done += count;
        }

        return done;
    }

    /// <inheritdoc/>
    public int Write(Pa address, ReadOnlySpan<byte> source)
    {
        // Between two instructions: a running vCPU flags neither its exclusive monitor nor the words that it is decoding in time.
        using PauseGate.Change pause = _gate.BeginPause();
        int done = 0;
        lock (_door)
        {
            while (done < source.Length && TryGetPage(address.Value + (ulong)done, out RamPage page))
            {
                int offset = (int)((address.Value + (ulong)done) & (PageSize - 1));
                int count = Math.Min(source.Length - done, (int)PageSize - offset);
                WriteInPage(page, offset, source.Slice(done, count));

                // A vCPU that decodes the page from now on reads the new bytes.
                Interlocked.MemoryBarrier();
                DropCode(page, offset, count);
                done += count;
            }
        }

        return done;
    }

    /// <inheritdoc/>
    public CompareExchangeResult TryCompareExchange(
        Pa address, ReadOnlySpan<byte> expected, ReadOnlySpan<byte> replacement, Span<byte> observed)
    {
        int size = expected.Length;
        if (size is not (1 or 2 or 4 or 8 or 16))
        {
            throw new ArgumentException("The width is 1, 2, 4, 8 or 16 bytes.", nameof(expected));
        }

        if (replacement.Length != size)
        {
            throw new ArgumentException("The replacement has another length than the expected bytes.", nameof(replacement));
        }

        if (observed.Length != size)
        {
            throw new ArgumentException("The buffer for the observed bytes has another length than the expected bytes.", nameof(observed));
        }

        if ((address.Value & ((ulong)size - 1)) != 0)
        {
            throw new ArgumentException("The address is not aligned to the width.", nameof(address));
        }

        if (!TryGetPage(address.Value, out RamPage page))
        {
            return CompareExchangeResult.Absent;
        }

        if (size == 16)
        {
            return CompareExchangeResult.NotAtomic;
        }

        using PauseGate.Change pause = _gate.BeginPause();
        int offset = (int)(address.Value & (PageSize - 1));
        ulong old;
        lock (_door)
        {
            KeepShared(page);
            old = CompareExchange(page.Host + offset, size, Load(expected), Load(replacement));
            if (old == Load(expected))
            {
                NoteWrite(page, offset, size);
                DropCode(page, offset, size);
            }
        }

        for (int i = 0; i < size; i++)
        {
            observed[i] = (byte)(old >> (i * 8));
        }

        return old == Load(expected) ? CompareExchangeResult.Exchanged : CompareExchangeResult.Different;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (RamRegion region in _regions)
        {
            region.Dispose();
        }

        _regions = [];
    }

    /// <summary>What EL2 writes reaches the instruction cache even where the guest's own stores do not.</summary>
    private static void DropCode(in RamPage page, int offset, int length)
    {
        Operation* operations = *page.Operations;
        if (operations is not null)
        {
            DecodedPages.Invalidate(operations, offset / 4, (offset + length - 1) / 4);
        }
    }

    private static ulong Load(ReadOnlySpan<byte> bytes)
    {
        ulong value = 0;
        for (int i = 0; i < bytes.Length; i++)
        {
            value |= (ulong)bytes[i] << (i * 8);
        }

        return value;
    }

    private static ulong CompareExchange(byte* host, int size, ulong expected, ulong replacement) => size switch
    {
        1 => Interlocked.CompareExchange(ref *host, (byte)replacement, (byte)expected),
        2 => Interlocked.CompareExchange(ref *(ushort*)host, (ushort)replacement, (ushort)expected),
        4 => Interlocked.CompareExchange(ref *(uint*)host, (uint)replacement, (uint)expected),
        _ => Interlocked.CompareExchange(ref *(ulong*)host, replacement, expected),
    };

    private void AddRegion(ulong pa, ulong length, bool isGuest)
    {
        Array.Resize(ref _regions, _regions.Length + 1);
        _regions[^1] = new RamRegion(pa, length, isGuest);
    }

    private void WriteInPage(in RamPage page, int offset, ReadOnlySpan<byte> source)
    {
        KeepShared(page);
        fixed (byte* from = source)
        {
            Copy(page.Host + offset, from, source.Length);
        }

        NoteWrite(page, offset, source.Length);
    }

    /// <summary>Before bytes of a page change: the newest snapshot keeps them, if it shares them.</summary>
    private void KeepShared(in RamPage page)
    {
        if ((*page.Flags & PageFlags.SnapshotShared) == 0)
        {
            return;
        }

        lock (_door)
        {
            _newest?.Keep(page);
            page.Clear(PageFlags.SnapshotShared);
        }
    }

    /// <summary>After bytes of a page have changed: does what its flags demand.</summary>
    private void NoteWrite(in RamPage page, int offset, int length)
    {
        PageFlags flags = *page.Flags;
        if ((flags & PageFlags.Code) != 0)
        {
            DecodedPages.Invalidate(*page.Operations, offset / 4, (offset + length - 1) / 4);
        }

        if ((flags & PageFlags.DirtyTracked) != 0)
        {
            page.Clear(PageFlags.DirtyTracked);
        }

        if ((flags & PageFlags.Exclusive) != 0)
        {
            bool isHeld = false;
            foreach (IPageListener listener in _listeners)
            {
                isHeld |= listener.OnExclusiveWritten(page, offset, length);
            }

            if (!isHeld)
            {
                page.Clear(PageFlags.Exclusive);
            }
        }
    }

    private void FlagGuestPages(PageFlags flag)
    {
        foreach (RamRegion region in _regions)
        {
            if (region.IsGuest)
            {
                region.Set(flag);
            }
        }

        NotifyFlagged();
    }

    private void NotifyFlagged()
    {
        foreach (IPageListener listener in _listeners)
        {
            listener.OnPagesFlagged();
        }
    }

    /// <summary>Copies; one access of 1, 2, 4 or 8 bytes that is aligned on the guest's side stays one access.</summary>
    private static void Copy(byte* to, byte* from, int count)
    {
        // Either side may be the guest's, so both widths count as one access: x64 and ARM64 hosts do it in one where the guest's side is aligned.
        switch (count)
        {
            case 1:
                *to = *from;
                break;
            case 2:
                Unsafe.WriteUnaligned(to, Unsafe.ReadUnaligned<ushort>(from));
                break;
            case 4:
                Unsafe.WriteUnaligned(to, Unsafe.ReadUnaligned<uint>(from));
                break;
            case 8:
                Unsafe.WriteUnaligned(to, Unsafe.ReadUnaligned<ulong>(from));
                break;
            default:
                Buffer.MemoryCopy(from, to, count, count);
                break;
        }
    }
}
