namespace HvIntrospect.Interpreter.State;

/// <summary>Choices that the architecture leaves to the machine, by a seed: the same ones in every run from the same state.</summary>
internal static unsafe class SeededChoice
{
    /// <summary>Gets the state from which a vCPU's choices begin.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="index">The vCPU's number.</param>
    /// <returns>Never 0, which stands for no seed.</returns>
    public static ulong Start(ulong seed, int index)
    {
        ulong state = (seed + 1 + (ulong)index) * 0x9E37_79B9_7F4A_7C15;
        state = (state ^ (state >> 30)) * 0xBF58_476D_1CE4_E5B9;
        state = (state ^ (state >> 27)) * 0x94D0_49BB_1331_11EB;
        return (state ^ (state >> 31)) | 1;
    }

    /// <summary>Tells whether the vCPU has a seed; without one a choice is always the most regular one.</summary>
    /// <param name="cpu">The vCPU.</param>
    /// <returns>True when it has.</returns>
    public static bool HasSeed(CpuState* cpu) => cpu->System.ChoiceState != 0;

    /// <summary>Makes a choice.</summary>
    /// <param name="cpu">The vCPU, which has a seed.</param>
    /// <param name="count">The number of possibilities, at least 1.</param>
    /// <returns>0 to <paramref name="count"/> - 1.</returns>
    public static int Next(CpuState* cpu, int count) => Next(ref cpu->System.ChoiceState, count);

    /// <summary>Makes a choice.</summary>
    /// <param name="state">From where to go on, not 0; from where the next choice goes on.</param>
    /// <param name="count">The number of possibilities, at least 1.</param>
    /// <returns>0 to <paramref name="count"/> - 1.</returns>
    public static int Next(ref ulong state, int count)
    {
        // xorshift64*: the upper bits are the good ones.
        ulong next = state;
        next ^= next >> 12;
        next ^= next << 25;
        next ^= next >> 27;
        state = next;
        return (int)(((next * 0x2545_F491_4F6C_DD1D) >> 33) * (ulong)count >> 31);
    }
}
