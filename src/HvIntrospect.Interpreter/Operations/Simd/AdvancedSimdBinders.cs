using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.Operations.FloatingPoint;
using HvIntrospect.Interpreter.Semantics;

namespace HvIntrospect.Interpreter.Operations.Simd;

/// <summary>Binds the arithmetic of vectors, and of scalars in vector registers, of Armv8.0.</summary>
/// <remarks>A scalar instruction is the vector one with one lane: bit 28 tells them apart, and everything else follows from how many bytes take part.</remarks>
internal static class AdvancedSimdBinders
{
    private const int FullBytes = 16;
    private const int HalfBytes = 8;

    /// <summary>Adds the binders.</summary>
    /// <param name="table">The table to add them to.</param>
    public static void AddTo(OperationTable table)
    {
        table.BindClass("asimdsame", BindSame);
        table.BindClass("asisdsame", BindSame);
        table.BindClass("asimdmisc", BindMiscellaneous);
        table.BindClass("asisdmisc", BindMiscellaneous);
        table.BindClass("asimdshf", BindShift);
        table.BindClass("asisdshf", BindShift);
        table.BindClass("asimddiff", BindDifferent);
        table.BindClass("asisddiff", BindDifferent);
        table.BindClass("asimdelem", BindElement);
        table.BindClass("asisdelem", BindElement);
        table.BindClass("asimdall", BindAcross);
        table.BindClass("asisdpair", BindPair);
    }

    private static uint Size(uint word) => WordFields.Unsigned(word, 22, 2);

    private static bool IsUnsigned(uint word) => WordFields.Unsigned(word, 29, 1) != 0;

    private static bool IsFull(uint word) => WordFields.Unsigned(word, 30, 1) != 0;

    private static bool IsScalar(uint word) => WordFields.Unsigned(word, 28, 1) != 0;

    private static bool IsDouble(uint word) => WordFields.Unsigned(word, 22, 1) != 0;

    /// <summary>Gets how many bytes of the vectors take part, given the logarithm of a lane's bytes.</summary>
    private static ushort Bytes(uint word, uint size) => (ushort)(IsScalar(word) ? 1 << (int)size : IsFull(word) ? FullBytes : HalfBytes);

    /// <summary>Gets the offset of the narrow lanes: those of the second half are meant with Q, in a scalar instruction the first lane.</summary>
    private static int UpperHalf(uint word) => IsFull(word) && !IsScalar(word) ? HalfBytes : 0;

    private static void BindSame(uint word, ref OperationBuilder builder)
    {
        uint size = Size(word);
        bool isSigned = !IsUnsigned(word);
        SimdForms.SetVectors(word, builder);
        builder.Value.Ra = Bytes(word, size);
        switch (WordFields.Unsigned(word, 11, 5))
        {
            case 0:
                LaneTypes.Visit(size, isSigned, new Visitors.Lanes<LaneFunctions.HalvingAdd>(builder));
                break;
            case 1:
                LaneTypes.Visit(size, isSigned, new Visitors.Lanes<LaneFunctions.SaturatingAdd>(builder));
                break;
            case 2:
                LaneTypes.Visit(size, isSigned, new Visitors.Lanes<LaneFunctions.RoundingHalvingAdd>(builder));
                break;
            case 3:
                UseLogical(word, builder);
                break;
            case 4:
                LaneTypes.Visit(size, isSigned, new Visitors.Lanes<LaneFunctions.HalvingSubtract>(builder));
                break;
            case 5:
                LaneTypes.Visit(size, isSigned, new Visitors.Lanes<LaneFunctions.SaturatingSubtract>(builder));
                break;
            case 6:
                UseVector<VectorFunctions.Greater>(size, isSigned, builder);
                break;
            case 7:
                UseVector<VectorFunctions.GreaterOrEqual>(size, isSigned, builder);
                break;
            case 8:
                LaneTypes.Visit(size, isSigned, new Visitors.Lanes<LaneFunctions.Shift>(builder));
                break;
            case 9:
                LaneTypes.Visit(size, isSigned, new Visitors.Lanes<LaneFunctions.SaturatingShift>(builder));
                break;
            case 10:
                LaneTypes.Visit(size, isSigned, new Visitors.Lanes<LaneFunctions.RoundingShift>(builder));
                break;
            case 11:
                LaneTypes.Visit(size, isSigned, new Visitors.Lanes<LaneFunctions.SaturatingRoundingShift>(builder));
                break;
            case 12:
                UseVector<VectorFunctions.Max>(size, isSigned, builder);
                break;
            case 13:
                UseVector<VectorFunctions.Min>(size, isSigned, builder);
                break;
            case 14:
                LaneTypes.Visit(size, isSigned, new Visitors.Lanes<LaneFunctions.AbsoluteDifference>(builder));
                break;
            case 15:
                LaneTypes.Visit(size, isSigned, new Visitors.Lanes<LaneFunctions.AbsoluteDifferenceAccumulate>(builder));
                break;
            case 16 when isSigned:
                UseVector<VectorFunctions.Add>(size, isSigned, builder);
                break;
            case 16:
                UseVector<VectorFunctions.Subtract>(size, isSigned, builder);
                break;
            case 17 when isSigned:
                LaneTypes.Visit(size, isSigned, new Visitors.Lanes<LaneFunctions.Test>(builder));
                break;
            case 17:
                UseVector<VectorFunctions.Equal>(size, isSigned, builder);
                break;
            case 18 when isSigned:
                LaneTypes.Visit(size, isSigned, new Visitors.Lanes<LaneFunctions.MultiplyAdd>(builder));
                break;
            case 18:
                LaneTypes.Visit(size, isSigned, new Visitors.Lanes<LaneFunctions.MultiplySubtract>(builder));
                break;
            case 19 when isSigned:
                LaneTypes.Visit(size, isSigned, new Visitors.Lanes<LaneFunctions.Multiply>(builder));
                break;
            case 19:
                LaneTypes.Visit(size, isSigned, new Visitors.Lanes<LaneFunctions.PolynomialMultiply>(builder));
                break;
            case 20:
                LaneTypes.Visit(size, isSigned, new Visitors.Pairwise<LaneFunctions.Max>(builder));
                break;
            case 21:
                LaneTypes.Visit(size, isSigned, new Visitors.Pairwise<LaneFunctions.Min>(builder));
                break;
            case 22 when isSigned:
                LaneTypes.Visit(size, isSigned: true, new Visitors.Lanes<LaneFunctions.DoublingMultiplyHigh>(builder));
                break;
            case 22:
                LaneTypes.Visit(size, isSigned: true, new Visitors.Lanes<LaneFunctions.RoundingDoublingMultiplyHigh>(builder));
                break;
            case 23:
                LaneTypes.Visit(size, isSigned, new Visitors.Pairwise<LaneFunctions.Add>(builder));
                break;
            default:
                BindSameFp(word, builder);
                break;
        }
    }

