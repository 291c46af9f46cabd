using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.Semantics;

namespace HvIntrospect.Interpreter.Operations.DataProcessing;

/// <summary>Binds the group "Data processing -- immediate".</summary>
internal static class DataProcessingImmediateBinders
{
    /// <summary>Adds the binders.</summary>
    /// <param name="table">The table to add them to.</param>
    public static void AddTo(OperationTable table)
    {
        table.BindClass("pcreladdr", BindPageRelative);
        table.BindClass("addsub_imm", BindAddSubtract);
        table.BindClass("log_imm", BindLogical);
        table.BindClass("movewide", BindMoveWide);
        table.BindClass("bitfield", BindBitfield);
        table.BindClass("extract", BindExtract);
    }

    private static void BindPageRelative(uint word, ref OperationBuilder builder)
    {
        bool isPage = WordFields.Is64(word);
        long offset = (WordFields.Signed(word, 5, 19) << 2) | WordFields.Unsigned(word, 29, 2);
        builder.Value.Rd = OperationBuilder.Destination(WordFields.Rd(word));
        builder.Value.Immediate = isPage ? offset << 12 : builder.PageOffset + offset;
        builder.Use<PageRelative>();
    }

    private static void BindAddSubtract(uint word, ref OperationBuilder builder)
    {
        const uint FlagsBit = 1u << 29;
        const uint ShiftBit = 1u << 22;
        builder.Value.Immediate = (long)WordFields.Unsigned(word, 10, 12) << ((word & ShiftBit) != 0 ? 12 : 0);
        builder.Value.Rn = OperationBuilder.OrSp(WordFields.Rn(word));
        builder.Value.Rd = (word & FlagsBit) != 0
            ? OperationBuilder.Destination(WordFields.Rd(word))
            : OperationBuilder.OrSp(WordFields.Rd(word));
        Forms.UseAddSubtract<SecondOperands.Immediate>(word, builder);
    }

    private static void BindLogical(uint word, ref OperationBuilder builder)
    {
        const uint SettingFlags = 3;
        uint operation = WordFields.Unsigned(word, 29, 2);
        ulong mask = Bits.LogicalImmediate(WordFields.Unsigned(word, 22, 1), WordFields.Unsigned(word, 10, 6), WordFields.Unsigned(word, 16, 6));
        builder.Value.Immediate = (long)(WordFields.Is64(word) ? mask : (uint)mask);
        builder.Value.Rn = OperationBuilder.Source(WordFields.Rn(word));
        builder.Value.Rd = operation == SettingFlags
            ? OperationBuilder.Destination(WordFields.Rd(word))
            : OperationBuilder.OrSp(WordFields.Rd(word));
        switch (operation)
        {
            case 0:
                Forms.Use<Operators.And, SecondOperands.Immediate>(word, builder);
                break;
            case 1 when WordFields.Rn(word) == 31:
                builder.Use<Constant>();
                break;
            case 1:
                Forms.Use<Operators.Or, SecondOperands.Immediate>(word, builder);
                break;
            case 2:
                Forms.Use<Operators.Xor, SecondOperands.Immediate>(word, builder);
                break;
            default:
                Forms.Use<Operators.AndSettingFlags, SecondOperands.Immediate>(word, builder);
                break;
        }
    }

    private static void BindMoveWide(uint word, ref OperationBuilder builder)
    {
        int shift = (int)WordFields.Unsigned(word, 21, 2) * 16;
        ulong value = (ulong)WordFields.Unsigned(word, 5, 16) << shift;
        ulong width = WordFields.Is64(word) ? ulong.MaxValue : uint.MaxValue;
        builder.Value.Rd = OperationBuilder.Destination(WordFields.Rd(word));
        switch (WordFields.Unsigned(word, 29, 2))
        {
            case 0:
                builder.Value.Immediate = (long)(~value & width);
                builder.Use<Constant>();
                break;
            case 2:
                builder.Value.Immediate = (long)value;
                builder.Use<Constant>();
                break;
            default:
                builder.Value.Immediate = (long)value;
                builder.Value.Rm = (ushort)shift;
                if (WordFields.Is64(word))
                {
                    builder.Use<MoveKeep<ulong>>();
                }
                else
                {
                    builder.Use<MoveKeep<uint>>();
                }

                break;
        }
    }

