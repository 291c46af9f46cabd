using System;
using System.Collections.Generic;

namespace HvIntrospect.Tooling.Tracing;

/// <summary>Makes nested calls of entries and returns, for each guest thread on its own, whatever of them is missing.</summary>
/// <remarks>
/// <para>What nests is decided by SP, because the stack cannot lie about it: a function that calls another one has stored its X30 on the stack before, so that its callee begins at
/// a lower SP, and it ends with the SP that it began with. So whatever a thread does at some SP ends all of its calls that began below, and one that began there. This heals
/// missed returns, longjmp and reused stacks without a search. A function entered at the SP and with the X30 of another one was reached by a tail call.
/// "Procedure Call Standard for the Arm 64-bit Architecture", "The Stack".</para>
/// <para>Calls that are not reported are remembered, too, so that their returns are told from those of other functions.</para>
/// <para>Memory is bounded by the options. In the steady state an event costs a time independent of all others and allocates nothing. Not thread-safe: events are fed in the order
/// in which they happened, at least for each guest thread. An observer's or the filter's exception passes through: the calls that were told to have ended have ended, each exactly
/// once, and the event that led to it is not repeated.</para>
/// </remarks>
public sealed class CallRecorder
{
    private const int FirstCapacity = 16;

    private readonly ICallObserver[] _observers;
    private readonly CallFilter? _filter;
    private readonly int _maximumDepth;
    private readonly int _maximumThreads;
    private readonly Dictionary<ulong, LinkedListNode<GuestThread>> _threads = new();

    // The thread of the latest event is the last one.
    private readonly LinkedList<GuestThread> _byUse = new();
    private long _entries;
    private long _filtered;
    private long _tooDeep;
    private long _returns;
    private long _unmatched;
    private long _unseen;
    private long _forgotten;
    private long _lastId;
    private long _lastThread;
    private bool _isComplete;

    /// <summary>Makes a recorder that has seen nothing.</summary>
    /// <param name="options">Limits and the filter; null for the defaults.</param>
    /// <param name="observers">Who is told, in this order.</param>
    /// <exception cref="ArgumentNullException"><paramref name="observers"/> is null.</exception>
    /// <exception cref="ArgumentException">An observer is null.</exception>
    public CallRecorder(CallRecorderOptions? options, params ICallObserver[] observers)
    {
        _ = observers ?? throw new ArgumentNullException(nameof(observers));
        options ??= new CallRecorderOptions();
        _observers = (ICallObserver[])observers.Clone();
        if (Array.IndexOf(_observers, null) >= 0)
        {
            throw new ArgumentException("An observer is null.", nameof(observers));
        }

        _filter = options.Filter;
        _maximumDepth = options.MaximumDepth;
        _maximumThreads = options.MaximumThreads;
    }

    /// <summary>Gets what was seen up to now.</summary>
    public CallStatistics Statistics => new()
    {
        Entries = _entries,
        Reported = _lastId,
        Filtered = _filtered,
        TooDeep = _tooDeep,
        Returns = _returns,
        UnmatchedReturns = _unmatched,
        Unseen = _unseen,
        ForgottenThreads = _forgotten,
    };

    /// <summary>Takes an entry.</summary>
    /// <param name="entry">What was seen.</param>
    /// <exception cref="InvalidOperationException">The trace was completed.</exception>
    public void OnEntry(in CallEntry entry)
    {
        GuestThread thread = ThreadOf(entry.Thread, entry.Time, entry.Vcpu);
        _entries++;
        EndBelow(thread, entry.StackPointer);
        if (thread.Count != 0 && thread.Top.Entry.StackPointer == entry.StackPointer)
        {
            // The same function again from the same place is a loop around a call whose return was missed: compilers make a jump of a tail call to oneself.
            ref readonly Frame before = ref thread.Top;
            bool isTailCall = before.Entry.ReturnAddress == entry.ReturnAddress && before.Entry.Function != entry.Function;
            End(thread, isTailCall ? CallEnd.TailCall : CallEnd.Unseen, 0);
        }

        if (thread.Count == _maximumDepth)
        {
            _tooDeep++;
            return;
        }

        bool isReported = _filter is null || _filter(entry);
        ref Frame frame = ref thread.Push();
        Frame outer = thread.Count > 1 ? thread.Frames[thread.Count - 2] : default;
        frame = new Frame
        {
            Entry = entry with { Time = thread.Now },
            Id = isReported ? ++_lastId : outer.Id,
            ParentId = outer.Id,
            Depth = outer.Depth + (outer.IsReported ? 1 : 0),
            IsReported = isReported,
        };
        if (!isReported)
        {
            _filtered++;
            return;
        }

        thread.Number = thread.Number == 0 ? ++_lastThread : thread.Number;
        CallRecord call = RecordOf(thread, frame, CallEnd.Open, 0);
        foreach (ICallObserver observer in _observers)
        {
            observer.OnEntry(call);
        }
    }