    private static void BindSameFp(uint word, OperationBuilder builder)
    {
        builder.Value.Ra = Bytes(word, IsDouble(word) ? 3u : 2u);
        switch (IsUnsigned(word), WordFields.Unsigned(word, 23, 1), WordFields.Unsigned(word, 11, 5))
        {
            case (false, 0, 24):
                UseFpBinary<FpBinaries.MaxNumber>(word, builder);
                break;
            case (false, 0, 25):
                UseFpTernary<FpTernaries.MultiplyAdd>(word, builder);
                break;
            case (false, 0, 26):
                UseFpBinary<FpBinaries.Add>(word, builder);
                break;
            case (false, 0, 27):
                UseFpBinary<FpBinaries.MultiplyExtended>(word, builder);
                break;
            case (false, 0, 28):
                UseFpBinary<FpBinaries.Equal>(word, builder);
                break;
            case (false, 0, 30):
                UseFpBinary<FpBinaries.Max>(word, builder);
                break;
            case (false, 0, 31):
                UseFpBinary<FpBinaries.ReciprocalStep>(word, builder);
                break;
            case (false, 1, 24):
                UseFpBinary<FpBinaries.MinNumber>(word, builder);
                break;
            case (false, 1, 25):
                UseFpTernary<FpTernaries.MultiplySubtract>(word, builder);
                break;
            case (false, 1, 26):
                UseFpBinary<FpBinaries.Subtract>(word, builder);
                break;
            case (false, 1, 30):
                UseFpBinary<FpBinaries.Min>(word, builder);
                break;
            case (false, 1, 31):
                UseFpBinary<FpBinaries.ReciprocalSquareRootStep>(word, builder);
                break;
            case (true, 0, 24):
                UseFpPairwise<FpBinaries.MaxNumber>(word, builder);
                break;
            case (true, 0, 26):
                UseFpPairwise<FpBinaries.Add>(word, builder);
                break;
            case (true, 0, 27):
                UseFpBinary<FpBinaries.Multiply>(word, builder);
                break;
            case (true, 0, 28):
                UseFpBinary<FpBinaries.GreaterOrEqual>(word, builder);
                break;
            case (true, 0, 29):
                UseFpBinary<FpBinaries.AbsoluteGreaterOrEqual>(word, builder);
                break;
            case (true, 0, 30):
                UseFpPairwise<FpBinaries.Max>(word, builder);
                break;
            case (true, 0, 31):
                UseFpBinary<FpBinaries.Divide>(word, builder);
                break;
            case (true, 1, 24):
                UseFpPairwise<FpBinaries.MinNumber>(word, builder);
                break;
            case (true, 1, 26):
                UseFpBinary<FpBinaries.AbsoluteDifference>(word, builder);
                break;
            case (true, 1, 28):
                UseFpBinary<FpBinaries.Greater>(word, builder);
                break;
            case (true, 1, 29):
                UseFpBinary<FpBinaries.AbsoluteGreater>(word, builder);
                break;
            default:
                UseFpPairwise<FpBinaries.Min>(word, builder);
                break;
        }
    }

