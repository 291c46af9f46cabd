using System;
using HvIntrospect.A64;
using HvIntrospect.Tests.Differential;

namespace HvIntrospect.Tests.Interpreter;

/// <summary>Makes states and words for the differential tests, biased to the corners of integers and floating-point numbers.</summary>
internal static unsafe class WordCases
{
    /// <summary>The pages of code that cases lie in; the same addresses in the interpreter and in the harness.</summary>
    public const ulong Code = ScratchProcessor.CodeVa;

    public const ulong CodeSize = 0x4000;

    private static readonly ulong[] s_integers =
    [
        0, 1, 2, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF, 0x1_0000_0000,
        0x7FFF_FFFF_FFFF_FFFF, 0x8000_0000_0000_0000, 0xFFFF_FFFF_8000_0000, 0xFFFF_FFFF_FFFF_FFFF, 0xFFFF_FFFF_FFFF_FFFE, 0x5555_5555_AAAA_AAAA,
    ];

    private static readonly uint[] s_singles =
    [
        0x0000_0000, 0x8000_0000, 0x0000_0001, 0x8000_0001, 0x007F_FFFF, 0x0080_0000, 0x8080_0000, 0x0080_0001, 0x3F80_0000, 0xBF80_0000,
        0x3FC0_0000, 0x3F00_0000, 0xBF00_0000, 0x3EFF_FFFF, 0x4B80_0000, 0x4F00_0000, 0xCF00_0000, 0x4F80_0000, 0x5F00_0000, 0xDF00_0000, 0x5F80_0000,
        0x7F7F_FFFF, 0xFF7F_FFFF, 0x7F80_0000, 0xFF80_0000, 0x7FC0_0000, 0xFFC1_2345, 0x7F80_0001, 0xFF92_3456, 0x3380_0000, 0x387F_C000, 0x477F_E000, 0x477F_F000,
    ];

    private static readonly ulong[] s_doubles =
    [
        0x0000_0000_0000_0000, 0x8000_0000_0000_0000, 1, 0x8000_0000_0000_0001, 0x000F_FFFF_FFFF_FFFF, 0x0010_0000_0000_0000, 0x8010_0000_0000_0001,
        0x3FF0_0000_0000_0000, 0xBFF0_0000_0000_0000, 0x3FF8_0000_0000_0000, 0x3FE0_0000_0000_0000, 0xBFE0_0000_0000_0000, 0x3FDF_FFFF_FFFF_FFFF,
        0x41DF_FFFF_FFC0_0000, 0xC1E0_0000_0000_0000, 0x41EF_FFFF_FFE0_0000, 0x43E0_0000_0000_0000, 0xC3E0_0000_0000_0000, 0x43F0_0000_0000_0000,
        0x7FEF_FFFF_FFFF_FFFF, 0xFFEF_FFFF_FFFF_FFFF, 0x7FF0_0000_0000_0000, 0xFFF0_0000_0000_0000, 0x7FF8_0000_0000_0000, 0xFFF8_1234_5678_9ABC,
        0x7FF0_0000_0000_0001, 0xFFF2_3456_789A_BCDE, 0x36A0_0000_0000_0000, 0x380F_FFFF_F000_0000, 0x47EF_FFFF_F000_0000, 0x3F10_0000_0000_0000, 0x40EF_FE00_0000_0000,
    ];

    private static readonly uint[] s_controls = [0, 0, 0, 0, 0, 1 << 22, 2 << 22, 3 << 22, 1 << 24, 1 << 25, 3 << 24, 1 << 26, (1 << 26) | (2 << 22)];

    private static readonly uint[] s_statuses = [0, 0, 0x10, 0x10, 0x0800_009F];

    /// <summary>Fills in everything but the word and what the word aims at.</summary>
    /// <param name="random">The source of choices.</param>
    /// <returns>The state.</returns>
    public static HarnessState MakeState(Random random)
    {
        HarnessState state = default;
        for (int i = 0; i < 31; i++)
        {
            state.X[i] = Integer(random);
        }

        state.Sp = Integer(random);
        state.Pc = Code + ((ulong)random.Next(1, ((int)CodeSize / 4) - 1) * 4);
        state.Pstate = (uint)random.Next(16) << 28;
        for (int i = 0; i < 64; i++)
        {
            state.V[i] = VectorHalf(random);
        }

        // Results of two operands are more telling when these are near each other.
        for (int i = 0; i < 64; i += 2)
        {
            if (random.Next(4) == 0)
            {
                int other = random.Next(32) * 2;
                state.V[i] = state.V[other] ^ (ulong)random.Next(4);
                state.V[i + 1] = state.V[other + 1] ^ ((ulong)random.Next(2) << 63);
            }
        }

        state.Fpcr = s_controls[random.Next(s_controls.Length)];
        state.Fpsr = s_statuses[random.Next(s_statuses.Length)];
        return state;
    }

    /// <summary>Makes a word of an encoding.</summary>
    /// <param name="row">The encoding.</param>
    /// <param name="random">The source of choices.</param>
    /// <returns>A word with the fixed bits, and ones where they should be; the row's UNDEFINED rule may apply.</returns>
    public static uint MakeWord(EncodingRow row, Random random)
    {
        uint word = row.Value | row.FieldMask('S');
        uint free = ~row.Mask & ~row.FieldMask('S') & ~row.FieldMask('Z');
        word |= (random.Next(6) switch
        {
            0 => 0u,
            1 => uint.MaxValue,
            _ => (uint)random.NextInt64(1L << 32),
        }) & free;

        // Registers vary even when the immediates are all zeros or ones, and are often the same or number 31.
        uint shared = Register(random);
        foreach (char letter in "dnmat")
        {
            uint field = row.FieldMask(letter);
            if (field != 0)
            {
                uint register = random.Next(6) == 0 ? shared : Register(random);
                word = (word & ~field) | ((register << System.Numerics.BitOperations.TrailingZeroCount(field)) & field);
            }
        }

        return word;
    }

    private static uint Register(Random random) => random.Next(8) == 0 ? 31u : (uint)random.Next(32);

    private static ulong Integer(Random random) => random.Next(4) switch
    {
        0 => s_integers[random.Next(s_integers.Length)],
        1 => s_integers[random.Next(s_integers.Length)] + (ulong)random.Next(-2, 3),
        2 => (ulong)random.Next(-128, 128),
        _ => (ulong)random.NextInt64(long.MinValue, long.MaxValue) >> random.Next(64),
    };

    private static ulong VectorHalf(Random random) => random.Next(8) switch
    {
        0 or 1 => s_doubles[random.Next(s_doubles.Length)],
        2 => Single(random) | ((ulong)Single(random) << 32),
        3 => Single(random),
        4 => Integer(random),

        // A double or two singles of ordinary size, where roundings happen.
        5 => (0x3FE0_0000_0000_0000 + ((ulong)random.Next(64) << 52)) ^ (ulong)random.NextInt64(1L << 52) ^ ((ulong)random.Next(2) << 63),
        6 => Ordinary(random) | ((ulong)Ordinary(random) << 32),
        _ => (ulong)random.NextInt64(long.MinValue, long.MaxValue),
    };

    private static uint Single(Random random) => s_singles[random.Next(s_singles.Length)];

    private static uint Ordinary(Random random) => (0x3F00_0000 + ((uint)random.Next(64) << 23)) ^ (uint)random.Next(1 << 23) ^ ((uint)random.Next(2) << 31);
}
