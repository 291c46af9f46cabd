using HvIntrospect.Registers;

namespace HvIntrospect.Introspection;

/// <summary>Executes the instructions that compilers put between a load-exclusive and its store: arithmetic and moves of general-purpose registers, and branches on them.</summary>
/// <remarks>
/// Arm Architecture Reference Manual (DDI 0487), "Data Processing - Immediate", "Data Processing - Register" and "Branches". None of them can fault, nor is affected by
/// a control register. What it does not know it leaves alone; writes of SP are among that.
/// </remarks>
internal static class SimpleInstruction
{
    private const int Zero = 31;
    private const int FlagsShift = 28;
    private const uint Negative = 8;
    private const uint IsZero = 4;
    private const uint Carry = 2;
    private const uint Overflow = 1;

    /// <summary>Executes one instruction.</summary>
    /// <param name="core">The registers; PC is the instruction's.</param>
    /// <param name="word">The instruction word.</param>
    /// <returns>False when it is another instruction; then nothing was changed.</returns>
    public static bool TryExecute(ref CoreRegisters core, uint word)
    {
        // What does not branch goes on behind it.
        long distance = sizeof(uint);
        bool isExecuted = Field(word, 23, 6) switch
        {
            0b100010 => TryAddImmediate(ref core, word),
            0b100100 => TryLogicalImmediate(ref core, word),
            0b100101 => TryMoveWide(ref core, word),
            0b100110 => TryBitfield(ref core, word),
            0b100111 => TryExtract(ref core, word),
            _ => Field(word, 24, 5) switch
            {
                0b01010 => TryLogicalShifted(ref core, word),
                0b01011 => TryAddRegister(ref core, word),
                0b11010 => TrySelect(ref core, word),
                _ => TryBranch(core, word, ref distance),
            },
        };
        if (isExecuted)
        {
            core.Pc += unchecked((ulong)distance);
        }

        return isExecuted;
    }

    private static bool TryBranch(in CoreRegisters core, uint word, ref long distance)
    {
        bool isTaken;
        int bits = 19;
        int shift = 5;
        if ((word & 0xFF00_0010) == 0x5400_0000)
        {
            isTaken = Holds(core, word & 15);
        }
        else if ((word & 0x7E00_0000) == 0x3400_0000)
        {
            isTaken = (Get(core, word, 0, Is64(word)) == 0) == (Field(word, 24, 1) == 0);
        }
        else if ((word & 0x7E00_0000) == 0x3600_0000)
        {
            int bit = (int)(((word >> 31) << 5) | Field(word, 19, 5));
            isTaken = ((Get(core, word, 0, is64: true) >> bit) & 1) == Field(word, 24, 1);
            bits = 14;
        }
        else if ((word & 0xFC00_0000) == 0x1400_0000)
        {
            isTaken = true;
            (bits, shift) = (26, 0);
        }
        else
        {
            return false;
        }

        if (isTaken)
        {
            distance = ((long)((ulong)Field(word, shift, bits) << (64 - bits)) >> (64 - bits)) * sizeof(uint);
        }

        return true;
    }

    private static bool TryAddImmediate(ref CoreRegisters core, uint word)
    {
        ulong operand = (ulong)Field(word, 10, 12) << (Field(word, 22, 1) == 0 ? 0 : 12);
        return TryAdd(ref core, word, GetOrSp(core, word), operand, writesSp: true);
    }

    private static bool TryAddRegister(ref CoreRegisters core, uint word)
    {
        bool is64 = Is64(word);
        int amount = (int)Field(word, 10, 6);
        if (Field(word, 21, 1) == 0)
        {
            uint kind = Field(word, 22, 2);
            return kind != 3 && (is64 || amount < 32)
                && TryAdd(ref core, word, Get(core, word, 5, is64), Shift(Get(core, word, 16, is64), kind, amount, is64), writesSp: false);
        }

        uint option = Field(word, 13, 3);
        amount = (int)Field(word, 10, 3);
        if (Field(word, 22, 2) != 0 || amount > 4)
        {
            return false;
        }

        int unused = 64 - (8 << (int)(option & 3));
        ulong value = Get(core, word, 16, is64: true) << unused;
        value = (option & 4) == 0 ? value >> unused : unchecked((ulong)((long)value >> unused));
        return TryAdd(ref core, word, GetOrSp(core, word), value << amount, writesSp: true);
    }

    private static bool TryAdd(ref CoreRegisters core, uint word, ulong left, ulong right, bool writesSp)
    {
        bool is64 = Is64(word);
        bool isSubtraction = Field(word, 30, 1) != 0;
        bool setsFlags = Field(word, 29, 1) != 0;
        if (writesSp && !setsFlags && Field(word, 0, 5) == Zero)
        {
            return false;
        }

        ulong result = Add(left, isSubtraction ? ~right : right, isSubtraction, is64, out uint flags);
        Set(ref core, word, result, is64);
        if (setsFlags)
        {
            SetFlags(ref core, flags);
        }

        return true;
    }

