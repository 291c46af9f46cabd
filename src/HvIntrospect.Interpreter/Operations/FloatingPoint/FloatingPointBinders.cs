using System.Numerics;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.Semantics;

namespace HvIntrospect.Interpreter.Operations.FloatingPoint;

/// <summary>Binds the scalar floating-point instructions of Armv8.0.</summary>
internal static class FloatingPointBinders
{
    private const uint DoubleBit = 1u << 22;
    private const uint HalfBit = 1u << 23;

    /// <summary>Adds the binders.</summary>
    /// <param name="table">The table to add them to.</param>
    public static void AddTo(OperationTable table)
    {
        table.BindClass("float2fix", BindFixed);
        table.BindClass("float2int", BindInteger);
        table.BindClass("floatdp1", BindOneSource);
        table.BindClass("floatdp2", BindTwoSources);
        table.BindClass("floatdp3", BindThreeSources);
        table.BindClass("floatcmp", BindCompare);
        table.BindClass("floatccmp", BindConditionalCompare);
        table.BindClass("floatsel", BindSelect);
        table.BindClass("floatimm", BindImmediate);
    }

    private static bool IsDouble(uint word) => (word & DoubleBit) != 0;

    private static bool IsHalf(uint word) => (word & HalfBit) != 0;

    private static void Use<TFunction>(uint word, OperationBuilder builder)
        where TFunction : struct, IFpUnary
    {
        if (IsDouble(word))
        {
            builder.UseWithSlowPath<ScalarUnary<double, DoubleFormat, TFunction>>();
        }
        else
        {
            builder.UseWithSlowPath<ScalarUnary<float, SingleFormat, TFunction>>();
        }
    }

    private static void UseBinary<TFunction>(uint word, OperationBuilder builder)
        where TFunction : struct, IFpBinary
    {
        if (IsDouble(word))
        {
            builder.UseWithSlowPath<ScalarBinary<double, DoubleFormat, TFunction>>();
        }
        else
        {
            builder.UseWithSlowPath<ScalarBinary<float, SingleFormat, TFunction>>();
        }
    }

    private static void UseTernary<TFunction>(uint word, OperationBuilder builder)
        where TFunction : struct, IFpTernary
    {
        if (IsDouble(word))
        {
            builder.UseWithSlowPath<ScalarTernary<double, DoubleFormat, TFunction>>();
        }
        else
        {
            builder.UseWithSlowPath<ScalarTernary<float, SingleFormat, TFunction>>();
        }
    }

    private static void BindFixed(uint word, ref OperationBuilder builder)
    {
        const uint ToFixedBit = 1u << 20;
        builder.Value.Immediate = 64 - WordFields.Unsigned(word, 10, 6);
        bool isSigned = WordFields.Unsigned(word, 16, 1) == 0;
        if ((word & ToFixedBit) != 0)
        {
            UseToFixed(word, FpRounding.Zero, isSigned, builder);
        }
        else
        {
            UseFromFixed(word, isSigned, builder);
        }
    }

    private static void BindInteger(uint word, ref OperationBuilder builder)
    {
        uint mode = WordFields.Unsigned(word, 19, 2);
        uint operation = WordFields.Unsigned(word, 16, 3);
        bool isSigned = (operation & 1) == 0;
        builder.Value.Immediate = 0;
        switch (operation)
        {
            case 0 or 1:
                UseToFixed(word, (FpRounding)mode, isSigned, builder);
                break;
            case 2 or 3:
                UseFromFixed(word, isSigned, builder);
                break;
            case 4 or 5:
                UseToFixed(word, FpRounding.NearestAway, isSigned, builder);
                break;
            case 6:
                builder.Value.Rd = OperationBuilder.Destination(WordFields.Rd(word));
                builder.Value.Rn = (ushort)(OperationBuilder.Vector(WordFields.Rn(word)) + (mode != 0 ? sizeof(ulong) : 0));
                UseSized<GeneralFromScalar<uint>, GeneralFromScalar<ulong>>(WordFields.Is64(word), builder);
                break;
            default:
                builder.Value.Rd = OperationBuilder.Vector(WordFields.Rd(word));
                builder.Value.Rn = OperationBuilder.Source(WordFields.Rn(word));
                if (mode != 0)
                {
                    SimdForms.Use<UpperHalfFromGeneral>(builder);
                }
                else
                {
                    UseSized<ScalarFromGeneral<uint>, ScalarFromGeneral<ulong>>(WordFields.Is64(word), builder);
                }

                break;
        }
    }