    private static void UseLogical(uint word, OperationBuilder builder)
    {
        switch (IsUnsigned(word), Size(word))
        {
            case (false, 0):
                UseVector<VectorFunctions.And>(3, isSigned: false, builder);
                break;
            case (false, 1):
                UseVector<VectorFunctions.AndNot>(3, isSigned: false, builder);
                break;
            case (false, 2):
                UseVector<VectorFunctions.Or>(3, isSigned: false, builder);
                break;
            case (false, 3):
                UseVector<VectorFunctions.OrNot>(3, isSigned: false, builder);
                break;
            case (true, 0):
                UseVector<VectorFunctions.Xor>(3, isSigned: false, builder);
                break;
            case (true, 1):
                UseVector<VectorFunctions.Select>(3, isSigned: false, builder);
                break;
            case (true, 2):
                UseVector<VectorFunctions.InsertIfTrue>(3, isSigned: false, builder);
                break;
            default:
                UseVector<VectorFunctions.InsertIfFalse>(3, isSigned: false, builder);
                break;
        }
    }

    private static void UseVector<TFunction>(uint size, bool isSigned, OperationBuilder builder)
        where TFunction : struct, IVectorFunction
    {
        if (builder.Value.Ra == FullBytes)
        {
            LaneTypes.Visit(size, isSigned, new Visitors.Full<TFunction>(builder));
        }
        else
        {
            LaneTypes.Visit(size, isSigned, new Visitors.Half<TFunction>(builder));
        }
    }

    private static void BindMiscellaneous(uint word, ref OperationBuilder builder)
    {
        uint size = Size(word);
        bool isSigned = !IsUnsigned(word);
        SimdForms.SetVectors(word, builder);
        builder.Value.Ra = Bytes(word, size);
        builder.Value.Immediate = 0;
        switch (WordFields.Unsigned(word, 12, 5))
        {
            case 0:
                builder.Value.Immediate = isSigned ? (8 >> (int)size) - 1 : (4 >> (int)size) - 1;
                LaneTypes.Visit(size, isSigned: false, new Visitors.Reversed(builder));
                break;
            case 1:
                builder.Value.Immediate = 1;
                LaneTypes.Visit(size, isSigned: false, new Visitors.Reversed(builder));
                break;
            case 2:
                LaneTypes.VisitPair(size, isSigned, isSigned, new Visitors.PairwiseLong<LaneFunctions.Left>(builder));
                break;
            case 3 when isSigned:
                LaneTypes.Visit(size, isSigned, new Visitors.Lanes<LaneFunctions.AddUnsignedToSigned>(builder));
                break;
            case 3:
                LaneTypes.Visit(size, isSigned, new Visitors.Lanes<LaneFunctions.AddSignedToUnsigned>(builder));
                break;
            case 4 when isSigned:
                LaneTypes.Visit(size, isSigned, new Visitors.Lanes<LaneFunctions.CountLeadingSigns>(builder));
                break;
            case 4:
                LaneTypes.Visit(size, isSigned, new Visitors.Lanes<LaneFunctions.CountLeadingZeros>(builder));
                break;
            case 5 when isSigned:
                LaneTypes.Visit(size, isSigned: false, new Visitors.Lanes<LaneFunctions.CountOnes>(builder));
                break;
            case 5 when size == 0:
                UseVector<VectorFunctions.Invert>(size, isSigned, builder);
                break;
            case 5:
                LaneTypes.Visit(0, isSigned: false, new Visitors.Lanes<LaneFunctions.ReverseBits>(builder));
                break;
            case 6:
                LaneTypes.VisitPair(size, isSigned, isSigned, new Visitors.PairwiseLong<LaneFunctions.AddAccumulate>(builder));
                break;
            case 7 when isSigned:
                LaneTypes.Visit(size, isSigned, new Visitors.Lanes<LaneFunctions.SaturatingAbsolute>(builder));
                break;
            case 7:
                LaneTypes.Visit(size, isSigned: true, new Visitors.Lanes<LaneFunctions.SaturatingNegate>(builder));
                break;
            case 8 when isSigned:
                LaneTypes.Visit(size, isSigned, new Visitors.Lanes<LaneFunctions.GreaterThanZero>(builder));
                break;
            case 8:
                LaneTypes.Visit(size, isSigned: true, new Visitors.Lanes<LaneFunctions.GreaterOrEqualZero>(builder));
                break;
            case 9 when isSigned:
                UseVector<VectorFunctions.EqualZero>(size, isSigned, builder);
                break;
            case 9:
                LaneTypes.Visit(size, isSigned: true, new Visitors.Lanes<LaneFunctions.LessOrEqualZero>(builder));
                break;
            case 10:
                LaneTypes.Visit(size, isSigned, new Visitors.Lanes<LaneFunctions.LessThanZero>(builder));
                break;
            case 11 when isSigned:
                LaneTypes.Visit(size, isSigned, new Visitors.Lanes<LaneFunctions.Absolute>(builder));
                break;
            case 11:
                LaneTypes.Visit(size, isSigned: true, new Visitors.Lanes<LaneFunctions.Negate>(builder));
                break;
            case 18 when isSigned:
                UseNarrow<NarrowFunctions.Shift>(word, isWideSigned: false, isNarrowSigned: false, builder);
                break;
            case 18:
                UseNarrow<NarrowFunctions.SaturatingShift>(word, isWideSigned: true, isNarrowSigned: false, builder);
                break;
            case 19:
                builder.Value.Rm = (ushort)(8 << (int)size);
                builder.Value.Immediate = UpperHalf(word);
                LaneTypes.VisitPair(size, isNarrowSigned: false, isWideSigned: false, new Visitors.ShiftedLong(builder));
                break;
            case 20:
                UseNarrow<NarrowFunctions.SaturatingShift>(word, isSigned, isSigned, builder);
                break;
            default:
                BindMiscellaneousFp(word, builder);
                break;
        }
    }

