namespace HvIntrospect.Interpreter.Operations.LoadStores;

/// <summary>What an instruction records for a Stage 2 abort of its access: ISS[24:14].</summary>
internal static class InstructionSyndrome
{
    private const uint Isv = 1u << 24;

    /// <summary>Makes the record.</summary>
    /// <param name="word">The instruction word, whose Rt is in bits 4:0.</param>
    /// <param name="fields">SAS, SSE, SF and AR, in place.</param>
    /// <returns>ISS[24:14] in place.</returns>
    public static uint Of(uint word, uint fields) => Isv | ((word & 31) << 16) | fields;
}