    private static void BindBitfield(uint word, ref OperationBuilder builder)
    {
        if (WordFields.Is64(word))
        {
            BindBitfield<ulong>(word, 64, builder);
        }
        else
        {
            BindBitfield<uint>(word, 32, builder);
        }
    }

    private static void BindBitfield<T>(uint word, uint width, OperationBuilder builder)
        where T : unmanaged, System.Numerics.IBinaryInteger<T>
    {
        uint immr = WordFields.Unsigned(word, 16, 6);
        uint imms = WordFields.Unsigned(word, 10, 6);

        // A field of Rn is moved down when it starts at immr, and up by (width - immr) when it starts at bit 0.
        bool isExtract = imms >= immr;
        uint fieldWidth = isExtract ? imms - immr + 1 : imms + 1;
        uint insertAt = (width - immr) % width;
        ulong ones = ulong.MaxValue >> (int)(64 - fieldWidth);
        builder.Value.Rd = OperationBuilder.Destination(WordFields.Rd(word));
        builder.Value.Rn = OperationBuilder.Source(WordFields.Rn(word));
        switch (WordFields.Unsigned(word, 29, 2))
        {
            case 0 when imms == width - 1:
                builder.Value.Immediate = immr;
                builder.Use<Binary<T, Operators.ShiftRightArithmetic, SecondOperands.Immediate>>();
                break;
            case 0:
                builder.Value.Rm = (ushort)(width - 1 - imms);
                builder.Value.Ra = (ushort)(width - fieldWidth - (isExtract ? 0 : insertAt));
                builder.Use<SignedField<T>>();
                break;
            case 1:
                builder.Value.Ra = OperationBuilder.Source(WordFields.Rd(word));
                builder.Value.Rm = (ushort)immr;
                builder.Value.Immediate = (long)(isExtract ? ones : ones << (int)insertAt);
                builder.Use<BitfieldInsert<T>>();
                break;
            case 2 when imms == width - 1:
                builder.Value.Immediate = immr;
                builder.Use<Binary<T, Operators.ShiftRight, SecondOperands.Immediate>>();
                break;
            case 2 when imms + 1 == immr:
                builder.Value.Immediate = insertAt;
                builder.Use<Binary<T, Operators.ShiftLeft, SecondOperands.Immediate>>();
                break;
            case 2 when immr == 0:
                builder.Value.Immediate = (long)ones;
                builder.Use<Binary<T, Operators.And, SecondOperands.Immediate>>();
                break;
            case 2 when isExtract:
                builder.Value.Immediate = (long)ones;
                builder.Value.Rm = (ushort)immr;
                builder.Use<MaskedShift<T>>();
                break;
            default:
                builder.Value.Immediate = (long)ones;
                builder.Value.Rm = (ushort)insertAt;
                builder.Use<MaskedInsert<T>>();
                break;
        }
    }

    private static void BindExtract(uint word, ref OperationBuilder builder)
    {
        uint low = WordFields.Unsigned(word, 10, 6);
        builder.Value.Immediate = low;
        builder.Value.Rd = OperationBuilder.Destination(WordFields.Rd(word));
        builder.Value.Rn = OperationBuilder.Source(WordFields.Rn(word));
        builder.Value.Rm = OperationBuilder.Source(WordFields.Rm(word));
        if (low == 0)
        {
            Forms.UseMove(word, builder);
        }
        else if (WordFields.Rn(word) == WordFields.Rm(word))
        {
            Forms.Use<Operators.RotateRight, SecondOperands.Immediate>(word, builder);
        }
        else if (WordFields.Is64(word))
        {
            builder.Use<Extract<ulong>>();
        }
        else
        {
            builder.Use<Extract<uint>>();
        }
    }
}