    private static bool TryLogicalImmediate(ref CoreRegisters core, uint word)
    {
        // Register 31 is SP here, unless it sets the flags.
        bool is64 = Is64(word);
        return TryDecodeMask(Field(word, 22, 1), Field(word, 10, 6), Field(word, 16, 6), is64, out ulong mask)
            && (Field(word, 29, 2) == 3 || Field(word, 0, 5) != Zero)
            && TryLogical(ref core, word, mask, is64);
    }

    private static bool TryLogicalShifted(ref CoreRegisters core, uint word)
    {
        bool is64 = Is64(word);
        int amount = (int)Field(word, 10, 6);
        if (!is64 && amount >= 32)
        {
            return false;
        }

        ulong operand = Shift(Get(core, word, 16, is64), Field(word, 22, 2), amount, is64);
        return TryLogical(ref core, word, Field(word, 21, 1) == 0 ? operand : ~operand, is64);
    }

    private static bool TryLogical(ref CoreRegisters core, uint word, ulong operand, bool is64)
    {
        ulong left = Get(core, word, 5, is64);
        uint operation = Field(word, 29, 2);
        ulong result = operation switch
        {
            1 => left | operand,
            2 => left ^ operand,
            _ => left & operand,
        };
        result &= MaskOf(is64);
        Set(ref core, word, result, is64);
        if (operation == 3)
        {
            SetFlags(ref core, SignAndZero(result, is64));
        }

        return true;
    }

    private static bool TryMoveWide(ref CoreRegisters core, uint word)
    {
        bool is64 = Is64(word);
        uint operation = Field(word, 29, 2);
        int shift = 16 * (int)Field(word, 21, 2);
        if (operation == 1 || (!is64 && shift >= 32))
        {
            return false;
        }

        ulong value = (ulong)Field(word, 5, 16) << shift;
        Set(ref core, word, operation switch
        {
            0 => ~value,
            2 => value,
            _ => (Get(core, word, 0, is64) & ~(0xFFFFUL << shift)) | value,
        }, is64);
        return true;
    }

    private static bool TryBitfield(ref CoreRegisters core, uint word)
    {
        bool is64 = Is64(word);
        int size = is64 ? 64 : 32;
        int rotation = (int)Field(word, 16, 6);
        int last = (int)Field(word, 10, 6);
        uint operation = Field(word, 29, 2);
        if (operation == 3 || Field(word, 22, 1) != 0 != is64 || rotation >= size || last >= size)
        {
            return false;
        }

        // A field of the source that ends at bit "last" moves down to bit 0, or one that begins at bit 0 moves up.
        ulong source = Get(core, word, 5, is64);
        bool movesDown = last >= rotation;
        int width = movesDown ? last - rotation + 1 : last + 1;
        int place = movesDown ? 0 : size - rotation;
        ulong field = (movesDown ? source >> rotation : source) << (64 - width);
        ulong value = (operation == 0 ? unchecked((ulong)((long)field >> (64 - width))) : field >> (64 - width)) << place;
        ulong mask = (ulong.MaxValue >> (64 - width)) << place;
        Set(ref core, word, operation == 1 ? (Get(core, word, 0, is64) & ~mask) | value : value, is64);
        return true;
    }

    private static bool TryExtract(ref CoreRegisters core, uint word)
    {
        bool is64 = Is64(word);
        int size = is64 ? 64 : 32;
        int amount = (int)Field(word, 10, 6);
        if (Field(word, 29, 2) != 0 || Field(word, 21, 1) != 0 || Field(word, 22, 1) != 0 != is64 || amount >= size)
        {
            return false;
        }

        ulong low = Get(core, word, 16, is64) >> amount;
        Set(ref core, word, amount == 0 ? low : low | (Get(core, word, 5, is64) << (size - amount)), is64);
        return true;
    }

