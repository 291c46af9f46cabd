using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Threading;
using HvIntrospect.A64;

namespace HvIntrospect.Watchpoints;

/// <summary>All watches of one machine: registration, look-up and the calls to handlers.</summary>
/// <remarks>
/// Thread-safe. Look-ups read an immutable table. No lock is held while a handler runs: a removal makes a new table and then waits until each vCPU
/// that was calling handlers has returned from them, because what it does next sees the new table.
/// </remarks>
internal sealed class WatchSet
{
    private readonly object _changeLock = new();
    private readonly object _queueLock = new();
    private readonly Queue<Watch> _queue = new();
    private readonly IWatchGuard _guard;
    private readonly A64Decoder _decoder;
    private WatchTable _table = WatchTable.Empty;
    private BusySlot[] _slots;
    private bool _hasQueued;
    private int _lastId;
    private long _sequence;

    /// <summary>Makes an empty set.</summary>
    /// <param name="guard">Makes accesses to watched pages come to the library.</param>
    /// <param name="decoder">Decodes the instructions of events when they are asked for.</param>
    /// <param name="vcpus">The number of vCPUs.</param>
    public WatchSet(IWatchGuard guard, A64Decoder decoder, int vcpus)
    {
        _guard = guard;
        _decoder = decoder;
        _slots = NewSlots([], vcpus);
    }

    /// <summary>Gets the number of elements that watches have seen.</summary>
    public long ElementsSeen => Volatile.Read(ref _sequence);

    /// <summary>Gets a value indicating whether changes that were made inside a handler wait for <see cref="ApplyQueued"/>.</summary>
    public bool HasQueued => Volatile.Read(ref _hasQueued);

    /// <summary>Adds a watch. Inside a handler it is queued.</summary>
    /// <param name="range">The bytes.</param>
    /// <param name="kinds">What is seen.</param>
    /// <param name="handler">Receives the accesses.</param>
    /// <param name="name">A name for logs, or null.</param>
    /// <returns>The watch.</returns>
    public Watch Add(IpaRange range, WatchKinds kinds, WatchHandler handler, string? name)
    {
        WatchHandler receiver = handler ?? throw new ArgumentNullException(nameof(handler));
        if (range.Length == 0)
        {
            throw new ArgumentException("A watch is at least 1 byte long.", nameof(range));
        }

        if (kinds == WatchKinds.None || (kinds & ~(WatchKinds.ReadWrite | WatchKinds.Execute)) != 0)
        {
            throw new ArgumentOutOfRangeException(nameof(kinds), kinds, "A watch sees reads, writes or executed instructions.");
        }

        var watch = new Watch(this, Interlocked.Increment(ref _lastId), range, kinds, receiver, name);
        if (IsInsideHandler)
        {
            // What the backend cannot do is refused here: once the exit is decided, nobody is left to tell.
            _guard.Demand(kinds);
            Enqueue(watch);
        }
        else
        {
            Apply(watch);
        }

        return watch;
    }

    /// <summary>Removes a watch. Inside a handler it is queued.</summary>
    /// <param name="watch">A watch of this set.</param>
    public void Remove(Watch watch)
    {
        if (IsInsideHandler)
        {
            lock (_changeLock)
            {
                if (watch.State >= WatchState.Removing)
                {
                    return;
                }

                watch.State = watch.State == WatchState.Queued ? WatchState.Removed : WatchState.Removing;
            }

            Enqueue(watch);
        }
        else
        {
            TakeOut(watch);
            WaitForHandlers();
        }
    }

    /// <summary>Removes all watches.</summary>
    public void Clear()
    {
        foreach (Watch watch in Volatile.Read(ref _table).All())
        {
            TakeOut(watch);
        }

        WaitForHandlers();
    }

    /// <summary>Applies what handlers have queued, without waiting for handlers of other vCPUs. Called on a vCPU's thread outside of its handlers.</summary>
    public void ApplyQueued()
    {
        while (TryDequeue(out Watch? watch))
        {
            switch (watch.State)
            {
                case WatchState.Queued:
                    Apply(watch);
                    break;
                case WatchState.Removing:
                    TakeOut(watch);
                    break;
            }
        }
    }

    /// <summary>Tells whether a watch of the kind overlaps some bytes of one page.</summary>
    /// <param name="address">The first byte.</param>
    /// <param name="size">The number of bytes.</param>
    /// <param name="kinds">The kinds of the access.</param>
    /// <returns>True when one does.</returns>
    public bool Overlaps(Ipa address, int size, WatchKinds kinds) => Volatile.Read(ref _table).Overlaps(address, size, kinds);

    /// <summary>Tells whether a watch of the kind overlaps an element.</summary>
    /// <param name="access">The element.</param>
    /// <returns>True when one does.</returns>
    public bool IsWatched(in WatchedAccess access)
    {
        WatchTable table = Volatile.Read(ref _table);
        return table.Overlaps(access.Ipa, access.FirstSize, access.Kind)
            || (access.FirstSize < access.Size && table.Overlaps(access.SecondIpa, access.Size - access.FirstSize, access.Kind));
    }