    private static void BindMiscellaneousFp(uint word, OperationBuilder builder)
    {
        bool isSigned = !IsUnsigned(word);
        builder.Value.Ra = Bytes(word, IsDouble(word) ? 3u : 2u);
        switch (WordFields.Unsigned(word, 12, 5), WordFields.Unsigned(word, 23, 1))
        {
            case (12, _):
                if (isSigned)
                {
                    UseFpUnary<FpUnaries.GreaterThanZero>(word, builder);
                }
                else
                {
                    UseFpUnary<FpUnaries.GreaterOrEqualZero>(word, builder);
                }

                break;
            case (13, _):
                if (isSigned)
                {
                    UseFpUnary<FpUnaries.EqualZero>(word, builder);
                }
                else
                {
                    UseFpUnary<FpUnaries.LessOrEqualZero>(word, builder);
                }

                break;
            case (14, _):
                UseFpUnary<FpUnaries.LessThanZero>(word, builder);
                break;
            case (15, _):
                if (isSigned)
                {
                    UseFpUnary<FpUnaries.Absolute>(word, builder);
                }
                else
                {
                    UseFpUnary<FpUnaries.Negate>(word, builder);
                }

                break;
            case (22, _):
                UseFpNarrow(word, builder);
                break;
            case (23, _):
                UseFpLong(word, builder);
                break;
            case (24, 0):
                if (isSigned)
                {
                    UseFpUnary<FpUnaries.Round<FpRoundingModes.NearestEven>>(word, builder);
                }
                else
                {
                    UseFpUnary<FpUnaries.Round<FpRoundingModes.NearestAway>>(word, builder);
                }

                break;
            case (24, _):
                UseFpUnary<FpUnaries.Round<FpRoundingModes.PlusInfinity>>(word, builder);
                break;
            case (25, 0):
                if (isSigned)
                {
                    UseFpUnary<FpUnaries.Round<FpRoundingModes.MinusInfinity>>(word, builder);
                }
                else
                {
                    UseFpUnary<FpUnaries.RoundExactly>(word, builder);
                }

                break;
            case (25, _):
                if (isSigned)
                {
                    UseFpUnary<FpUnaries.Round<FpRoundingModes.Zero>>(word, builder);
                }
                else
                {
                    UseFpUnary<FpUnaries.RoundAsControlled>(word, builder);
                }

                break;
            case (26, 0):
                UseFpToFixed(word, FpRounding.NearestEven, builder);
                break;
            case (26, _):
                UseFpToFixed(word, FpRounding.PlusInfinity, builder);
                break;
            case (27, 0):
                UseFpToFixed(word, FpRounding.MinusInfinity, builder);
                break;
            case (27, _):
                UseFpToFixed(word, FpRounding.Zero, builder);
                break;
            case (28, 0):
                UseFpToFixed(word, FpRounding.NearestAway, builder);
                break;
            case (28, _):
                if (isSigned)
                {
                    LaneTypes.Visit(2, isSigned: false, new Visitors.Lanes<LaneFunctions.UnsignedReciprocalEstimate>(builder));
                }
                else
                {
                    LaneTypes.Visit(2, isSigned: false, new Visitors.Lanes<LaneFunctions.UnsignedReciprocalSquareRootEstimate>(builder));
                }

                break;
            case (29, 0):
                UseFpFromFixed(word, builder);
                break;
            case (29, _):
                if (isSigned)
                {
                    UseFpUnary<FpUnaries.ReciprocalEstimate>(word, builder);
                }
                else
                {
                    UseFpUnary<FpUnaries.ReciprocalSquareRootEstimate>(word, builder);
                }

                break;
            default:
                if (isSigned)
                {
                    UseFpUnary<FpUnaries.ReciprocalExponent>(word, builder);
                }
                else
                {
                    UseFpUnary<FpUnaries.SquareRoot>(word, builder);
                }

                break;
        }
    }