    private static void UseSized<TSmall, TLarge>(bool isLarge, OperationBuilder builder)
        where TSmall : struct, ISimdOperation
        where TLarge : struct, ISimdOperation
    {
        if (isLarge)
        {
            SimdForms.Use<TLarge>(builder);
        }
        else
        {
            SimdForms.Use<TSmall>(builder);
        }
    }

    private static void UseToFixed(uint word, FpRounding rounding, bool isSigned, OperationBuilder builder)
    {
        builder.Value.Rd = OperationBuilder.Destination(WordFields.Rd(word));
        builder.Value.Rn = OperationBuilder.Vector(WordFields.Rn(word));
        builder.Value.Ra = (ushort)rounding;
        builder.Value.Rm = isSigned ? (ushort)1 : (ushort)0;
        if (IsDouble(word))
        {
            UseSized<ScalarToFixed<double, DoubleFormat, uint>, ScalarToFixed<double, DoubleFormat, ulong>>(WordFields.Is64(word), builder);
        }
        else
        {
            UseSized<ScalarToFixed<float, SingleFormat, uint>, ScalarToFixed<float, SingleFormat, ulong>>(WordFields.Is64(word), builder);
        }
    }

    private static void UseFromFixed(uint word, bool isSigned, OperationBuilder builder)
    {
        builder.Value.Rd = OperationBuilder.Vector(WordFields.Rd(word));
        builder.Value.Rn = OperationBuilder.Source(WordFields.Rn(word));
        builder.Value.Ra = isSigned ? (ushort)1 : (ushort)0;
        if (IsDouble(word))
        {
            UseSized<ScalarFromFixed<double, DoubleFormat, uint>, ScalarFromFixed<double, DoubleFormat, ulong>>(WordFields.Is64(word), builder);
        }
        else
        {
            UseSized<ScalarFromFixed<float, SingleFormat, uint>, ScalarFromFixed<float, SingleFormat, ulong>>(WordFields.Is64(word), builder);
        }
    }

    private static void BindOneSource(uint word, ref OperationBuilder builder)
    {
        SimdForms.SetVectors(word, builder);
        switch (WordFields.Unsigned(word, 15, 6))
        {
            case 0:
                UseSized<ScalarMove<SingleFormat>, ScalarMove<DoubleFormat>>(IsDouble(word), builder);
                break;
            case 1:
                UseSized<ScalarAbsolute<SingleFormat>, ScalarAbsolute<DoubleFormat>>(IsDouble(word), builder);
                break;
            case 2:
                UseSized<ScalarNegate<SingleFormat>, ScalarNegate<DoubleFormat>>(IsDouble(word), builder);
                break;
            case 3:
                Use<FpUnaries.SquareRoot>(word, builder);
                break;
            case 4 when IsDouble(word) && !IsHalf(word):
                SimdForms.Use<ScalarNarrow>(builder);
                break;
            case 4:
                BindConvert<SingleFormat>(word, builder);
                break;
            case 5 when !IsHalf(word):
                SimdForms.Use<ScalarWiden>(builder);
                break;
            case 5:
                BindConvert<DoubleFormat>(word, builder);
                break;
            case 7:
                BindConvert<HalfFormat>(word, builder);
                break;
            case 8:
                Use<FpUnaries.Round<FpRoundingModes.NearestEven>>(word, builder);
                break;
            case 9:
                Use<FpUnaries.Round<FpRoundingModes.PlusInfinity>>(word, builder);
                break;
            case 10:
                Use<FpUnaries.Round<FpRoundingModes.MinusInfinity>>(word, builder);
                break;
            case 11:
                Use<FpUnaries.Round<FpRoundingModes.Zero>>(word, builder);
                break;
            case 12:
                Use<FpUnaries.Round<FpRoundingModes.NearestAway>>(word, builder);
                break;
            case 14:
                Use<FpUnaries.RoundExactly>(word, builder);
                break;
            default:
                Use<FpUnaries.RoundAsControlled>(word, builder);
                break;
        }
    }

    /// <summary>Binds a conversion from or to a half.</summary>
    private static void BindConvert<TResult>(uint word, OperationBuilder builder)
        where TResult : struct, IFpFormat
    {
        switch (WordFields.Unsigned(word, 22, 2))
        {
            case 0:
                SimdForms.Use<ScalarConvert<SingleFormat, TResult>>(builder);
                break;
            case 1:
                SimdForms.Use<ScalarConvert<DoubleFormat, TResult>>(builder);
                break;
            default:
                SimdForms.Use<ScalarConvert<HalfFormat, TResult>>(builder);
                break;
        }
    }