    /// <summary>Calls the handlers of all watches that overlap an element, in the order of registration; those that have answered before are not called again.</summary>
    /// <param name="vcpu">The vCPU.</param>
    /// <param name="access">The element.</param>
    /// <param name="oldValue">The bytes in memory before the access; empty when they are not known.</param>
    /// <param name="newValue">The bytes that a store writes or a load reads; empty when they are not known.</param>
    /// <param name="decisions">The answers given before, to which each one of now is added as it is given: when a handler throws, those before it stay. One for each part of
    /// the element, which are of one size.</param>
    /// <returns>The number of handlers that were called.</returns>
    public int Ask(IVcpu vcpu, in WatchedAccess access, ReadOnlySpan<byte> oldValue, ReadOnlySpan<byte> newValue, Span<WatchDecision> decisions)
    {
        BusySlot slot = SlotOf(vcpu.Index);
        bool isOutermost = slot.Enter();
        try
        {
            // Read after the slot is entered: whoever removes a watch makes the new table first and looks at the slots afterwards.
            return Ask(Volatile.Read(ref _table), vcpu, access, oldValue, newValue, decisions);
        }
        finally
        {
            if (isOutermost)
            {
                slot.Leave();
            }
        }
    }

    private bool IsInsideHandler
    {
        get
        {
            foreach (BusySlot slot in Volatile.Read(ref _slots))
            {
                if (slot.IsEnteredByThisThread)
                {
                    return true;
                }
            }

            return false;
        }
    }

    private static BusySlot[] NewSlots(BusySlot[] known, int count)
    {
        var slots = new BusySlot[count];
        Array.Copy(known, slots, known.Length);
        for (int i = known.Length; i < count; i++)
        {
            slots[i] = new BusySlot();
        }

        return slots;
    }

    private static Watch? Next(WatchTable table, in WatchedAccess access, int after)
    {
        Watch? next = table.Next(access.Ipa, access.FirstSize, access.Kind, after);
        if (access.FirstSize < access.Size
            && table.Next(access.SecondIpa, access.Size - access.FirstSize, access.Kind, after) is Watch other
            && (next is null || other.Id < next.Id))
        {
            next = other;
        }

        return next;
    }

    // Never inlined: the event and the bytes that it shows would otherwise be copied from place to place in the frame of its caller.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private int Ask(
        WatchTable table, IVcpu vcpu, in WatchedAccess access, ReadOnlySpan<byte> oldValue, ReadOnlySpan<byte> newValue, Span<WatchDecision> decisions)
    {
        int events = 0;
        ref WatchDecision decision = ref decisions[0];
        Watch? watch = Next(table, access, decision.LastWatch);
        if (watch is null)
        {
            return events;
        }

        if (decision.Sequence == 0)
        {
            decision.Sequence = Interlocked.Increment(ref _sequence);
        }

        do
        {
            var e = new WatchEvent(watch, vcpu, access, decision.Sequence, oldValue, newValue, _decoder);
            WatchResponse response = watch.Handler(e);
            decision.Add(response, watch.Id);
            if (response.Kind == WatchResponseKind.Replace)
            {
                Replace(response, access.Size / decisions.Length, decisions);
            }

            events++;
            watch = Next(table, access, watch.Id);
        }
        while (watch is not null);
        return events;
    }

    private static void Replace(in WatchResponse response, int partSize, Span<WatchDecision> decisions)
    {
        for (int i = 0; i < decisions.Length; i++)
        {
            ulong data = response.ReplacementAt(i * partSize, out ulong mask);
            decisions[i].Replace(data, mask);
        }
    }

    private void Apply(Watch watch)
    {
        // Accesses are made to trap before the table knows the watch, so that a watch which could not be guarded never had an event.
        IDisposable denial = _guard.Deny(watch.Range, watch.Kinds);
        lock (_changeLock)
        {
            if (watch.State == WatchState.Queued)
            {
                watch.Denial = denial;
                Volatile.Write(ref _table, _table.With(watch));
                watch.State = WatchState.Effective;
                return;
            }
        }

        denial.Dispose();
    }

    private void TakeOut(Watch watch)
    {
        IDisposable? denial;
        lock (_changeLock)
        {
            if (watch.State == WatchState.Removed)
            {
                return;
            }

            denial = watch.Denial;
            watch.Denial = null;
            watch.State = WatchState.Removed;
            if (denial is not null)
            {
                Volatile.Write(ref _table, _table.Without(watch));
            }
        }

        denial?.Dispose();
    }

    private void WaitForHandlers()
    {
        Interlocked.MemoryBarrier();
        foreach (BusySlot slot in Volatile.Read(ref _slots))
        {
            slot.WaitUntilLeft();
        }
    }

    private void Enqueue(Watch watch)
    {
        lock (_queueLock)
        {
            _queue.Enqueue(watch);
            Volatile.Write(ref _hasQueued, true);
        }
    }

    private bool TryDequeue([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Watch? watch)
    {
        lock (_queueLock)
        {
            watch = _queue.Count == 0 ? null : _queue.Dequeue();
            Volatile.Write(ref _hasQueued, _queue.Count != 0);
            return watch is not null;
        }
    }

    private BusySlot SlotOf(int vcpu)
    {
        BusySlot[] slots = Volatile.Read(ref _slots);
        return (uint)vcpu < (uint)slots.Length ? slots[vcpu] : AddSlots(vcpu);
    }

    private BusySlot AddSlots(int vcpu)
    {
        lock (_changeLock)
        {
            if (vcpu >= _slots.Length)
            {
                Volatile.Write(ref _slots, NewSlots(_slots, vcpu + 1));
            }

            return _slots[vcpu];
        }
    }
}