    /// <summary>Takes a return.</summary>
    /// <param name="seen">What was seen.</param>
    /// <exception cref="InvalidOperationException">The trace was completed.</exception>
    public void OnReturn(in CallReturn seen)
    {
        GuestThread thread = ThreadOf(seen.Thread, seen.Time, seen.Vcpu);
        _returns++;

        // Where the stack of calls is full, those below are known by nothing but their SP.
        bool isTooDeep = thread.Count == _maximumDepth && seen.StackPointer < thread.Top.Entry.StackPointer;
        EndBelow(thread, seen.StackPointer);
        if (thread.Count != 0 && thread.Top.Entry.StackPointer == seen.StackPointer)
        {
            if (thread.Top.Entry.ReturnAddress == seen.ReturnAddress)
            {
                End(thread, CallEnd.Returned, seen.Value);
                return;
            }

            // Another function of the same caller, whose entry was missed as was this one's return.
            End(thread, CallEnd.Unseen, 0);
        }

        _unmatched += isTooDeep ? 0 : 1;
    }

    /// <summary>Ends the trace: calls that are open end as <see cref="CallEnd.Unfinished"/>, and the observers are told. Does nothing when done before.</summary>
    public void Complete()
    {
        if (_isComplete)
        {
            return;
        }

        while (_byUse.First is LinkedListNode<GuestThread> node)
        {
            Forget(node);
        }

        _isComplete = true;
        CallStatistics statistics = Statistics;
        foreach (ICallObserver observer in _observers)
        {
            observer.OnComplete(statistics);
        }
    }

    private static CallRecord RecordOf(GuestThread thread, in Frame frame, CallEnd end, ulong value) => new()
    {
        Id = frame.Id,
        ParentId = frame.ParentId,
        Depth = frame.Depth,
        ThreadNumber = thread.Number,
        Entry = frame.Entry,
        End = end,
        EndVcpu = thread.Vcpu,
        EndTime = thread.Now,
        ReturnValue = value,
    };

    private GuestThread ThreadOf(ulong key, ulong time, int vcpu)
    {
        if (_isComplete)
        {
            throw new InvalidOperationException("The trace is complete.");
        }

        if (_threads.TryGetValue(key, out LinkedListNode<GuestThread>? node))
        {
            _byUse.Remove(node);
        }
        else
        {
            if (_threads.Count == _maximumThreads)
            {
                _forgotten++;
                Forget(_byUse.First!);
            }

            node = new LinkedListNode<GuestThread>(new GuestThread(key));
            _threads.Add(key, node);
        }

        _byUse.AddLast(node);
        GuestThread thread = node.Value;
        thread.Now = Math.Max(thread.Now, time);
        thread.Vcpu = vcpu;
        return thread;
    }

    private void Forget(LinkedListNode<GuestThread> node)
    {
        GuestThread thread = node.Value;
        while (thread.Count != 0)
        {
            End(thread, CallEnd.Unfinished, 0);
        }

        _threads.Remove(thread.Key);
        _byUse.Remove(node);
    }

    private void EndBelow(GuestThread thread, ulong stackPointer)
    {
        while (thread.Count != 0 && thread.Top.Entry.StackPointer < stackPointer)
        {
            End(thread, CallEnd.Unseen, 0);
        }
    }

    private void End(GuestThread thread, CallEnd end, ulong value)
    {
        Frame frame = thread.Pop();
        _unseen += end == CallEnd.Unseen ? 1 : 0;
        if (!frame.IsReported)
        {
            return;
        }

        CallRecord call = RecordOf(thread, frame, end, value);
        foreach (ICallObserver observer in _observers)
        {
            observer.OnEnd(call);
        }
    }

    private struct Frame
    {
        public CallEntry Entry;

        // Where the call is not reported, that of the innermost reported one around it.
        public long Id;
        public long ParentId;

        // Reported calls around it.
        public int Depth;
        public bool IsReported;
    }

    private sealed class GuestThread
    {
        public GuestThread(ulong key)
        {
            Key = key;
        }

        public ulong Key { get; }

        public long Number { get; set; }

        public ulong Now { get; set; }

        public int Vcpu { get; set; }

        public int Count { get; private set; }

        // Open calls, outermost first; each begins at a lower SP than the one before.
        public Frame[] Frames { get; private set; } = Array.Empty<Frame>();

        public ref readonly Frame Top => ref Frames[Count - 1];

        public ref Frame Push()
        {
            if (Count == Frames.Length)
            {
                Frame[] larger = new Frame[Math.Max(FirstCapacity, 2 * Count)];
                Array.Copy(Frames, larger, Count);
                Frames = larger;
            }

            return ref Frames[Count++];
        }

        public Frame Pop() => Frames[--Count];
    }
}
