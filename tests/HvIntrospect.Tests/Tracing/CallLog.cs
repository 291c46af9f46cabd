using System.Collections.Generic;
using HvIntrospect.Tooling.Tracing;
using Xunit;

namespace HvIntrospect.Tests.Tracing;

/// <summary>Keeps what it is told, and asserts that it is told nothing that cannot be: calls end once, innermost first, and nest in time.</summary>
internal sealed class CallLog : ICallObserver
{
    private readonly Dictionary<long, CallRecord> _open = new();

    public List<CallRecord> Entered { get; } = [];

    public List<CallRecord> Ended { get; } = [];

    public CallStatistics? Final { get; private set; }

    public void OnEntry(in CallRecord call)
    {
        Assert.Null(Final);
        Assert.Equal(Entered.Count + 1, call.Id);
        Assert.Equal(CallEnd.Open, call.End);
        Assert.Equal(0, call.ParentId == 0 ? call.Depth : 0);
        if (call.ParentId != 0)
        {
            CallRecord outer = _open[call.ParentId];
            Assert.Equal((outer.Depth + 1, outer.ThreadNumber), (call.Depth, call.ThreadNumber));
            Assert.True(call.Entry.Time >= outer.Entry.Time && call.Entry.StackPointer < outer.Entry.StackPointer);
        }

        _open.Add(call.Id, call);
        Entered.Add(call);
    }

    public void OnEnd(in CallRecord call)
    {
        Assert.Null(Final);
        Assert.True(_open.Remove(call.Id, out CallRecord entered));
        Assert.NotEqual(CallEnd.Open, call.End);
        Assert.Equal((entered.ParentId, entered.Depth, entered.ThreadNumber, entered.Entry.Time), (call.ParentId, call.Depth, call.ThreadNumber, call.Entry.Time));
        Assert.True(call.EndTime >= call.Entry.Time);
        Assert.True(call.End == CallEnd.Returned || call.ReturnValue == 0);
        foreach (CallRecord other in _open.Values)
        {
            Assert.NotEqual(call.Id, other.ParentId);
        }

        Ended.Add(call);
    }

    public void OnComplete(in CallStatistics statistics)
    {
        Assert.Null(Final);
        Assert.Empty(_open);
        Assert.Equal(Entered.Count, Ended.Count);
        Assert.Equal(statistics.Entries, statistics.Reported + statistics.Filtered + statistics.TooDeep);
        Assert.Equal(statistics.Reported, Entered.Count);
        Final = statistics;
    }
}
