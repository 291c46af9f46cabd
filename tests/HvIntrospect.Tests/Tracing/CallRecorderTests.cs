using System;
using System.Collections.Generic;
using System.Linq;
using FsCheck;
using FsCheck.Fluent;
using HvIntrospect.Tests.Support;
using HvIntrospect.Tooling.Tracing;
using Xunit;

namespace HvIntrospect.Tests.Tracing;

public sealed class CallRecorderTests
{
    private readonly CallLog _log = new();
    private ulong _time;

    [Fact]
    public void CallsNestAndSayWhatWasSeen()
    {
        CallRecorder recorder = Make();
        recorder.OnEntry(Entry('f', 100, 1) with { Arguments = new CallArguments([10, 11, 12, 13, 14, 15, 16, 17]), Vcpu = 2 });
        recorder.OnEntry(Entry('g', 90, 2));
        recorder.OnReturn(Return(90, 2, value: 7));
        recorder.OnReturn(Return(100, 1, value: 8) with { Vcpu = 3 });
        recorder.Complete();
        Assert.Equal("g<f returned 7, f returned 8", Text());
        CallRecord f = _log.Ended[1];
        Assert.Equal((2, 3, 1UL, 4UL, 3UL), (f.Entry.Vcpu, f.EndVcpu, f.Entry.Time, f.EndTime, f.Duration));
        Assert.Equal([10UL, 11UL, 12UL, 13UL, 14UL, 15UL, 16UL, 17UL], Enumerable.Range(0, CallArguments.Count).Select(i => f.Entry.Arguments[i]));
        Assert.Equal((2, 2, 0, 0), (_log.Final!.Value.Entries, _log.Final.Value.Returns, _log.Final.Value.UnmatchedReturns, _log.Final.Value.Unseen));
    }

    [Fact]
    public void ATailCallTakesThePlaceOfItsCaller()
    {
        CallRecorder recorder = Make();
        recorder.OnEntry(Entry('m', 100, 1));
        recorder.OnEntry(Entry('f', 90, 2));
        recorder.OnEntry(Entry('g', 90, 2));
        recorder.OnEntry(Entry('h', 90, 2));
        recorder.OnReturn(Return(90, 2, value: 5));
        recorder.Complete();
        Assert.Equal("f<m tailcall, g<m tailcall, h<m returned 5, m unfinished", Text());
        Assert.Equal(0, recorder.Statistics.Unseen);
    }

    [Theory]
    [InlineData('g', 3)]
    [InlineData('f', 2)]
    [InlineData('f', 3)]
    public void AMissedReturnIsToldByTheNextCallOfTheSameCaller(char next, ulong caller)
    {
        CallRecorder recorder = Make();
        recorder.OnEntry(Entry('m', 100, 1));
        recorder.OnEntry(Entry('f', 90, 2));
        recorder.OnEntry(Entry(next, 90, caller));
        recorder.OnReturn(Return(90, caller));
        recorder.OnReturn(Return(100, 1));
        recorder.Complete();
        Assert.Equal($"f<m unseen, {next}<m returned 0, m returned 0", Text());
        Assert.Equal(1, recorder.Statistics.Unseen);
    }

    [Fact]
    public void LongjmpEndsAllThatItSkips()
    {
        CallRecorder recorder = Make();
        recorder.OnEntry(Entry('m', 100, 1));
        recorder.OnEntry(Entry('f', 90, 2));
        recorder.OnEntry(Entry('g', 80, 3));
        recorder.OnEntry(Entry('h', 70, 4));
        recorder.OnReturn(Return(100, 1));
        recorder.Complete();
        Assert.Equal("h<g unseen, g<f unseen, f<m unseen, m returned 0", Text());
    }

    [Fact]
    public void RecursionNests()
    {
        CallRecorder recorder = Make();
        recorder.OnEntry(Entry('f', 100, 1));
        recorder.OnEntry(Entry('f', 90, 2));
        recorder.OnEntry(Entry('f', 80, 2));
        recorder.OnReturn(Return(80, 2, value: 1));
        recorder.OnReturn(Return(90, 2, value: 2));
        recorder.OnReturn(Return(100, 1, value: 3));
        Assert.Equal("f<f returned 1, f<f returned 2, f returned 3", Text());
        Assert.Equal([2, 1, 0], _log.Ended.Select(static call => call.Depth));
    }

