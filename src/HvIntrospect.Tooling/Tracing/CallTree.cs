using System;
using System.Collections.Generic;
using System.IO;
using HvIntrospect.Tooling.Symbols;

namespace HvIntrospect.Tooling.Tracing;

/// <summary>Adds up calls by their path of callers, over all threads: how often each was made and how long it took.</summary>
/// <remarks>Times are guest time between entry and end; what the thread waited meanwhile is in them. The number of paths is bounded: calls on others are counted in
/// <see cref="Omitted"/>. Not thread-safe.</remarks>
public sealed class CallTree : ICallObserver
{
    private const int MaximumIndent = 64;
    private const int ColumnWidth = 14;
    private const int Root = 0;

    private readonly List<Node> _nodes = [new Node(Root, default)];
    private readonly Dictionary<(int Parent, Va Function), int> _paths = new();
    private readonly Dictionary<long, int> _open = new();
    private readonly int _maximumPaths;

    /// <summary>Makes an empty tree.</summary>
    /// <param name="maximumPaths">The paths that it may hold, 1 to 1,048,576.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maximumPaths"/> is out of range.</exception>
    public CallTree(int maximumPaths = 0x1_0000)
    {
        _maximumPaths = maximumPaths is >= 1 and <= 0x10_0000
            ? maximumPaths
            : throw new ArgumentOutOfRangeException(nameof(maximumPaths), maximumPaths, "The paths must be 1 to 1,048,576.");
    }

    /// <summary>Gets the calls that are in no path, because there were too many paths.</summary>
    public long Omitted { get; private set; }

    /// <inheritdoc/>
    public void OnEntry(in CallRecord call)
    {
        int parent = Root;
        if ((call.ParentId != 0 && !_open.TryGetValue(call.ParentId, out parent)) || !TryFindOrAdd(parent, call.Entry.Function, out int node))
        {
            Omitted++;
            return;
        }

        _open.Add(call.Id, node);
    }

    /// <inheritdoc/>
    public void OnEnd(in CallRecord call)
    {
        if (_open.TryGetValue(call.Id, out int node))
        {
            _open.Remove(call.Id);
            _nodes[node].Count(call.End, call.Duration);
            _nodes[_nodes[node].Parent].CountInner(call.Duration);
        }
    }

    /// <inheritdoc/>
    public void OnComplete(in CallStatistics statistics)
    {
    }

    /// <summary>Writes the paths, one a line, in the order of their first calls: the number of calls that ended, their time with and without what they called, in microseconds, and
    /// the function, indented below its caller. What ended otherwise than by a return or a tail call is said behind.</summary>
    /// <param name="writer">Receives the lines; it is flushed and not disposed.</param>
    /// <param name="symbols">The names of functions; those without a name are written as addresses.</param>
    /// <param name="ticksPerSecond">The unit of <see cref="CallEntry.Time"/>, 1 to 10,000,000,000.</param>
    /// <exception cref="ArgumentNullException"><paramref name="writer"/> or <paramref name="symbols"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="ticksPerSecond"/> is out of range.</exception>
    public void WriteText(TextWriter writer, SymbolTable symbols, ulong ticksPerSecond)
    {
        _ = writer ?? throw new ArgumentNullException(nameof(writer));
        _ = symbols ?? throw new ArgumentNullException(nameof(symbols));
        GuestTime.Check(ticksPerSecond, nameof(ticksPerSecond));

        var text = new TextBuffer();
        text.Add("         calls      total us       self us  function\n");
        int index = _nodes[Root].FirstInner;
        for (int depth = 0; index != Root; index = Next(index, ref depth))
        {
            Node node = _nodes[index];
            AddNumber(text, node.Calls);
            AddTime(text, node.Total, ticksPerSecond);
            AddTime(text, node.Self, ticksPerSecond);
            for (int i = 0; i <= Math.Min(depth, MaximumIndent); i++)
            {
                text.Add("  ");
            }

            if (depth > MaximumIndent)
            {
                text.Add('[');
                text.AddDecimal(depth);
                text.Add("] ");
            }

            text.AddFunction(symbols, node.Function);
            AddOddEnds(text, node);
            text.Add('\n');
            text.MoveTo(writer);
        }

        if (Omitted != 0)
        {
            text.AddDecimal(Omitted);
            text.Add(" calls are on further paths\n");
        }

        text.MoveTo(writer);
        writer.Flush();
    }

    private static void AddNumber(TextBuffer text, long number)
    {
        int start = text.Length;
        text.AddDecimal(number);
        text.AlignRight(start, ColumnWidth);
    }

    private static void AddTime(TextBuffer text, ulong ticks, ulong ticksPerSecond)
    {
        int start = text.Length;
        text.Add(' ');
        new GuestTime(ticks, ticksPerSecond).AddTo(text);
        text.AlignRight(start, ColumnWidth);
    }

    private static void AddOddEnds(TextBuffer text, Node node)
    {
        if (node.Unseen != 0)
        {
            text.Add("  unseen: ");
            text.AddDecimal(node.Unseen);
        }

        if (node.Unfinished != 0)
        {
            text.Add("  unfinished: ");
            text.AddDecimal(node.Unfinished);
        }
    }

    /// <summary>Goes to what is first called there, else to the next of the same caller, else to that of the innermost caller that has one.</summary>
    private int Next(int index, ref int depth)
    {
        if (_nodes[index].FirstInner != Root)
        {
            depth++;
            return _nodes[index].FirstInner;
        }

        while (index != Root && _nodes[index].NextSibling == Root)
        {
            index = _nodes[index].Parent;
            depth--;
        }

        return _nodes[index].NextSibling;
    }

    private bool TryFindOrAdd(int parent, Va function, out int index)
    {
        if (_paths.TryGetValue((parent, function), out index))
        {
            return true;
        }

        if (_paths.Count == _maximumPaths)
        {
            return false;
        }

        index = _nodes.Count;
        _nodes.Add(new Node(parent, function));
        _nodes[parent].AddInner(_nodes, index);
        _paths.Add((parent, function), index);
        return true;
    }

    private sealed class Node
    {
        private ulong _inner;
        private int _lastInner;

        public Node(int parent, Va function)
        {
            Parent = parent;
            Function = function;
        }

        public int Parent { get; }

        public Va Function { get; }

        public int FirstInner { get; private set; }

        public int NextSibling { get; private set; }

        public long Calls { get; private set; }

        public long Unseen { get; private set; }

        public long Unfinished { get; private set; }

        public ulong Total { get; private set; }

        public ulong Self => Total > _inner ? Total - _inner : 0;

        public void Count(CallEnd end, ulong duration)
        {
            Calls++;
            Unseen += end == CallEnd.Unseen ? 1 : 0;
            Unfinished += end == CallEnd.Unfinished ? 1 : 0;
            Total = SaturatingSum(Total, duration);
        }

        public void CountInner(ulong duration) => _inner = SaturatingSum(_inner, duration);

        public void AddInner(List<Node> nodes, int index)
        {
            if (FirstInner == Root)
            {
                FirstInner = index;
            }
            else
            {
                nodes[_lastInner].NextSibling = index;
            }

            _lastInner = index;
        }

        // Times are the guest's to choose.
        private static ulong SaturatingSum(ulong left, ulong right) => right > ulong.MaxValue - left ? ulong.MaxValue : left + right;
    }
}
