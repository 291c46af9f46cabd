namespace HvIntrospect.Interpreter.Operations;

/// <summary>The fields that most instruction words have in the same places.</summary>
internal static class WordFields
{
    /// <summary>Gets Rd or Rt: bits 4:0.</summary>
    /// <param name="word">The instruction word.</param>
    /// <returns>0 to 31.</returns>
    public static uint Rd(uint word) => word & 0x1F;

    /// <summary>Gets Rn: bits 9:5.</summary>
    /// <param name="word">The instruction word.</param>
    /// <returns>0 to 31.</returns>
    public static uint Rn(uint word) => (word >> 5) & 0x1F;

    /// <summary>Gets Ra: bits 14:10.</summary>
    /// <param name="word">The instruction word.</param>
    /// <returns>0 to 31.</returns>
    public static uint Ra(uint word) => (word >> 10) & 0x1F;

    /// <summary>Gets Rm: bits 20:16.</summary>
    /// <param name="word">The instruction word.</param>
    /// <returns>0 to 31.</returns>
    public static uint Rm(uint word) => (word >> 16) & 0x1F;

    /// <summary>Gets an unsigned field.</summary>
    /// <param name="word">The instruction word.</param>
    /// <param name="low">Its lowest bit.</param>
    /// <param name="width">Its width.</param>
    /// <returns>The field.</returns>
    public static uint Unsigned(uint word, int low, int width) => (word >> low) & ((1u << width) - 1);

    /// <summary>Gets a signed field.</summary>
    /// <param name="word">The instruction word.</param>
    /// <param name="low">Its lowest bit.</param>
    /// <param name="width">Its width.</param>
    /// <returns>The field.</returns>
    public static long Signed(uint word, int low, int width) => (int)(word << (32 - low - width)) >> (32 - width);

    /// <summary>Tests whether the instruction is the 64-bit one: bit 31.</summary>
    /// <param name="word">The instruction word.</param>
    /// <returns>True when sf is 1.</returns>
    public static bool Is64(uint word) => (word & 0x8000_0000) != 0;
}
