using System;
using HvIntrospect.A64;

namespace HvIntrospect.Samples.Decode.Words;

/// <summary>Why the fields of a load/store make its word UNDEFINED although its fixed bits are those of an instruction.</summary>
internal static class UndefinedReason
{
    private const uint OddRs = 1 << 16;
    private const uint OddRt = 1;
    private const uint AllRt = 0x1F;

    /// <summary>Gets the reason.</summary>
    /// <param name="word">The word.</param>
    /// <param name="encodingIndex">The encoding whose fixed bits it has.</param>
    public static ReadOnlySpan<byte> Of(uint word, int encodingIndex)
    {
        ReadOnlySpan<byte> name = EncodingNames.Of(encodingIndex).Class;
        return name.StartsWith("asisdlse"u8) ? "1D arrangement reserved"u8
            : name.SequenceEqual("memop"u8) ? "Rt odd or >22"u8
            : name.SequenceEqual("memop_128"u8) ? (word & AllRt) == AllRt ? "Rt=31"u8 : "Rt2=31"u8
            : (word & OddRs) != 0 ? "Rs odd"u8
            : (word & OddRt) != 0 ? "Rt odd"u8
            : "reserved"u8;
    }
}