    /// <summary>Conditional select and compare, and shifts by a register.</summary>
    private static bool TrySelect(ref CoreRegisters core, uint word)
    {
        bool is64 = Is64(word);
        uint kind = Field(word, 10, 2);
        ulong right = Get(core, word, 16, is64);
        switch (Field(word, 21, 3))
        {
            case 0b100 when Field(word, 29, 1) == 0 && kind < 2:
                // CSEL, CSINC, CSINV and CSNEG, which is the inverse and one more.
                ulong other = Field(word, 30, 1) == 0 ? right : ~right;
                Set(ref core, word, Holds(core, Field(word, 12, 4)) ? Get(core, word, 5, is64) : unchecked(other + kind), is64);
                return true;
            case 0b010 when Field(word, 29, 1) == 1 && (kind & 1) == 0 && Field(word, 4, 1) == 0:
                bool isSubtraction = Field(word, 30, 1) != 0;
                ulong operand = kind == 0 ? right : Field(word, 16, 5);
                uint flags = Field(word, 0, 4);
                if (Holds(core, Field(word, 12, 4)))
                {
                    Add(Get(core, word, 5, is64), isSubtraction ? ~operand : operand, isSubtraction, is64, out flags);
                }

                SetFlags(ref core, flags);
                return true;
            case 0b110 when Field(word, 29, 2) == 0 && Field(word, 12, 4) == 0b0010:
                int amount = (int)right & (is64 ? 63 : 31);
                Set(ref core, word, Shift(Get(core, word, 5, is64), kind, amount, is64), is64);
                return true;
            default:
                return false;
        }
    }

    private static uint Field(uint word, int low, int width) => (word >> low) & ((1u << width) - 1);

    private static bool Is64(uint word) => (word >> 31) != 0;

    private static ulong MaskOf(bool is64) => is64 ? ulong.MaxValue : uint.MaxValue;

    private static ulong Get(in CoreRegisters core, uint word, int field, bool is64)
    {
        int register = (int)Field(word, field, 5);
        return register == Zero ? 0 : core[register] & MaskOf(is64);
    }

    private static ulong GetOrSp(in CoreRegisters core, uint word) =>
        (Field(word, 5, 5) == Zero ? core.Sp : core[(int)Field(word, 5, 5)]) & MaskOf(Is64(word));

    private static void Set(ref CoreRegisters core, uint word, ulong value, bool is64)
    {
        int register = (int)Field(word, 0, 5);
        if (register != Zero)
        {
            core[register] = value & MaskOf(is64);
        }
    }

    private static void SetFlags(ref CoreRegisters core, uint flags) =>
        core.Pstate = new Spsr((core.Pstate.Value & ~(15UL << FlagsShift)) | ((ulong)flags << FlagsShift));

    private static uint SignAndZero(ulong result, bool is64) => ((result >> (is64 ? 63 : 31)) != 0 ? Negative : 0) | (result == 0 ? IsZero : 0);

    private static ulong Add(ulong left, ulong right, bool carry, bool is64, out uint flags)
    {
        ulong mask = MaskOf(is64);
        left &= mask;
        right &= mask;
        ulong result = unchecked(left + right + (carry ? 1UL : 0)) & mask;
        bool carries = carry ? result <= left : result < left;
        bool overflows = (((left ^ result) & (right ^ result)) >> (is64 ? 63 : 31)) != 0;
        flags = SignAndZero(result, is64) | (carries ? Carry : 0) | (overflows ? Overflow : 0);
        return result;
    }

    /// <summary>LSL, LSR, ASR and ROR, by fewer bits than the register has.</summary>
    private static ulong Shift(ulong value, uint kind, int amount, bool is64)
    {
        int size = is64 ? 64 : 32;
        return MaskOf(is64) & kind switch
        {
            0 => value << amount,
            1 => value >> amount,
            2 => unchecked((ulong)((is64 ? (long)value : (int)value) >> amount)),
            _ => amount == 0 ? value : (value >> amount) | (value << (size - amount)),
        };
    }

    private static bool Holds(in CoreRegisters core, uint condition)
    {
        Spsr state = core.Pstate;
        bool holds = (condition >> 1) switch
        {
            0 => state.Z,
            1 => state.C,
            2 => state.N,
            3 => state.V,
            4 => state.C && !state.Z,
            5 => state.N == state.V,
            6 => state.N == state.V && !state.Z,
            _ => true,
        };
        return (condition & 1) != 0 && condition != 15 ? !holds : holds;
    }

    /// <summary>Decodes the immediate of a logical instruction: a run of ones, rotated in an element that is repeated.</summary>
    private static bool TryDecodeMask(uint n, uint ones, uint rotation, bool is64, out ulong mask)
    {
        mask = 0;
        uint kind = (n << 6) | (~ones & 63);
        int size = 64;
        while (size > 1 && (kind & (uint)size) == 0)
        {
            size >>= 1;
        }

        if (size < 2 || (!is64 && size == 64))
        {
            return false;
        }

        int run = (int)(ones & (uint)(size - 1)) + 1;
        int by = (int)(rotation & (uint)(size - 1));
        if (run == size)
        {
            return false;
        }

        ulong element = ulong.MaxValue >> (64 - run);
        element = by == 0 ? element : ((element >> by) | (element << (size - by))) & (ulong.MaxValue >> (64 - size));
        for (int filled = size; filled < 64; filled *= 2)
        {
            element |= element << filled;
        }

        mask = element;
        return true;
    }
}
