using System;
using System.Text;
using HvIntrospect.Interpreter.Semantics;
using Xunit;

namespace HvIntrospect.Tests.Interpreter.Semantics;

/// <summary>Values that the architecture or a standard states.</summary>
public sealed class IntegerSemanticsTests
{
    [Theory]
    [InlineData(0, 0b111100, 0, 0x5555_5555_5555_5555)]
    [InlineData(0, 0b111100, 1, 0xAAAA_AAAA_AAAA_AAAA)]
    [InlineData(0, 0b110000, 7, 0x0202_0202_0202_0202)]
    [InlineData(0, 0b000111, 0, 0x0000_00FF_0000_00FF)]
    [InlineData(0, 0b011110, 31, 0xFFFF_FFFE_FFFF_FFFE)]
    [InlineData(1, 0b000000, 63, 2)]
    [InlineData(1, 0b111110, 0, 0x7FFF_FFFF_FFFF_FFFF)]
    [InlineData(1, 0b001011, 12, 0xFFF0_0000_0000_0000)]
    public void LogicalImmediatesRepeatARotatedRunOfOnes(uint n, uint imms, uint immr, ulong mask) =>
        Assert.Equal(mask, Bits.LogicalImmediate(n, imms, immr));

    [Fact]
    public void DivisionByZeroAndOverflowAreResults()
    {
        Assert.Equal(0u, Division.Unsigned(7u, 0u));
        Assert.Equal(0UL, Division.Unsigned(7UL, 0UL));
        Assert.Equal(0, Division.Signed(-7, 0));
        Assert.Equal(0L, Division.Signed(-7L, 0L));
        Assert.Equal(int.MinValue, Division.Signed(int.MinValue, -1));
        Assert.Equal(long.MinValue, Division.Signed(long.MinValue, -1L));
        Assert.Equal(-3, Division.Signed(7, -2));
    }

    [Fact]
    public void ChecksumsHaveTheCheckValuesOfTheirStandards()
    {
        uint crc32 = uint.MaxValue;
        uint castagnoli = uint.MaxValue;
        foreach (byte value in Encoding.ASCII.GetBytes("123456789"))
        {
            crc32 = Crc32.Add(crc32, value, 1);
            castagnoli = Crc32.AddCastagnoli(castagnoli, value, 1);
        }

        Assert.Equal(0xCBF4_3926, ~crc32);
        Assert.Equal(0xE306_9283, ~castagnoli);
        Assert.Equal(Crc32.Add(Crc32.Add(5, 0x1122_3344, 4), 0x5566_7788, 4), Crc32.Add(5, 0x5566_7788_1122_3344, 8));
        Assert.Equal(Crc32.AddCastagnoli(Crc32.AddCastagnoli(5, 0x3344, 2), 0x1122, 2), Crc32.AddCastagnoli(5, 0x1122_3344, 4));
    }

    [Fact]
    public void LeadingSignsAreCountedBelowTheSign()
    {
        Assert.Equal(63, Bits.CountLeadingSigns(0UL));
        Assert.Equal(63, Bits.CountLeadingSigns(ulong.MaxValue));
        Assert.Equal(0, Bits.CountLeadingSigns(1UL << 62));
        Assert.Equal(31, Bits.CountLeadingSigns(0u));
        Assert.Equal(30, Bits.CountLeadingSigns(1u));
        Assert.Equal(0x8000_0000_0000_0000, Bits.Reverse(1));
    }

    [Theory]
    [InlineData(-128, 8, false, -1)]
    [InlineData(-128, 8, true, 0)]
    [InlineData(127, 1, true, 64)]
    [InlineData(127, 100, false, 0)]
    [InlineData(-1, 1, true, 0)]
    public void RightShiftsReachBeyondTheLane(sbyte value, int amount, bool isRounded, sbyte result) =>
        Assert.Equal(result, Shifts.Right(value, amount, isRounded));

    [Fact]
    public void LeftShiftsSaturateAtAnyAmount()
    {
        foreach (int amount in (int[])[8, 63, 64, 100, 127])
        {
            uint status = 0;
            Assert.Equal(sbyte.MinValue, Shifts.ShiftSaturated<sbyte>(-1, amount, false, ref status));
            Assert.Equal(ulong.MaxValue, Shifts.ShiftSaturated(ulong.MaxValue, amount, false, ref status));
            Assert.Equal(FpStatus.Saturated, status);
            status = 0;
            Assert.Equal(0L, Shifts.ShiftSaturated(0L, amount, false, ref status));
            Assert.Equal(0u, status);
        }
    }
}
