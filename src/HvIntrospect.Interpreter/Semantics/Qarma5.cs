using System;
using System.Numerics;

namespace HvIntrospect.Interpreter.Semantics;

/// <summary>QARMA5: the 64-bit tweakable block cipher, five rounds forward and five back, that pointer authentication uses.</summary>
/// <remarks>
/// R. Avanzi, "The QARMA Block Cipher Family" (2017), with the S-box that the paper calls sigma 2; Arm Architecture Reference Manual (DDI 0487), "QARMA5".
/// A state is 16 cells of four bits; a row of four cells is 16 bits of the word.
/// </remarks>
internal static class Qarma5
{
    private const int Rounds = 5;
    private const int Cells = 16;
    private const int RowBits = 16;
    private const ulong CellMask = 15;
    private const ulong Alpha = 0xC0AC_29B7_C97C_50DD;

    // What a value of a cell becomes: value n at bits 4n+3:4n.
    private const ulong Box = 0xA12D_5473_E90C_F86B;
    private const ulong InverseBox = 0x37C4_0F62_91BA_8DE5;

    // The cell that each cell comes from, in the same form.
    private const ulong Shuffle = 0xF492_5E38_A1C7_0B6D;
    private const ulong InverseShuffle = 0xFA05_27D8_41BE_9C63;
    private const ulong TweakShuffle = 0x9A10_FEDC_832B_7654;
    private const ulong InverseTweakShuffle = 0xBA98_4EF7_3210_65DC;

    // The cells of the tweak that are stepped after the shuffle.
    private const ulong SteppedCells = 0xFF0F_F000_F00F_0F00;

    private static ReadOnlySpan<ulong> Constants => [0, 0x1319_8A2E_0370_7344, 0xA409_3822_299F_31D0, 0x082E_FA98_EC4E_6C89, 0x4528_21E6_38D0_1377];

    /// <summary>Encrypts a block.</summary>
    /// <param name="block">The block.</param>
    /// <param name="tweak">The tweak: a pointer's modifier.</param>
    /// <param name="whitening">The key's upper half.</param>
    /// <param name="core">The key's lower half.</param>
    /// <returns>The ciphertext.</returns>
    public static ulong Encrypt(ulong block, ulong tweak, ulong whitening, ulong core)
    {
        ulong reflected = BitOperations.RotateRight(whitening, 1) ^ (whitening >> 63);
        ulong state = block ^ whitening;
        for (int i = 0; i < Rounds; i++)
        {
            state ^= core ^ tweak ^ Constants[i];
            state = Substitute(i == 0 ? state : Mix(Permute(state, Shuffle)), Box);
            tweak = Step(Permute(tweak, TweakShuffle));
        }

        state = Substitute(Mix(Permute(state ^ reflected ^ tweak, Shuffle)), Box);
        state = Permute(Mix(Permute(state, Shuffle)) ^ core, InverseShuffle);
        state = Permute(Mix(Substitute(state, InverseBox)), InverseShuffle) ^ whitening ^ tweak;
        for (int i = Rounds - 1; i >= 0; i--)
        {
            state = Substitute(state, InverseBox);
            state = i == 0 ? state : Permute(Mix(state), InverseShuffle);
            tweak = Permute(StepBack(tweak), InverseTweakShuffle);
            state ^= core ^ tweak ^ Constants[i] ^ Alpha;
        }

        return state ^ reflected;
    }

    private static ulong Permute(ulong state, ulong sources)
    {
        ulong result = 0;
        for (int i = 0; i < Cells; i++)
        {
            int source = (int)((sources >> (4 * i)) & CellMask);
            result |= ((state >> (4 * source)) & CellMask) << (4 * i);
        }

        return result;
    }

    private static ulong Substitute(ulong state, ulong box)
    {
        ulong result = 0;
        for (int i = 0; i < Cells; i++)
        {
            int value = (int)((state >> (4 * i)) & CellMask);
            result |= ((box >> (4 * value)) & CellMask) << (4 * i);
        }

        return result;
    }

    // Each cell becomes a sum of the other three of its column, rotated by 1, 2 and 1.
    private static ulong Mix(ulong state) =>
        Rotate1(BitOperations.RotateRight(state, RowBits))
        ^ Rotate1(Rotate1(BitOperations.RotateRight(state, 2 * RowBits)))
        ^ Rotate1(BitOperations.RotateRight(state, 3 * RowBits));

    private static ulong Rotate1(ulong state) => ((state << 1) & 0xEEEE_EEEE_EEEE_EEEE) | ((state >> 3) & 0x1111_1111_1111_1111);

    // The shift register of a cell: b3b2b1b0 becomes (b0^b1)b3b2b1.
    private static ulong Step(ulong tweak)
    {
        ulong stepped = ((tweak >> 1) & 0x7777_7777_7777_7777) | (((tweak ^ (tweak >> 1)) & 0x1111_1111_1111_1111) << 3);
        return (tweak & ~SteppedCells) | (stepped & SteppedCells);
    }

    // And back: b3b2b1b0 becomes b2b1b0(b3^b0).
    private static ulong StepBack(ulong tweak)
    {
        ulong stepped = ((tweak << 1) & 0xEEEE_EEEE_EEEE_EEEE) | (((tweak >> 3) ^ tweak) & 0x1111_1111_1111_1111);
        return (tweak & ~SteppedCells) | (stepped & SteppedCells);
    }
}
