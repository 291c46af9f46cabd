using System;
using FsCheck;
using FsCheck.Fluent;
using HvIntrospect.Interpreter.Semantics;
using Xunit;

namespace HvIntrospect.Tests.Interpreter.Semantics;

/// <summary>The fast arithmetic against the exact one, and the exact one against the host where the two must agree.</summary>
public sealed class FloatingPointSemanticsTests
{
    private static readonly Config s_config = Config.QuickThrowOnFailure.WithMaxTest(5_000);

    // All kinds of numbers, with exponents near each other more often than not.
    private static readonly Arbitrary<ulong> s_doubles = Arb.From(Gen.OneOf(
        ArbMap.Default.GeneratorFor<double>().Select(BitConverter.DoubleToUInt64Bits),
        Gen.Choose(int.MinValue, int.MaxValue).Select(Scramble),
        Gen.Choose(int.MinValue, int.MaxValue).Select(seed => (Scramble(seed) & 0x800F_FFFF_FFFF_FFFF) | 0x3FE0_0000_0000_0000),
        Gen.Choose(int.MinValue, int.MaxValue).Select(seed => (Scramble(seed) & 0xFFF0_0000_0000_0000) | (uint)(seed & 1))));

    [Fact]
    public void WhatTheFastSumDoesTheExactOneDoes() => Check(
        (double a, double b, ref ulong status, out double result) => FpFast<double>.TryAdd(a, b, 0, ref status, out result),
        FpArithmetic<DoubleFormat>.Add);

    [Fact]
    public void WhatTheFastProductDoesTheExactOneDoes() => Check(
        (double a, double b, ref ulong status, out double result) => FpFast<double>.TryMultiply(a, b, 0, ref status, out result),
        FpArithmetic<DoubleFormat>.Multiply);

    [Fact]
    public void WhatTheFastQuotientDoesTheExactOneDoes() => Check(
        (double a, double b, ref ulong status, out double result) => FpFast<double>.TryDivide(a, b, 0, ref status, out result),
        FpArithmetic<DoubleFormat>.Divide);

    [Fact]
    public void TheExactSumIsThatOfTheHostToTheNearest() =>
        Prop.ForAll(s_doubles, s_doubles, (a, b) =>
        {
            var context = new FpContext(0);
            ulong result = FpArithmetic<DoubleFormat>.Add(a, b, ref context);
            double host = BitConverter.UInt64BitsToDouble(a) + BitConverter.UInt64BitsToDouble(b);
            return double.IsNaN(host) ? double.IsNaN(BitConverter.UInt64BitsToDouble(result)) : BitConverter.DoubleToUInt64Bits(host) == result;
        }).Check(s_config);

    [Fact]
    public void DirectedSumsEncloseTheNearestOne() =>
        Prop.ForAll(s_doubles, s_doubles, (a, b) =>
        {
            double nearest = Sum(a, b, FpRounding.NearestEven);
            double up = Sum(a, b, FpRounding.PlusInfinity);
            double down = Sum(a, b, FpRounding.MinusInfinity);
            return double.IsNaN(nearest) || (down <= nearest && nearest <= up && (up == down || Math.BitIncrement(down) == up));
        }).Check(s_config);

    [Fact]
    public void NaNsPropagateSignalingOnesFirst()
    {
        const ulong Quiet = 0x7FF8_0000_0000_0001;
        const ulong Signaling = 0xFFF0_0000_0000_0002;
        var context = new FpContext(0);
        Assert.Equal(Signaling | (1UL << 51), FpArithmetic<DoubleFormat>.Add(Quiet, Signaling, ref context));
        Assert.Equal(FpStatus.InvalidOperation, context.Status);
        context = new FpContext(FpControl.DefaultNaN);
        Assert.Equal(0x7FF8_0000_0000_0000UL, FpArithmetic<DoubleFormat>.Add(Quiet, 0, ref context));
        Assert.Equal(0u, context.Status);
        Assert.Equal(0x7FF8_0000_0000_0000UL, FpArithmetic<DoubleFormat>.MultiplyAdd(Quiet, 0, 0x7FF0_0000_0000_0000, ref context));
        Assert.Equal(FpStatus.InvalidOperation, context.Status);
    }

    [Theory]
    [InlineData(0x70, 1.0)]
    [InlineData(0x00, 2.0)]
    [InlineData(0xF0, -1.0)]
    [InlineData(0x7F, 1.9375)]
    [InlineData(0x40, 0.125)]
    [InlineData(0x3F, 31.0)]
    public void ImmediatesAreSmallNumbers(uint imm8, double value)
    {
        Assert.Equal(BitConverter.DoubleToUInt64Bits(value), FpImmediate.Expand<DoubleFormat>(imm8));
        Assert.Equal(BitConverter.SingleToUInt32Bits((float)value), FpImmediate.Expand<SingleFormat>(imm8));
        Assert.Equal(BitConverter.HalfToUInt16Bits((Half)value), FpImmediate.Expand<HalfFormat>(imm8));
    }

    private static ulong Scramble(int seed) => (ulong)seed * 0x9E37_79B9_7F4A_7C15 ^ ((ulong)seed * 0xC2B2_AE3D_27D4_EB4F << 7);

    private static double Sum(ulong a, ulong b, FpRounding rounding)
    {
        var context = new FpContext((ulong)rounding << 22);
        return BitConverter.UInt64BitsToDouble(FpArithmetic<DoubleFormat>.Add(a, b, ref context));
    }

    private static void Check(Fast fast, Exact exact) =>
        Prop.ForAll(s_doubles, s_doubles, (a, b) =>
        {
            ulong status = 0;
            if (!fast(BitConverter.UInt64BitsToDouble(a), BitConverter.UInt64BitsToDouble(b), ref status, out double result))
            {
                return status == 0;
            }

            var context = new FpContext(0);
            return exact(a, b, ref context) == BitConverter.DoubleToUInt64Bits(result) && context.Status == status;
        }).Check(s_config);

    private delegate bool Fast(double left, double right, ref ulong status, out double result);

    private delegate ulong Exact(ulong left, ulong right, ref FpContext context);
}
