using System.Numerics;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Registers;

namespace HvIntrospect.Interpreter.Operations.DataProcessing;

/// <summary>Binds the group "Data processing -- register".</summary>
internal static class DataProcessingRegisterBinders
{
    /// <summary>Adds the binders.</summary>
    /// <param name="table">The table to add them to.</param>
    public static void AddTo(OperationTable table)
    {
        table.BindClass("log_shift", BindLogical);
        table.BindClass("addsub_shift", BindAddSubtractShifted);
        table.BindClass("addsub_ext", BindAddSubtractExtended);
        table.BindClass("addsub_carry", BindAddSubtractCarry);
        table.BindClass("condcmp_reg", BindConditionalCompareRegister);
        table.BindClass("condcmp_imm", BindConditionalCompareImmediate);
        table.BindClass("condsel", BindConditionalSelect);
        table.BindClass("dp_1src", BindOneSource);
        table.BindClass("dp_2src", BindTwoSources);
        table.BindClass("dp_2src", BindChecksum, A64Features.CRC32);
        table.BindClass("dp_3src", BindThreeSources);
        table.BindClass("rmif", BindRotateIntoFlags, A64Features.FlagM);
        table.BindClass("setf", BindSetFlags, A64Features.FlagM);
        table.BindClass("pstate", BindInvertCarry, A64Features.FlagM);
        table.Bind("XAFLAG_M_pstate", static (uint _, ref OperationBuilder builder) => builder.Use<FlagOperations.FromExternalFlags>());
        table.Bind("AXFLAG_M_pstate", static (uint _, ref OperationBuilder builder) => builder.Use<FlagOperations.ToExternalFlags>());
    }

    private static void SetRegisters(uint word, OperationBuilder builder)
    {
        builder.Value.Rd = OperationBuilder.Destination(WordFields.Rd(word));
        builder.Value.Rn = OperationBuilder.Source(WordFields.Rn(word));
        builder.Value.Rm = OperationBuilder.Source(WordFields.Rm(word));
    }

    private static void BindLogical(uint word, ref OperationBuilder builder)
    {
        SetRegisters(word, builder);
        switch ((WordFields.Unsigned(word, 29, 2) << 1) | WordFields.Unsigned(word, 21, 1))
        {
            case 0:
                Forms.UseShifted<Operators.And>(word, builder);
                break;
            case 1:
                Forms.UseShifted<Operators.AndNot>(word, builder);
                break;
            case 2 when WordFields.Rn(word) == 31 && WordFields.Unsigned(word, 10, 6) == 0:
                Forms.UseMove(word, builder);
                break;
            case 2:
                Forms.UseShifted<Operators.Or>(word, builder);
                break;
            case 3:
                Forms.UseShifted<Operators.OrNot>(word, builder);
                break;
            case 4:
                Forms.UseShifted<Operators.Xor>(word, builder);
                break;
            case 5:
                Forms.UseShifted<Operators.XorNot>(word, builder);
                break;
            case 6:
                Forms.UseShifted<Operators.AndSettingFlags>(word, builder);
                break;
            default:
                Forms.UseShifted<Operators.AndNotSettingFlags>(word, builder);
                break;
        }
    }

    private static void BindAddSubtractShifted(uint word, ref OperationBuilder builder)
    {
        SetRegisters(word, builder);
        switch (WordFields.Unsigned(word, 29, 2))
        {
            case 0:
                Forms.UseShifted<Operators.Add>(word, builder);
                break;
            case 1:
                Forms.UseShifted<Operators.AddSettingFlags>(word, builder);
                break;
            case 2:
                Forms.UseShifted<Operators.Subtract>(word, builder);
                break;
            default:
                Forms.UseShifted<Operators.SubtractSettingFlags>(word, builder);
                break;
        }
    }

    private static void BindAddSubtractExtended(uint word, ref OperationBuilder builder)
    {
        const uint FlagsBit = 1u << 29;
        builder.Value.Immediate = WordFields.Unsigned(word, 10, 3);
        builder.Value.Rm = OperationBuilder.Source(WordFields.Rm(word));
        builder.Value.Rn = OperationBuilder.OrSp(WordFields.Rn(word));
        builder.Value.Rd = (word & FlagsBit) != 0
            ? OperationBuilder.Destination(WordFields.Rd(word))
            : OperationBuilder.OrSp(WordFields.Rd(word));
        switch (WordFields.Unsigned(word, 13, 3))
        {
            case 0:
                Forms.UseAddSubtract<SecondOperands.UnsignedByte>(word, builder);
                break;
            case 1:
                Forms.UseAddSubtract<SecondOperands.UnsignedHalfword>(word, builder);
                break;
            case 2:
                Forms.UseAddSubtract<SecondOperands.UnsignedWord>(word, builder);
                break;
            case 4:
                Forms.UseAddSubtract<SecondOperands.SignedByte>(word, builder);
                break;
            case 5:
                Forms.UseAddSubtract<SecondOperands.SignedHalfword>(word, builder);
                break;
            case 6:
                Forms.UseAddSubtract<SecondOperands.SignedWord>(word, builder);
                break;
            default:
                Forms.UseAddSubtract<SecondOperands.LeftShifted>(word, builder);
                break;
        }
    }