    /// <summary>Uses a narrowing function without a shift.</summary>
    private static void UseNarrow<TFunction>(uint word, bool isWideSigned, bool isNarrowSigned, OperationBuilder builder)
        where TFunction : struct, INarrowFunction => UseShiftNarrow<TFunction>(word, Size(word), 0, isWideSigned, isNarrowSigned, builder);

    private static void UseShiftNarrow<TFunction>(
        uint word, uint size, int amount, bool isWideSigned, bool isNarrowSigned, OperationBuilder builder)
        where TFunction : struct, INarrowFunction
    {
        SetNarrow(word, builder);
        builder.Value.Immediate = amount;
        LaneTypes.VisitPair(size, isNarrowSigned, isWideSigned, new Visitors.Narrow<TFunction>(builder));
    }

    private static void SetNarrow(uint word, OperationBuilder builder) => builder.Value.Ra = (ushort)(IsScalar(word) ? 1 : UpperHalf(word));

    private static void UseFpNarrow(uint word, OperationBuilder builder)
    {
        SetNarrow(word, builder);
        builder.Value.Count = IsUnsigned(word) ? (short)1 : (short)0;
        if (IsDouble(word))
        {
            SimdForms.Use<FpNarrowLanes<ulong, uint, DoubleFormat, SingleFormat>>(builder);
        }
        else
        {
            SimdForms.Use<FpNarrowLanes<uint, ushort, SingleFormat, HalfFormat>>(builder);
        }
    }

    private static void UseFpLong(uint word, OperationBuilder builder)
    {
        builder.Value.Immediate = UpperHalf(word);
        if (IsDouble(word))
        {
            SimdForms.Use<FpLongLanes<uint, ulong, SingleFormat, DoubleFormat>>(builder);
        }
        else
        {
            SimdForms.Use<FpLongLanes<ushort, uint, HalfFormat, SingleFormat>>(builder);
        }
    }

    private static void UseFpToFixed(uint word, FpRounding rounding, OperationBuilder builder) =>
        UseFpToFixed(!IsUnsigned(word), IsDouble(word), rounding, builder);

    private static void UseFpToFixed(bool isSigned, bool isDouble, FpRounding rounding, OperationBuilder builder)
    {
        builder.Value.Rm = isSigned ? (ushort)1 : (ushort)0;
        builder.Value.Count = (short)rounding;
        if (isDouble)
        {
            SimdForms.Use<FpToFixedLanes<ulong, DoubleFormat>>(builder);
        }
        else
        {
            SimdForms.Use<FpToFixedLanes<uint, SingleFormat>>(builder);
        }
    }

    private static void UseFpFromFixed(uint word, OperationBuilder builder) => UseFpFromFixed(!IsUnsigned(word), IsDouble(word), builder);

    private static void UseFpFromFixed(bool isSigned, bool isDouble, OperationBuilder builder)
    {
        builder.Value.Rm = isSigned ? (ushort)1 : (ushort)0;
        if (isDouble)
        {
            SimdForms.Use<FpFromFixedLanes<ulong, DoubleFormat>>(builder);
        }
        else
        {
            SimdForms.Use<FpFromFixedLanes<uint, SingleFormat>>(builder);
        }
    }

    private static void UseFpUnary<TFunction>(uint word, OperationBuilder builder)
        where TFunction : struct, IFpUnary
    {
        if (IsDouble(word))
        {
            SimdForms.Use<FpUnaryLanes<double, DoubleFormat, TFunction>>(builder);
        }
        else
        {
            SimdForms.Use<FpUnaryLanes<float, SingleFormat, TFunction>>(builder);
        }
    }

    private static void UseFpBinary<TFunction>(uint word, OperationBuilder builder)
        where TFunction : struct, IFpBinary
    {
        if (IsDouble(word))
        {
            SimdForms.Use<FpBinaryLanes<double, DoubleFormat, TFunction>>(builder);
        }
        else
        {
            SimdForms.Use<FpBinaryLanes<float, SingleFormat, TFunction>>(builder);
        }
    }

    private static void UseFpTernary<TFunction>(uint word, OperationBuilder builder)
        where TFunction : struct, IFpTernary
    {
        if (IsDouble(word))
        {
            SimdForms.Use<FpTernaryLanes<double, DoubleFormat, TFunction>>(builder);
        }
        else
        {
            SimdForms.Use<FpTernaryLanes<float, SingleFormat, TFunction>>(builder);
        }
    }

    private static void UseFpPairwise<TFunction>(uint word, OperationBuilder builder)
        where TFunction : struct, IFpBinary
    {
        if (IsDouble(word))
        {
            SimdForms.Use<PairwiseFpLanes<double, DoubleFormat, TFunction>>(builder);
        }
        else
        {
            SimdForms.Use<PairwiseFpLanes<float, SingleFormat, TFunction>>(builder);
        }
    }