    [Fact]
    public void AReturnOfAnotherFunctionIsNotTheCallsOwn()
    {
        CallRecorder recorder = Make();
        recorder.OnEntry(Entry('f', 90, 2));
        recorder.OnReturn(Return(90, 3));
        recorder.OnReturn(Return(90, 2));
        recorder.OnReturn(Return(80, 2));
        Assert.Equal("f unseen", Text());
        Assert.Equal(3, recorder.Statistics.UnmatchedReturns);
    }

    [Fact]
    public void ThreadsGoOnWhereTheyWereOnAnyVcpu()
    {
        CallRecorder recorder = Make();
        recorder.OnEntry(Entry('f', 90, 2) with { Thread = 1 });
        recorder.OnEntry(Entry('g', 95, 2) with { Thread = 2 });
        recorder.OnEntry(Entry('h', 80, 3) with { Thread = 1, Vcpu = 1 });
        recorder.OnReturn(Return(95, 2) with { Thread = 2 });
        recorder.OnReturn(Return(80, 3) with { Thread = 1 });
        recorder.OnReturn(Return(90, 2) with { Thread = 1, Vcpu = 1 });
        Assert.Equal("g returned 0, h<f returned 0, f returned 0", Text());
        Assert.Equal([2L, 1L, 1L], _log.Ended.Select(static call => call.ThreadNumber));
    }

    [Fact]
    public void TimeThatRunsBackwardsStandsStill()
    {
        CallRecorder recorder = Make();
        recorder.OnEntry(Entry('f', 90, 2) with { Time = 50 });
        recorder.OnEntry(Entry('g', 80, 2) with { Time = 40 });
        recorder.OnReturn(Return(80, 2) with { Time = 30 });
        recorder.OnReturn(Return(90, 2) with { Time = 60 });
        Assert.Equal([(50UL, 50UL), (50UL, 60UL)], _log.Ended.Select(static call => (call.Entry.Time, call.EndTime)));
    }

    [Fact]
    public void DeeperCallsAreCountedAndTheirReturnsToldFromOthers()
    {
        CallRecorder recorder = Make(new CallRecorderOptions { MaximumDepth = 2 });
        recorder.OnEntry(Entry('a', 100, 1));
        recorder.OnEntry(Entry('b', 90, 1));
        recorder.OnEntry(Entry('c', 80, 1));
        recorder.OnEntry(Entry('d', 70, 1));
        recorder.OnReturn(Return(70, 1));
        recorder.OnReturn(Return(80, 1));
        recorder.OnReturn(Return(90, 1));
        recorder.OnEntry(Entry('e', 90, 2));
        recorder.OnReturn(Return(90, 2));
        recorder.OnReturn(Return(100, 1));
        Assert.Equal("b<a returned 0, e<a returned 0, a returned 0", Text());
        Assert.Equal((2L, 0L), (recorder.Statistics.TooDeep, recorder.Statistics.UnmatchedReturns));
    }

    [Fact]
    public void TheThreadThatIsQuietForLongestGivesWay()
    {
        CallRecorder recorder = Make(new CallRecorderOptions { MaximumThreads = 2 });
        recorder.OnEntry(Entry('a', 100, 1) with { Thread = 1 });
        recorder.OnEntry(Entry('b', 100, 1) with { Thread = 2 });
        recorder.OnEntry(Entry('c', 90, 1) with { Thread = 1 });
        recorder.OnEntry(Entry('d', 100, 1) with { Thread = 3 });
        recorder.OnReturn(Return(90, 1) with { Thread = 1 });
        recorder.OnReturn(Return(100, 1) with { Thread = 2 });
        Assert.Equal("b unfinished, c<a returned 0, d unfinished", Text());
        Assert.Equal((2L, 1L), (recorder.Statistics.ForgottenThreads, recorder.Statistics.UnmatchedReturns));
    }

