namespace HvIntrospect.Interpreter.Checking;

/// <summary>The instructions that may be replaced by one another while a core executes them.</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), "Concurrent modification and execution of instructions".</remarks>
internal static class ConcurrentlyModifiable
{
    private const uint Nop = 0xD503201F;

    /// <summary>Tells whether a word is one of B, BL, BRK, HVC, ISB, NOP, SMC and SVC.</summary>
    /// <param name="word">The word.</param>
    /// <returns>True when it is.</returns>
    public static bool Contains(uint word) =>
        (word & 0x7C000000) == 0x14000000
        || (word & 0xFFE0001F) is 0xD4200000 or 0xD4000001 or 0xD4000002 or 0xD4000003
        || (word & 0xFFFFF0FF) == 0xD50330DF
        || word == Nop;
}