    private static void BindAddSubtractCarry(uint word, ref OperationBuilder builder)
    {
        SetRegisters(word, builder);
        switch (WordFields.Unsigned(word, 29, 2))
        {
            case 0:
                Forms.Use<Operators.AddCarry, SecondOperands.Register>(word, builder);
                break;
            case 1:
                Forms.Use<Operators.AddCarrySettingFlags, SecondOperands.Register>(word, builder);
                break;
            case 2:
                Forms.Use<Operators.SubtractCarry, SecondOperands.Register>(word, builder);
                break;
            default:
                Forms.Use<Operators.SubtractCarrySettingFlags, SecondOperands.Register>(word, builder);
                break;
        }
    }

    private static void BindConditionalCompareRegister(uint word, ref OperationBuilder builder)
    {
        builder.Value.Rm = OperationBuilder.Source(WordFields.Rm(word));
        BindConditionalCompare<SecondOperands.Register>(word, builder);
    }

    private static void BindConditionalCompareImmediate(uint word, ref OperationBuilder builder)
    {
        builder.Value.Immediate = WordFields.Rm(word);
        BindConditionalCompare<SecondOperands.Immediate>(word, builder);
    }

    private static void BindConditionalCompare<TSecond>(uint word, OperationBuilder builder)
        where TSecond : struct, ISecondOperand
    {
        builder.Value.Rn = OperationBuilder.Source(WordFields.Rn(word));
        builder.Value.Ra = (ushort)WordFields.Unsigned(word, 0, 4);
        Conditions.Visit(WordFields.Unsigned(word, 12, 4), new CompareVisitor<TSecond>(word, builder));
    }

    private static void BindConditionalSelect(uint word, ref OperationBuilder builder)
    {
        SetRegisters(word, builder);
        Conditions.Visit(WordFields.Unsigned(word, 12, 4), new SelectVisitor(word, builder));
    }

    private static void BindOneSource(uint word, ref OperationBuilder builder)
    {
        SetRegisters(word, builder);
        switch (WordFields.Unsigned(word, 10, 6))
        {
            case 0:
                Forms.Use<UnaryOperators.ReverseBits>(word, builder);
                break;
            case 1:
                Forms.Use<UnaryOperators.ReverseBytesInHalfwords>(word, builder);
                break;
            case 2 when WordFields.Is64(word):
                builder.Use<Unary<ulong, UnaryOperators.ReverseBytesInWords>>();
                break;
            case 2 or 3:
                Forms.Use<UnaryOperators.ReverseBytes>(word, builder);
                break;
            case 4:
                Forms.Use<UnaryOperators.CountLeadingZeros>(word, builder);
                break;
            default:
                Forms.Use<UnaryOperators.CountLeadingSigns>(word, builder);
                break;
        }
    }

    private static void BindTwoSources(uint word, ref OperationBuilder builder)
    {
        SetRegisters(word, builder);
        switch (WordFields.Unsigned(word, 10, 6))
        {
            case 0b000010:
                Forms.Use<Operators.DivideUnsigned, SecondOperands.Register>(word, builder);
                break;
            case 0b000011:
                Forms.Use<Operators.DivideSigned, SecondOperands.Register>(word, builder);
                break;
            case 0b001000:
                Forms.Use<Operators.ShiftLeft, SecondOperands.Register>(word, builder);
                break;
            case 0b001001:
                Forms.Use<Operators.ShiftRight, SecondOperands.Register>(word, builder);
                break;
            case 0b001010:
                Forms.Use<Operators.ShiftRightArithmetic, SecondOperands.Register>(word, builder);
                break;
            default:
                Forms.Use<Operators.RotateRight, SecondOperands.Register>(word, builder);
                break;
        }
    }

    private static void BindChecksum(uint word, ref OperationBuilder builder)
    {
        const uint CastagnoliBit = 1u << 12;
        SetRegisters(word, builder);
        builder.Value.Ra = (ushort)(1 << (int)WordFields.Unsigned(word, 10, 2));
        if ((word & CastagnoliBit) != 0)
        {
            builder.Use<ChecksumCastagnoli>();
        }
        else
        {
            builder.Use<Checksum>();
        }
    }

