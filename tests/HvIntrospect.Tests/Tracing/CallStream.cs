using System.Collections.Generic;
using FsCheck;
using FsCheck.Fluent;
using HvIntrospect.Tooling.Tracing;

namespace HvIntrospect.Tests.Tracing;

/// <summary>Feeds recorders with entries and returns that nobody made: any numbers, from few, so that they meet.</summary>
internal static class CallStream
{
    public static Gen<List<Step>> Any { get; } = Gen.ListOf(
        from isEntry in Gen.Elements(true, true, false)
        from thread in Gen.Choose(0, 4)
        from vcpu in Gen.Choose(0, 1)
        from function in Gen.Choose(1, 5)
        from stack in Gen.Choose(0, 6)
        from caller in Gen.Choose(1, 3)
        from time in Gen.Choose(0, 1000)
        select new Step(isEntry, (ulong)thread, vcpu, 0x1000 * (ulong)function, 16 * (ulong)stack, 4 * (ulong)caller, (ulong)time)).Select(static steps => steps);

    public static void Feed(CallRecorder recorder, List<Step> steps)
    {
        foreach (Step step in steps)
        {
            step.Feed(recorder);
        }

        recorder.Complete();
    }

    internal sealed record Step(bool IsEntry, ulong Thread, int Vcpu, ulong Function, ulong StackPointer, ulong Caller, ulong Time)
    {
        public void Feed(CallRecorder recorder)
        {
            if (IsEntry)
            {
                recorder.OnEntry(new CallEntry
                {
                    Function = new Va(Function),
                    Vcpu = Vcpu,
                    Thread = Thread,
                    Time = Time,
                    StackPointer = StackPointer,
                    ReturnAddress = new Va(Caller),
                    Arguments = new CallArguments([Function, 1, 2, 3, 4, 5, 6, ulong.MaxValue]),
                });
            }
            else
            {
                recorder.OnReturn(new CallReturn
                {
                    Vcpu = Vcpu,
                    Thread = Thread,
                    Time = Time,
                    StackPointer = StackPointer,
                    ReturnAddress = new Va(Caller),
                    Value = Function,
                });
            }
        }
    }
}