    private static void UseFpPair<TFunction>(uint word, OperationBuilder builder)
        where TFunction : struct, IFpBinary
    {
        if (IsDouble(word))
        {
            SimdForms.Use<PairOfFpLanes<double, DoubleFormat, TFunction>>(builder);
        }
        else
        {
            SimdForms.Use<PairOfFpLanes<float, SingleFormat, TFunction>>(builder);
        }
    }

    private static void UseIndexedFpBinary<TFunction>(uint word, OperationBuilder builder)
        where TFunction : struct, IFpBinary
    {
        if (IsDouble(word))
        {
            SimdForms.Use<IndexedFpBinaryLanes<double, DoubleFormat, TFunction>>(builder);
        }
        else
        {
            SimdForms.Use<IndexedFpBinaryLanes<float, SingleFormat, TFunction>>(builder);
        }
    }

    private static void UseIndexedFpTernary<TFunction>(uint word, OperationBuilder builder)
        where TFunction : struct, IFpTernary
    {
        if (IsDouble(word))
        {
            SimdForms.Use<IndexedFpTernaryLanes<double, DoubleFormat, TFunction>>(builder);
        }
        else
        {
            SimdForms.Use<IndexedFpTernaryLanes<float, SingleFormat, TFunction>>(builder);
        }
    }

    private static void BindShift(uint word, ref OperationBuilder builder)
    {
        // immh:immb is the amount plus the lane's bits for a left shift, and twice the lane's bits less the amount for a right shift.
        uint immediate = WordFields.Unsigned(word, 16, 7);
        uint size = (uint)int.Log2((int)immediate >> 3);
        int left = (int)immediate - (8 << (int)size);
        int right = (16 << (int)size) - (int)immediate;
        bool isSigned = !IsUnsigned(word);
        SimdForms.SetVectors(word, builder);
        builder.Value.Ra = Bytes(word, size);
        switch (WordFields.Unsigned(word, 11, 5))
        {
            case 0:
                UseShifted<LaneFunctions.ShiftRight>(size, isSigned, right, builder);
                break;
            case 2:
                UseShifted<LaneFunctions.ShiftRightAccumulate>(size, isSigned, right, builder);
                break;
            case 4:
                UseShifted<LaneFunctions.RoundingShiftRight>(size, isSigned, right, builder);
                break;
            case 6:
                UseShifted<LaneFunctions.RoundingShiftRightAccumulate>(size, isSigned, right, builder);
                break;
            case 8:
                UseShifted<LaneFunctions.ShiftRightInsert>(size, isSigned: false, right, builder);
                break;
            case 10 when isSigned:
                UseShifted<LaneFunctions.ShiftLeft>(size, isSigned, left, builder);
                break;
            case 10:
                UseShifted<LaneFunctions.ShiftLeftInsert>(size, isSigned, left, builder);
                break;
            case 12:
                UseShifted<LaneFunctions.SaturatingShiftLeftUnsigned>(size, isSigned: false, left, builder);
                break;
            case 14:
                UseShifted<LaneFunctions.SaturatingShiftLeft>(size, isSigned, left, builder);
                break;
            case 16 when isSigned:
                UseShiftNarrow<NarrowFunctions.Shift>(word, size, right, isWideSigned: false, isNarrowSigned: false, builder);
                break;
            case 16:
                UseShiftNarrow<NarrowFunctions.SaturatingShift>(word, size, right, isWideSigned: true, isNarrowSigned: false, builder);
                break;
            case 17 when isSigned:
                UseShiftNarrow<NarrowFunctions.RoundingShift>(word, size, right, isWideSigned: false, isNarrowSigned: false, builder);
                break;
            case 17:
                UseShiftNarrow<NarrowFunctions.SaturatingRoundingShift>(word, size, right, isWideSigned: true, isNarrowSigned: false, builder);
                break;
            case 18:
                UseShiftNarrow<NarrowFunctions.SaturatingShift>(word, size, right, isSigned, isSigned, builder);
                break;
            case 19:
                UseShiftNarrow<NarrowFunctions.SaturatingRoundingShift>(word, size, right, isSigned, isSigned, builder);
                break;
            case 20:
                builder.Value.Rm = (ushort)left;
                builder.Value.Immediate = UpperHalf(word);
                LaneTypes.VisitPair(size, isSigned, isSigned, new Visitors.ShiftedLong(builder));
                break;
            case 28:
                builder.Value.Immediate = right;
                UseFpFromFixed(isSigned, isDouble: size == 3, builder);
                break;
            default:
                builder.Value.Immediate = right;
                UseFpToFixed(isSigned, isDouble: size == 3, FpRounding.Zero, builder);
                break;
        }
    }

