using System;

namespace HvIntrospect.Tests.Differential;

/// <summary>The result of one case.</summary>
internal sealed class HarnessResult
{
    public HarnessResult(HarnessState state, HarnessEnding ending, ReadOnlyMemory<byte> memory)
    {
        State = state;
        Ending = ending;
        Memory = memory;
    }

    public HarnessState State { get; }

    public HarnessEnding Ending { get; }

    /// <summary>Gets the memory window after the instruction.</summary>
    public ReadOnlyMemory<byte> Memory { get; }
}
