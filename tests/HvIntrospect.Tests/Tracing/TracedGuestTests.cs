using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using HvIntrospect.Tests.Guests;
using HvIntrospect.Tooling.Loading;
using HvIntrospect.Tooling.Symbols;
using HvIntrospect.Tooling.Tracing;
using HvIntrospect.Watchpoints;
using Xunit;

namespace HvIntrospect.Tests.Tracing;

/// <summary>A kernel whose threads are taken off the CPU in the middle of its functions is recorded call by call: execution watches at first instructions and at returns tell of both.</summary>
public sealed class TracedGuestTests
{
    private const ulong Rounds = 20;
    private const ulong Limit = 50_000_000;
    private const ulong KernelStack = 0x2000;
    private const uint Ret = 0xD65F_03C0;

    // system_call and what it calls.
    private static readonly string[] s_patterns = ["system_call", "call_*", "semaphore_*", "pipe_????", "digest", "schedule", "switch_away", "switch_to", "enqueue", "interrupt", "thread_exit"];

    [Theory]
    [InlineData(1, 5)]
    [InlineData(2, 6)]
    public void EveryCallOfTheKernelIsRecorded(int vcpus, ulong seed)
    {
        using VirtBoard untraced = TasksGuestTests.Make(vcpus, seed);
        using VirtBoard board = TasksGuestTests.Make(vcpus, seed);
        SymbolTable symbols = board.Elf.CreateSymbolTable();
        symbols.TryFind("kernel_stacks", out Symbol stacks);
        symbols.TryFind("rounds", out Symbol rounds);
        var log = new CallLog();
        var recorder = new CallRecorder(null, log);
        var entries = new HashSet<Va>();
        foreach (Symbol function in s_patterns.SelectMany(symbols.FindMatching))
        {
            entries.Add(function.Address);
            Watch(function.Address);
            foreach (Va place in ReturnsOf(board.Elf, function))
            {
                Watch(place);
            }
        }

        foreach (VirtBoard one in (VirtBoard[])[untraced, board])
        {
            one.Machine.Memory.Write(new Ipa(rounds.Address.Value), BitConverter.GetBytes(Rounds));
            one.Run(Limit);
            Assert.Equal(0UL, one.Status);
        }

        recorder.Complete();
        Assert.Equal(untraced.Output, board.Output);

        // What the guest has counted itself: exits, yields, writes, reads, digests, additions.
        ILookup<string, CallRecord> calls = log.Ended.ToLookup(call => symbols.Format(call.Entry.Function)!);
        long[] counted = [.. board.Output.Split('\n').Where(static line => line.StartsWith("calls ", StringComparison.Ordinal)).Select(static line => Convert.ToInt64(line[6..], 16))];
        Assert.Equal(counted, new[] { "call_exit", "call_yield", "call_write", "call_read", "call_digest", "call_add" }.Select(name => (long)calls[name].Count()));
        Assert.Equal(counted.Sum(), calls["system_call"].Count());
        Assert.Equal(15 * counted[4], calls["digest"].Count());

        // Each new thread comes from a switch that it never made.
        Assert.Equal(8, recorder.Statistics.UnmatchedReturns);

        // Who exits does not return, nor do those around it; everybody else does, or leaves by a tail call.
        string[] left = ["system_call", "call_exit", "thread_exit", "switch_to"];
        Assert.Equal(8, calls["thread_exit"].Count());
        foreach (IGrouping<string, CallRecord> function in calls)
        {
            int odd = function.Count(static call => call.End is CallEnd.Unseen or CallEnd.Unfinished);
            Assert.True(odd <= (Array.IndexOf(left, function.Key) >= 0 ? 8 + vcpus : vcpus), $"{odd} of {function.Key}");
        }

        Assert.All(calls["call_digest"], static call => Assert.Equal(CallEnd.TailCall, call.End));
        Assert.All(calls["call_write"], call => Assert.Equal("system_call", symbols.Format(log.Entered[(int)call.ParentId - 1].Entry.Function)));
        Assert.All(calls["pipe_put"], call => Assert.Equal("call_write", symbols.Format(log.Entered[(int)call.ParentId - 1].Entry.Function)));
        Assert.Equal([1, 2, 3, 4], calls["digest"].Select(static call => call.Depth).Distinct().Order());
        Assert.Contains(calls["interrupt"], static call => call.Depth > 0);
        Assert.All(calls["switch_away"], static call => Assert.NotEqual(CallEnd.Unseen, call.End));
        Assert.Equal(vcpus > 1, log.Ended.Any(static call => call.Entry.Vcpu != call.EndVcpu));

        // A digest of a value is the same wherever it was made, so the value that is recorded belongs to its arguments.
        Assert.All(
            calls["digest"].GroupBy(static call => (call.Entry.Arguments[0], call.Entry.Arguments[1])),
            static same => Assert.Single(same.Select(static call => call.ReturnValue).Distinct()));

        void Watch(Va address) => board.Introspector.AddWatch(new IpaRange(new Ipa(address.Value), 4), WatchKinds.Execute, OnExecuted);

        WatchResponse OnExecuted(in WatchEvent executed)
        {
            ref readonly CoreRegisters core = ref executed.Vcpu.Core;
            ulong time = board.Machine.Scheduler.ElapsedInstructions;
            ulong thread = core.Sp - stacks.Address.Value < stacks.Size ? (core.Sp - stacks.Address.Value) / KernelStack : 0x100 + (ulong)executed.Vcpu.Index;
            if (executed.Opcode == Ret)
            {
                recorder.OnReturn(new CallReturn
                {
                    Vcpu = executed.Vcpu.Index, Thread = thread, Time = time, StackPointer = core.Sp, ReturnAddress = new Va(core[30]), Value = core[0],
                });
            }

            if (entries.Contains(executed.Pc))
            {
                recorder.OnEntry(new CallEntry
                {
                    Function = executed.Pc, Vcpu = executed.Vcpu.Index, Thread = thread, Time = time, StackPointer = core.Sp, ReturnAddress = new Va(core[30]),
                    Arguments = new CallArguments([core[0], core[1], core[2], core[3], core[4], core[5], core[6], core[7]]),
                });
            }

            return WatchResponse.Continue;
        }
    }

    private static IEnumerable<Va> ReturnsOf(ElfFile elf, Symbol function)
    {
        foreach (ElfCode code in elf.FindCode())
        {
            for (int offset = 0; offset < code.Data.Length; offset += 4)
            {
                Va address = code.Address + (ulong)offset;
                if (address - function.Address < function.Size && BinaryPrimitives.ReadUInt32LittleEndian(code.Data.Span[offset..]) == Ret)
                {
                    yield return address;
                }
            }
        }
    }
}