    private static void UseShifted<TFunction>(uint size, bool isSigned, int amount, OperationBuilder builder)
        where TFunction : struct, ILaneFunction
    {
        builder.Value.Immediate = amount;
        LaneTypes.Visit(size, isSigned, new Visitors.Shifted<TFunction>(builder));
    }

    private static void BindDifferent(uint word, ref OperationBuilder builder)
    {
        uint size = Size(word);
        bool isSigned = !IsUnsigned(word);
        SimdForms.SetVectors(word, builder);
        builder.Value.Ra = (ushort)(IsScalar(word) ? 2 << (int)size : FullBytes);
        builder.Value.Immediate = UpperHalf(word);
        switch (WordFields.Unsigned(word, 12, 4))
        {
            case 0:
                LaneTypes.VisitPair(size, isSigned, isSigned, new Visitors.Long<LaneFunctions.Add>(builder));
                break;
            case 1:
                LaneTypes.VisitPair(size, isSigned, isSigned, new Visitors.Wide<LaneFunctions.Add>(builder));
                break;
            case 2:
                LaneTypes.VisitPair(size, isSigned, isSigned, new Visitors.Long<LaneFunctions.Subtract>(builder));
                break;
            case 3:
                LaneTypes.VisitPair(size, isSigned, isSigned, new Visitors.Wide<LaneFunctions.Subtract>(builder));
                break;
            case 4 when isSigned:
                UseNarrow<NarrowFunctions.AddHigh>(word, isWideSigned: false, isNarrowSigned: false, builder);
                break;
            case 4:
                UseNarrow<NarrowFunctions.RoundingAddHigh>(word, isWideSigned: false, isNarrowSigned: false, builder);
                break;
            case 5:
                LaneTypes.VisitPair(size, isSigned, isSigned, new Visitors.Long<LaneFunctions.AbsoluteDifferenceAccumulate>(builder));
                break;
            case 6 when isSigned:
                UseNarrow<NarrowFunctions.SubtractHigh>(word, isWideSigned: false, isNarrowSigned: false, builder);
                break;
            case 6:
                UseNarrow<NarrowFunctions.RoundingSubtractHigh>(word, isWideSigned: false, isNarrowSigned: false, builder);
                break;
            case 7:
                LaneTypes.VisitPair(size, isSigned, isSigned, new Visitors.Long<LaneFunctions.AbsoluteDifference>(builder));
                break;
            case 8:
                LaneTypes.VisitPair(size, isSigned, isSigned, new Visitors.Long<LaneFunctions.MultiplyAdd>(builder));
                break;
            case 9:
                LaneTypes.VisitPair(size, isSigned, isSigned, new Visitors.Long<LaneFunctions.DoublingMultiplyAdd>(builder));
                break;
            case 10:
                LaneTypes.VisitPair(size, isSigned, isSigned, new Visitors.Long<LaneFunctions.MultiplySubtract>(builder));
                break;
            case 11:
                LaneTypes.VisitPair(size, isSigned, isSigned, new Visitors.Long<LaneFunctions.DoublingMultiplySubtract>(builder));
                break;
            case 12:
                LaneTypes.VisitPair(size, isSigned, isSigned, new Visitors.Long<LaneFunctions.Multiply>(builder));
                break;
            case 13:
                LaneTypes.VisitPair(size, isSigned, isSigned, new Visitors.Long<LaneFunctions.DoublingMultiply>(builder));
                break;
            default:
                LaneTypes.VisitPair(0, isNarrowSigned: false, isWideSigned: false, new Visitors.Long<LaneFunctions.PolynomialMultiply>(builder));
                break;
        }
    }

