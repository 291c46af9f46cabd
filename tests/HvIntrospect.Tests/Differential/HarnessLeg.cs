using System;
using System.Collections.Generic;

namespace HvIntrospect.Tests.Differential;

/// <summary>The executor that shares no code and knows the extensions: qemu-aarch64, many cases at a time.</summary>
internal static class HarnessLeg
{
    private const uint Flags = 0xf000_0000;
    private const uint BusError = 7;

    /// <summary>Executes cases.</summary>
    /// <param name="cases">The cases; what they access lies in the window, or at nothing that is mapped.</param>
    /// <param name="window">The address of the memory that is given to each case; the pages that hold it are all there are.</param>
    /// <param name="windowSize">Its size in bytes, at most a page.</param>
    /// <param name="checksTags">Whether the window has the tags of <see cref="TestLayout.TagOf"/> and accesses are checked against them.</param>
    /// <returns>The outcomes; bytes outside of the window are as they were given.</returns>
    public static unsafe IReadOnlyList<Outcome> Execute(IReadOnlyList<LoadStoreCase> cases, ulong window, int windowSize, bool checksTags = false)
    {
        var states = new HarnessState[cases.Count];
        byte[] memory = new byte[cases.Count * windowSize];
        int offset = (int)(window - TestLayout.Data);
        for (int i = 0; i < states.Length; i++)
        {
            LoadStoreCase given = cases[i];
            ref HarnessState state = ref states[i];
            for (int x = 0; x < given.X.Length; x++)
            {
                state.X[x] = given.X[x];
            }

            for (int v = 0; v < given.V.Length; v++)
            {
                state.V[2 * v] = (ulong)given.V[v];
                state.V[(2 * v) + 1] = (ulong)(given.V[v] >> 64);
            }

            state.Sp = given.Sp;
            state.Pc = given.Pc;
            state.Pstate = given.Nzcv;
            state.Word = given.Word;
            given.Memory.AsSpan(offset, windowSize).CopyTo(memory.AsSpan(i * windowSize));
        }

        IReadOnlyList<HarnessResult> results = Aarch64Harness.Execute(
            "max,sve=off", TestLayout.Code, TestLayout.CodeSize, states, window, windowSize, memory, checksTags);
        var outcomes = new List<Outcome>(states.Length);
        for (int i = 0; i < states.Length; i++)
        {
            outcomes.Add(Read(cases[i], results[i], offset));
        }

        return outcomes;
    }

    private static unsafe Outcome Read(LoadStoreCase given, HarnessResult result, int offset)
    {
        HarnessState state = result.State;
        bool isExecuted = result.Ending.Signal == HarnessEnding.Trap && state.Pc != given.Pc;
        Outcome outcome = new()
        {
            Sp = state.Sp,
            Pc = state.Pc,
            Nzcv = state.Pstate & Flags,
            FaultAddress = result.Ending.Address,
            Fault = result.Ending.Signal switch
            {
                _ when isExecuted => FaultKind.None,
                HarnessEnding.SegmentationFault when result.Ending.Code == HarnessEnding.TagCheck => FaultKind.TagCheck,
                HarnessEnding.SegmentationFault => FaultKind.Memory,
                HarnessEnding.IllegalInstruction => FaultKind.Undefined,
                BusError => FaultKind.Alignment,
                _ => throw new InvalidOperationException($"The harness ended {given} by signal {result.Ending.Signal}."),
            },
        };
        for (int x = 0; x < outcome.X.Length; x++)
        {
            outcome.X[x] = state.X[x];
        }

        for (int v = 0; v < outcome.V.Length; v++)
        {
            outcome.V[v] = new UInt128(state.V[(2 * v) + 1], state.V[2 * v]);
        }

        given.Memory.CopyTo(outcome.Memory, 0);
        result.Memory.Span.CopyTo(outcome.Memory.AsSpan(offset));
        return outcome;
    }
}
