using System.Numerics;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Interpreter.Operations.DataProcessing;

namespace HvIntrospect.Interpreter.Operations.Fusion;

/// <summary>Finds compares with a conditional branch behind them, which the fast loop performs as one.</summary>
internal static class BranchFusion
{
    /// <summary>Tests whether two words in a row are performed as one.</summary>
    /// <param name="word">The first word, which is allocated.</param>
    /// <param name="next">The second word.</param>
    /// <returns>True when <see cref="Fuse"/> takes them.</returns>
    public static bool IsPair(uint word, uint next)
    {
        const uint BranchMask = 0xFF00_0010;
        const uint Branch = 0x5400_0000;
        return (next & BranchMask) == Branch && (IsCompareImmediate(word) || IsCompareRegister(word) || IsTestImmediate(word) || IsTestRegister(word));
    }

    /// <summary>Sets the handler of the pair. Conditions that need the overflow stay with the branch.</summary>
    /// <param name="word">The first word.</param>
    /// <param name="next">The second word.</param>
    /// <param name="builder">The first operation, bound.</param>
    public static void Fuse(uint word, uint next, OperationBuilder builder)
    {
        if (WordFields.Is64(word))
        {
            Fuse<ulong>(word, next, builder);
        }
        else
        {
            Fuse<uint>(word, next, builder);
        }
    }

    // SUBS (immediate), with either shift.
    private static bool IsCompareImmediate(uint word) => (word & 0x7F80_0000) == 0x7100_0000;

    // SUBS (shifted register) without a shift.
    private static bool IsCompareRegister(uint word) => (word & 0x7F20_FC00) == 0x6B00_0000 && (word & 0x00C0_0000) == 0;

    // ANDS (immediate).
    private static bool IsTestImmediate(uint word) => (word & 0x7F80_0000) == 0x7200_0000;

    // ANDS (shifted register) without a shift.
    private static bool IsTestRegister(uint word) => (word & 0x7F20_FC00) == 0x6A00_0000 && (word & 0x00C0_0000) == 0;

    private static void Fuse<T>(uint word, uint next, OperationBuilder builder)
        where T : unmanaged, IBinaryInteger<T>
    {
        uint condition = WordFields.Unsigned(next, 0, 4);
        long displacement = WordFields.Signed(next, 5, 19) * 4;
        if (IsCompareImmediate(word))
        {
            FuseCompare<T, SecondOperands.Immediate>(condition, displacement, builder);
        }
        else if (IsCompareRegister(word))
        {
            FuseCompare<T, SecondOperands.Register>(condition, displacement, builder);
        }
        else if (IsTestImmediate(word))
        {
            FuseTest<T, SecondOperands.Immediate>(condition, displacement, builder);
        }
        else
        {
            FuseTest<T, SecondOperands.Register>(condition, displacement, builder);
        }
    }

    private static void FuseCompare<T, TSecond>(uint condition, long displacement, OperationBuilder builder)
        where T : unmanaged, IBinaryInteger<T>
        where TSecond : struct, ISecondOperand
    {
        switch (condition)
        {
            case 0:
                builder.FuseBranch<CompareAndBranch<T, TSecond, Comparisons.Equal>>(displacement);
                break;
            case 1:
                builder.FuseBranch<CompareAndBranch<T, TSecond, Comparisons.NotEqual>>(displacement);
                break;
            case 2:
                builder.FuseBranch<CompareAndBranch<T, TSecond, Comparisons.HigherOrSame>>(displacement);
                break;
            case 3:
                builder.FuseBranch<CompareAndBranch<T, TSecond, Comparisons.Lower>>(displacement);
                break;
            case 4:
                builder.FuseBranch<CompareAndBranch<T, TSecond, Comparisons.Minus>>(displacement);
                break;
            case 5:
                builder.FuseBranch<CompareAndBranch<T, TSecond, Comparisons.Plus>>(displacement);
                break;
            case 8:
                builder.FuseBranch<CompareAndBranch<T, TSecond, Comparisons.Higher>>(displacement);
                break;
            case 9:
                builder.FuseBranch<CompareAndBranch<T, TSecond, Comparisons.LowerOrSame>>(displacement);
                break;
            case 10:
                builder.FuseBranch<CompareAndBranch<T, TSecond, Comparisons.GreaterOrEqual>>(displacement);
                break;
            case 11:
                builder.FuseBranch<CompareAndBranch<T, TSecond, Comparisons.Less>>(displacement);
                break;
            case 12:
                builder.FuseBranch<CompareAndBranch<T, TSecond, Comparisons.Greater>>(displacement);
                break;
            case 13:
                builder.FuseBranch<CompareAndBranch<T, TSecond, Comparisons.LessOrEqual>>(displacement);
                break;
            default:
                break;
        }
    }

    private static void FuseTest<T, TSecond>(uint condition, long displacement, OperationBuilder builder)
        where T : unmanaged, IBinaryInteger<T>
        where TSecond : struct, ISecondOperand
    {
        switch (condition)
        {
            case 0:
                builder.FuseBranch<TestAndBranch<T, TSecond, Comparisons.Equal>>(displacement);
                break;
            case 1:
                builder.FuseBranch<TestAndBranch<T, TSecond, Comparisons.NotEqual>>(displacement);
                break;
            case 4:
                builder.FuseBranch<TestAndBranch<T, TSecond, Comparisons.Minus>>(displacement);
                break;
            case 5:
                builder.FuseBranch<TestAndBranch<T, TSecond, Comparisons.Plus>>(displacement);
                break;
            case 10:
                builder.FuseBranch<TestAndBranch<T, TSecond, Comparisons.GreaterOrEqual>>(displacement);
                break;
            case 11:
                builder.FuseBranch<TestAndBranch<T, TSecond, Comparisons.Less>>(displacement);
                break;
            case 12:
                builder.FuseBranch<TestAndBranch<T, TSecond, Comparisons.Greater>>(displacement);
                break;
            case 13:
                builder.FuseBranch<TestAndBranch<T, TSecond, Comparisons.LessOrEqual>>(displacement);
                break;
            default:
                break;
        }
    }
}