    private static void BindElement(uint word, ref OperationBuilder builder)
    {
        const uint HalfwordRegisters = 0xF;
        uint opcode = WordFields.Unsigned(word, 12, 4);
        bool isSigned = !IsUnsigned(word);
        bool isFloatingPoint = (opcode & 0b0011) == 0b0001 && opcode != 0b1101;
        uint size = isFloatingPoint ? IsDouble(word) ? 3u : 2u : Size(word);

        // The index is H:L:M of halfwords, H:L of words and H of doublewords; M is a bit of the register's number unless it is needed.
        uint highBit = WordFields.Unsigned(word, 11, 1);
        uint lowBits = WordFields.Unsigned(word, 20, 2);
        uint index = (highBit << (3 - (int)size)) | (lowBits >> ((int)size - 1));
        uint register = size == 1 ? WordFields.Rm(word) & HalfwordRegisters : WordFields.Rm(word);
        SimdForms.SetVectors(word, builder);
        builder.Value.Rm = (ushort)(OperationBuilder.Vector(register) + (index << (int)size));
        bool isLong = opcode is 2 or 3 or 6 or 7 or 10 or 11;
        builder.Value.Ra = isLong ? (ushort)(IsScalar(word) ? 2 << (int)size : FullBytes) : Bytes(word, size);
        builder.Value.Immediate = UpperHalf(word);
        switch (opcode)
        {
            case 0:
                LaneTypes.Visit(size, isSigned, new Visitors.Indexed<LaneFunctions.MultiplyAdd>(builder));
                break;
            case 1:
                UseIndexedFpTernary<FpTernaries.MultiplyAdd>(word, builder);
                break;
            case 2:
                LaneTypes.VisitPair(size, isSigned, isSigned, new Visitors.IndexedLong<LaneFunctions.MultiplyAdd>(builder));
                break;
            case 3:
                LaneTypes.VisitPair(size, isSigned, isSigned, new Visitors.IndexedLong<LaneFunctions.DoublingMultiplyAdd>(builder));
                break;
            case 4:
                LaneTypes.Visit(size, isSigned, new Visitors.Indexed<LaneFunctions.MultiplySubtract>(builder));
                break;
            case 5:
                UseIndexedFpTernary<FpTernaries.MultiplySubtract>(word, builder);
                break;
            case 6:
                LaneTypes.VisitPair(size, isSigned, isSigned, new Visitors.IndexedLong<LaneFunctions.MultiplySubtract>(builder));
                break;
            case 7:
                LaneTypes.VisitPair(size, isSigned, isSigned, new Visitors.IndexedLong<LaneFunctions.DoublingMultiplySubtract>(builder));
                break;
            case 8:
                LaneTypes.Visit(size, isSigned, new Visitors.Indexed<LaneFunctions.Multiply>(builder));
                break;
            case 9 when isSigned:
                UseIndexedFpBinary<FpBinaries.Multiply>(word, builder);
                break;
            case 9:
                UseIndexedFpBinary<FpBinaries.MultiplyExtended>(word, builder);
                break;
            case 10:
                LaneTypes.VisitPair(size, isSigned, isSigned, new Visitors.IndexedLong<LaneFunctions.Multiply>(builder));
                break;
            case 11:
                LaneTypes.VisitPair(size, isSigned, isSigned, new Visitors.IndexedLong<LaneFunctions.DoublingMultiply>(builder));
                break;
            case 12:
                LaneTypes.Visit(size, isSigned: true, new Visitors.Indexed<LaneFunctions.DoublingMultiplyHigh>(builder));
                break;
            default:
                LaneTypes.Visit(size, isSigned: true, new Visitors.Indexed<LaneFunctions.RoundingDoublingMultiplyHigh>(builder));
                break;
        }
    }

    private static void BindAcross(uint word, ref OperationBuilder builder)
    {
        uint size = Size(word);
        bool isSigned = !IsUnsigned(word);
        bool isMinimum = WordFields.Unsigned(word, 23, 1) != 0;
        SimdForms.SetVectors(word, builder);
        builder.Value.Ra = Bytes(word, size);
        switch (WordFields.Unsigned(word, 12, 5))
        {
            case 3:
                LaneTypes.VisitPair(size, isSigned, isSigned, new Visitors.AcrossLong(builder));
                break;
            case 10:
                LaneTypes.Visit(size, isSigned, new Visitors.Across<LaneFunctions.Max>(builder));
                break;
            case 12 when isMinimum:
                SimdForms.Use<AcrossFpLanes<float, SingleFormat, FpBinaries.MinNumber>>(builder);
                break;
            case 12:
                SimdForms.Use<AcrossFpLanes<float, SingleFormat, FpBinaries.MaxNumber>>(builder);
                break;
            case 15 when isMinimum:
                SimdForms.Use<AcrossFpLanes<float, SingleFormat, FpBinaries.Min>>(builder);
                break;
            case 15:
                SimdForms.Use<AcrossFpLanes<float, SingleFormat, FpBinaries.Max>>(builder);
                break;
            case 26:
                LaneTypes.Visit(size, isSigned, new Visitors.Across<LaneFunctions.Min>(builder));
                break;
            default:
                LaneTypes.Visit(size, isSigned, new Visitors.Across<LaneFunctions.Add>(builder));
                break;
        }
    }

    private static void BindPair(uint word, ref OperationBuilder builder)
    {
        bool isMinimum = WordFields.Unsigned(word, 23, 1) != 0;
        SimdForms.SetVectors(word, builder);
        switch (WordFields.Unsigned(word, 12, 5))
        {
            case 27:
                LaneTypes.Visit(Size(word), isSigned: false, new Visitors.Pair<LaneFunctions.Add>(builder));
                break;
            case 12 when isMinimum:
                UseFpPair<FpBinaries.MinNumber>(word, builder);
                break;
            case 12:
                UseFpPair<FpBinaries.MaxNumber>(word, builder);
                break;
            case 13:
                UseFpPair<FpBinaries.Add>(word, builder);
                break;
            case 15 when isMinimum:
                UseFpPair<FpBinaries.Min>(word, builder);
                break;
            default:
                UseFpPair<FpBinaries.Max>(word, builder);
                break;
        }
    }
}