    private static void BindThreeSources(uint word, ref OperationBuilder builder)
    {
        SetRegisters(word, builder);
        builder.Value.Ra = OperationBuilder.Source(WordFields.Ra(word));
        switch ((WordFields.Unsigned(word, 21, 3) << 1) | WordFields.Unsigned(word, 15, 1))
        {
            case 0 when WordFields.Ra(word) == 31:
                Forms.Use<Operators.Multiply, SecondOperands.Register>(word, builder);
                break;
            case 0:
                UseMultiplyAdd(word, builder);
                break;
            case 1:
                UseMultiplySubtract(word, builder);
                break;
            case 2:
                builder.Use<SignedMultiplyAddLong>();
                break;
            case 3:
                builder.Use<SignedMultiplySubtractLong>();
                break;
            case 4:
                builder.Use<SignedMultiplyHigh>();
                break;
            case 10:
                builder.Use<UnsignedMultiplyAddLong>();
                break;
            case 11:
                builder.Use<UnsignedMultiplySubtractLong>();
                break;
            default:
                builder.Use<UnsignedMultiplyHigh>();
                break;
        }
    }

    private static void UseMultiplyAdd(uint word, OperationBuilder builder)
    {
        if (WordFields.Is64(word))
        {
            builder.Use<MultiplyAdd<ulong>>();
        }
        else
        {
            builder.Use<MultiplyAdd<uint>>();
        }
    }

    private static void UseMultiplySubtract(uint word, OperationBuilder builder)
    {
        if (WordFields.Is64(word))
        {
            builder.Use<MultiplySubtract<ulong>>();
        }
        else
        {
            builder.Use<MultiplySubtract<uint>>();
        }
    }

    private static void BindRotateIntoFlags(uint word, ref OperationBuilder builder)
    {
        builder.Value.Rn = OperationBuilder.Source(WordFields.Rn(word));
        builder.Value.Ra = (ushort)WordFields.Unsigned(word, 0, 4);
        builder.Value.Immediate = WordFields.Unsigned(word, 15, 6);
        builder.Use<FlagOperations.RotateIntoFlags>();
    }

    private static void BindSetFlags(uint word, ref OperationBuilder builder)
    {
        const uint HalfwordBit = 1u << 14;
        builder.Value.Rn = OperationBuilder.Source(WordFields.Rn(word));
        builder.Value.Ra = (word & HalfwordBit) != 0 ? (ushort)16 : (ushort)8;
        builder.Use<FlagOperations.SetFlags>();
    }

    private static void BindInvertCarry(uint word, ref OperationBuilder builder) => builder.Use<FlagOperations.InvertCarry>();

    private readonly ref struct CompareVisitor<TSecond> : IConditionVisitor
        where TSecond : struct, ISecondOperand
    {
        private const uint SubtractBit = 1u << 30;
        private readonly uint _word;
        private readonly OperationBuilder _builder;

        public CompareVisitor(uint word, OperationBuilder builder)
        {
            _word = word;
            _builder = builder;
        }

        public void Visit<TCondition>()
            where TCondition : struct, ICondition
        {
            if (WordFields.Is64(_word))
            {
                Use<ulong, TCondition>();
            }
            else
            {
                Use<uint, TCondition>();
            }
        }

        private void Use<T, TCondition>()
            where T : unmanaged, IBinaryInteger<T>
            where TCondition : struct, ICondition
        {
            if ((_word & SubtractBit) != 0)
            {
                _builder.Use<ConditionalCompare<T, TCondition, Operators.SubtractSettingFlags, TSecond>>();
            }
            else
            {
                _builder.Use<ConditionalCompare<T, TCondition, Operators.AddSettingFlags, TSecond>>();
            }
        }
    }

    private readonly ref struct SelectVisitor : IConditionVisitor
    {
        private readonly uint _word;
        private readonly OperationBuilder _builder;

        public SelectVisitor(uint word, OperationBuilder builder)
        {
            _word = word;
            _builder = builder;
        }

        public void Visit<TCondition>()
            where TCondition : struct, ICondition
        {
            if (WordFields.Is64(_word))
            {
                Use<ulong, TCondition>();
            }
            else
            {
                Use<uint, TCondition>();
            }
        }

        private void Use<T, TCondition>()
            where T : unmanaged, IBinaryInteger<T>
            where TCondition : struct, ICondition
        {
            switch ((WordFields.Unsigned(_word, 30, 1) << 1) | WordFields.Unsigned(_word, 10, 1))
            {
                case 0:
                    _builder.Use<ConditionalSelect<T, TCondition, UnaryOperators.Same>>();
                    break;
                case 1:
                    _builder.Use<ConditionalSelect<T, TCondition, UnaryOperators.Increment>>();
                    break;
                case 2:
                    _builder.Use<ConditionalSelect<T, TCondition, UnaryOperators.Invert>>();
                    break;
                default:
                    _builder.Use<ConditionalSelect<T, TCondition, UnaryOperators.Negate>>();
                    break;
            }
        }
    }
}