    private static void BindTwoSources(uint word, ref OperationBuilder builder)
    {
        SimdForms.SetVectors(word, builder);
        switch (WordFields.Unsigned(word, 12, 4))
        {
            case 0:
                UseBinary<FpBinaries.Multiply>(word, builder);
                break;
            case 1:
                UseBinary<FpBinaries.Divide>(word, builder);
                break;
            case 2:
                UseBinary<FpBinaries.Add>(word, builder);
                break;
            case 3:
                UseBinary<FpBinaries.Subtract>(word, builder);
                break;
            case 4:
                UseBinary<FpBinaries.Max>(word, builder);
                break;
            case 5:
                UseBinary<FpBinaries.Min>(word, builder);
                break;
            case 6:
                UseBinary<FpBinaries.MaxNumber>(word, builder);
                break;
            case 7:
                UseBinary<FpBinaries.MinNumber>(word, builder);
                break;
            default:
                UseBinary<FpBinaries.NegatedMultiply>(word, builder);
                break;
        }
    }

    private static void BindThreeSources(uint word, ref OperationBuilder builder)
    {
        SimdForms.SetVectors(word, builder);
        builder.Value.Ra = OperationBuilder.Vector(WordFields.Ra(word));
        switch ((WordFields.Unsigned(word, 21, 1) << 1) | WordFields.Unsigned(word, 15, 1))
        {
            case 0:
                UseTernary<FpTernaries.MultiplyAdd>(word, builder);
                break;
            case 1:
                UseTernary<FpTernaries.MultiplySubtract>(word, builder);
                break;
            case 2:
                UseTernary<FpTernaries.NegatedMultiplyAdd>(word, builder);
                break;
            default:
                UseTernary<FpTernaries.NegatedMultiplySubtract>(word, builder);
                break;
        }
    }

    private static void BindCompare(uint word, ref OperationBuilder builder)
    {
        SimdForms.SetVectors(word, builder);
        builder.Value.Immediate = WordFields.Unsigned(word, 3, 1);
        builder.Value.Ra = (ushort)WordFields.Unsigned(word, 4, 1);
        UseSized<ScalarCompare<float, SingleFormat>, ScalarCompare<double, DoubleFormat>>(IsDouble(word), builder);
    }

    private static void BindConditionalCompare(uint word, ref OperationBuilder builder)
    {
        SimdForms.SetVectors(word, builder);
        builder.Value.Immediate = (long)word << 28 & 0xF000_0000;
        builder.Value.Ra = (ushort)WordFields.Unsigned(word, 4, 1);
        Conditions.Visit(WordFields.Unsigned(word, 12, 4), new CompareVisitor(word, builder));
    }

    private static void BindSelect(uint word, ref OperationBuilder builder)
    {
        SimdForms.SetVectors(word, builder);
        Conditions.Visit(WordFields.Unsigned(word, 12, 4), new SelectVisitor(word, builder));
    }

    private static void BindImmediate(uint word, ref OperationBuilder builder)
    {
        uint imm8 = WordFields.Unsigned(word, 13, 8);
        builder.Value.Rd = OperationBuilder.Vector(WordFields.Rd(word));
        builder.Value.Immediate = (long)(IsDouble(word) ? FpImmediate.Expand<DoubleFormat>(imm8) : FpImmediate.Expand<SingleFormat>(imm8));
        SimdForms.Use<ScalarConstant>(builder);
    }

    private readonly ref struct CompareVisitor : IConditionVisitor
    {
        private readonly uint _word;
        private readonly OperationBuilder _builder;

        public CompareVisitor(uint word, OperationBuilder builder)
        {
            _word = word;
            _builder = builder;
        }

        public void Visit<TCondition>()
            where TCondition : struct, ICondition =>
            UseSized<ScalarConditionalCompare<float, SingleFormat, TCondition>, ScalarConditionalCompare<double, DoubleFormat, TCondition>>(
                IsDouble(_word), _builder);
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
            where TCondition : struct, ICondition =>
            UseSized<ScalarSelect<SingleFormat, TCondition>, ScalarSelect<DoubleFormat, TCondition>>(IsDouble(_word), _builder);
    }
}