    [Fact]
    public void WhatTheFilterLeavesOutStillNestsAndReturns()
    {
        CallRecorder recorder = Make(new CallRecorderOptions { Filter = static (in CallEntry entry) => entry.Function != new Va('g') });
        recorder.OnEntry(Entry('f', 100, 1));
        recorder.OnEntry(Entry('g', 90, 1));
        recorder.OnEntry(Entry('h', 80, 1));
        recorder.OnReturn(Return(80, 1));
        recorder.OnReturn(Return(90, 1));
        recorder.OnReturn(Return(100, 1));
        Assert.Equal("h<f returned 0, f returned 0", Text());
        Assert.Equal((1L, 0L), (recorder.Statistics.Filtered, recorder.Statistics.UnmatchedReturns));
    }

    [Fact]
    public void AFunctionHasItsNumberOfCallsInEachWindow()
    {
        var limiter = new CallRateLimiter(2, 10, maximumFunctions: 2);
        Assert.Equal("++-+-++-", Ask(('f', 5), ('f', 6), ('f', 14), ('g', 14), ('f', 4), ('f', 15), ('f', 16), ('f', 24)));
        Assert.Equal(3, limiter.Suppressed);

        // There is a count for two functions; the others share one.
        Assert.Equal("++-+", Ask(('h', 5), ('i', 5), ('j', 5), ('j', 15)));

        string Ask(params (char Function, ulong Time)[] calls) =>
            string.Concat(calls.Select(call => limiter.Allow(new CallEntry { Function = new Va(call.Function), Time = call.Time }) ? '+' : '-'));
    }

    [Fact]
    public void AfterTheEndNothingIsTaken()
    {
        CallRecorder recorder = Make();
        recorder.Complete();
        recorder.Complete();
        Assert.NotNull(_log.Final);
        Assert.Throws<InvalidOperationException>(() => recorder.OnEntry(Entry('f', 1, 1)));
        Assert.Throws<InvalidOperationException>(() => recorder.OnReturn(Return(1, 1)));
    }

