using System;
using System.Linq;
using HvIntrospect.A64;
using HvIntrospect.Registers;
using HvIntrospect.Tests.Differential;
using HvIntrospect.Tests.Support;
using Xunit;

namespace HvIntrospect.Tests.Interpreter;

/// <summary>Which words are instructions: the words one bit away from instructions, and any others, against an executor that shares no code.</summary>
public sealed class AllocationTests
{
    private const int Cases = 20_000;

    // The model of the harness has the cryptographic extension.
    private const A64Features Cryptography = A64Features.AES | A64Features.PMULL | A64Features.SHA1 | A64Features.SHA256;

    [ToolFact(Aarch64Harness.Tool)]
    public void TheSameWordsAreUndefined()
    {
        var random = new Random(1);
        EncodingRow[] rows = [.. EncodingTable.Instance.Rows.Where(row => IsDataProcessing(row.Value))];
        var states = new HarnessState[Cases];
        for (int i = 0; i < Cases;)
        {
            uint word = random.Next(8) == 0
                ? (uint)random.NextInt64(1L << 32)
                : WordCases.MakeWord(rows[random.Next(rows.Length)], random) ^ (1u << random.Next(10, 32));
            if (IsDataProcessing(word) && !IsCryptography(word))
            {
                states[i] = WordCases.MakeState(random);
                states[i++].Word = word;
            }
        }

        WordComparison.AssertEqual("cortex-a53", A64Features.CRC32, states, seed: 1);
    }

    private static bool IsDataProcessing(uint word) => EncodingGroups.Of(word) is
        EncodingGroup.DataProcessingImmediate or EncodingGroup.DataProcessingRegister or EncodingGroup.FloatingPointSimd;

    private static bool IsCryptography(uint word)
    {
        const uint Pmull64Mask = 0xBFE0_FC00;
        const uint Pmull64 = 0x0EE0_E000;
        return (word & Pmull64Mask) == Pmull64
            || EncodingTable.Instance.Rows.FirstOrDefault(row => row.Matches(word)) is EncodingRow row && (row.Feature & Cryptography) != 0;
    }
}