    [Fact]
    public void MisuseIsNamed()
    {
        Assert.Throws<ArgumentException>("observers", () => new CallRecorder(null, _log, null!));
        Assert.Throws<ArgumentException>("registers", () => new CallArguments(new ulong[7]));
        Assert.Throws<ArgumentOutOfRangeException>("index", () => default(CallArguments)[8]);
        Assert.Throws<ArgumentOutOfRangeException>(() => new CallRecorderOptions { MaximumDepth = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new CallRecorderOptions { MaximumThreads = 0x10_0001 });
        Assert.Throws<ArgumentOutOfRangeException>("length", () => new CallRateLimiter(1, 0));
    }

    [Fact]
    public void AnythingEndsBalanced() => Prop.ForAll(CallStream.Any.ToArbitrary(), Gen.Choose(1, 4).ToArbitrary(), Gen.Choose(1, 5).ToArbitrary(), static (steps, depth, threads) =>
    {
        var log = new CallLog();
        var options = new CallRecorderOptions { MaximumDepth = depth, MaximumThreads = threads, Filter = static (in CallEntry entry) => entry.Function != new Va(0x3000) };
        CallStream.Feed(new CallRecorder(options, log), steps);
        CallStatistics final = log.Final!.Value;
        Assert.Equal(steps.Count, final.Entries + final.Returns);
        Assert.True(log.Ended.Count(static call => call.End == CallEnd.Returned) <= final.Returns - final.UnmatchedReturns);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    [Fact]
    public void ForestsAreRecordedAsTheyGrewWhateverReturnsAreMissing()
    {
        Gen<List<(int Thread, int Action, int Function, bool IsLost)>> actions = Gen.ListOf(
            from thread in Gen.Choose(0, 3)
            from action in Gen.Choose(0, 9)
            from function in Gen.Choose(1, 5)
            from isLost in Gen.Frequency((4, Gen.Constant(false)), (1, Gen.Constant(true)))
            select (thread, action, function, isLost));
        Prop.ForAll(actions.ToArbitrary(), CheckForest).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
    }

    [Fact]
    public void EventsAllocateNothing()
    {
        var recorder = new CallRecorder(new CallRecorderOptions { Filter = new CallRateLimiter(1000, 1000).Allow }, new CallTree());
        for (int i = 0; i < 100; i++)
        {
            Feed();
        }

        Assert.Equal(0, Allocation.Of(Feed));

        void Feed()
        {
            for (ulong thread = 0; thread < 8; thread++)
            {
                for (ulong depth = 0; depth < 20; depth++)
                {
                    recorder.OnEntry(Entry('f', 1000 - depth, 1) with { Thread = thread });
                }

                for (ulong depth = 10; depth-- > 0;)
                {
                    recorder.OnReturn(Return(1000 - depth, 1) with { Thread = thread });
                }
            }
        }
    }

    private static void CheckForest(List<(int Thread, int Action, int Function, bool IsLost)> actions)
    {
        const int LastCall = 5;
        const int TailCall = 6;
        const int LongJump = 7;
        var log = new CallLog();
        var recorder = new CallRecorder(null, log);
        var stacks = new Dictionary<int, Stack<Truth>>();
        var all = new List<Truth>();
        ulong time = 0;
        foreach ((int thread, int action, int function, bool isLost) in actions)
        {
            stacks.TryAdd(thread, new Stack<Truth>());
            Stack<Truth> stack = stacks[thread];
            if (action <= LastCall)
            {
                // Each call has a place of its own that it returns to.
                Enter(new Truth(all.Count + 1, stack.TryPeek(out Truth? outer) ? outer.Id : 0, function, 0x10_000 - (32 * (ulong)stack.Count), 4 * (ulong)all.Count));
            }
            else if (action == TailCall && stack.TryPop(out Truth? caller))
            {
                caller.End = CallEnd.TailCall;
                Enter(caller with { Id = all.Count + 1, Function = 6 - caller.Function == caller.Function ? 1 : 6 - caller.Function, End = CallEnd.Unfinished });
            }
            else if (action == LongJump)
            {
                for (int i = 0; i < function && stack.TryPop(out Truth? skipped); i++)
                {
                    skipped.End = CallEnd.Unseen;
                }
            }
            else if (stack.TryPop(out Truth? left))
            {
                left.End = isLost ? CallEnd.Unseen : CallEnd.Returned;
                if (!isLost)
                {
                    recorder.OnReturn(new CallReturn
                    {
                        Thread = (ulong)thread, Time = ++time, StackPointer = left.StackPointer, ReturnAddress = new Va(left.ReturnAddress), Value = (ulong)left.Id,
                    });
                }
            }

            void Enter(Truth call)
            {
                stack.Push(call);
                all.Add(call);
                recorder.OnEntry(new CallEntry
                {
                    Thread = (ulong)thread, Time = ++time, Function = new Va((ulong)call.Function), StackPointer = call.StackPointer, ReturnAddress = new Va(call.ReturnAddress),
                });
            }
        }

        recorder.Complete();
        Assert.Equal(all.Count, log.Ended.Count);
        Assert.Equal(0, recorder.Statistics.UnmatchedReturns);
        foreach (CallRecord call in log.Ended)
        {
            Truth truth = all[(int)call.Id - 1];
            Assert.Equal((truth.ParentId, (ulong)truth.Function), (call.ParentId, call.Entry.Function.Value));
            Assert.Equal(truth.End == CallEnd.Returned ? (ulong)call.Id : 0, call.ReturnValue);

            // Nobody may have told yet that it is over.
            Assert.True(call.End == truth.End || (truth.End == CallEnd.Unseen && call.End == CallEnd.Unfinished), $"{call.End} instead of {truth.End}");
        }
    }

    private CallRecorder Make(CallRecorderOptions? options = null) => new(options, _log);

    private CallEntry Entry(char function, ulong stackPointer, ulong caller) =>
        new() { Function = new Va(function), StackPointer = stackPointer, ReturnAddress = new Va(caller), Time = ++_time };

    private CallReturn Return(ulong stackPointer, ulong caller, ulong value = 0) =>
        new() { StackPointer = stackPointer, ReturnAddress = new Va(caller), Value = value, Time = ++_time };

    // name<parent end value
    private string Text() => string.Join(", ", _log.Ended.Select(call =>
        (char)call.Entry.Function.Value
        + (call.ParentId == 0 ? string.Empty : "<" + (char)_log.Entered[(int)call.ParentId - 1].Entry.Function.Value)
        + " " + call.End.ToString().ToLowerInvariant()
        + (call.End == CallEnd.Returned ? " " + call.ReturnValue : string.Empty)));

    private sealed record Truth(long Id, long ParentId, int Function, ulong StackPointer, ulong ReturnAddress)
    {
        public CallEnd End { get; set; } = CallEnd.Unfinished;
    }
}
