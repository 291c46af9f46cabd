using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Registers;

namespace HvIntrospect.Interpreter.Operations.Branches;

/// <summary>Binds the branches.</summary>
internal static class BranchBinders
{
    /// <summary>Adds the binders.</summary>
    /// <param name="table">The table to add them to.</param>
    public static void AddTo(OperationTable table)
    {
        table.Bind("B_only_branch_imm", BindBranch);
        table.Bind("BL_only_branch_imm", BindBranchWithLink);
        table.BindClass("condbranch", BindConditional);
        table.BindClass("compbranch", BindCompare);
        table.BindClass("testbranch", BindTest);
        table.Bind("BR_64_branch_reg", BindJump);
        table.Bind("RET_64R_branch_reg", BindRegister);
        table.Bind("BLR_64_branch_reg", BindRegisterWithLink);
    }

    private static void BindBranch(uint word, ref OperationBuilder builder) =>
        builder.SetBranch<Branch<LaterInPage>, Branch<EarlierInPage>, Branch<OutsidePage>>(WordFields.Signed(word, 0, 26) * 4);

    private static void BindBranchWithLink(uint word, ref OperationBuilder builder)
    {
        builder.Value.Rm = (ushort)(builder.PageOffset + 4);
        builder.SetBranch<BranchWithLink<LaterInPage>, BranchWithLink<EarlierInPage>, BranchWithLink<OutsidePage>>(WordFields.Signed(word, 0, 26) * 4);
    }

    private static void BindConditional(uint word, ref OperationBuilder builder) =>
        Conditions.Visit(WordFields.Unsigned(word, 0, 4), new ConditionalVisitor(WordFields.Signed(word, 5, 19) * 4, builder));

    private static void BindCompare(uint word, ref OperationBuilder builder)
    {
        const uint NotZeroBit = 1u << 24;
        long displacement = WordFields.Signed(word, 5, 19) * 4;
        builder.Value.Rn = OperationBuilder.Source(WordFields.Rd(word));
        switch (WordFields.Is64(word), (word & NotZeroBit) != 0)
        {
            case (false, false):
                UseTest<RegisterTests.Zero32>(displacement, builder);
                break;
            case (false, true):
                UseTest<RegisterTests.NotZero32>(displacement, builder);
                break;
            case (true, false):
                UseTest<RegisterTests.Zero64>(displacement, builder);
                break;
            default:
                UseTest<RegisterTests.NotZero64>(displacement, builder);
                break;
        }
    }

    private static void BindTest(uint word, ref OperationBuilder builder)
    {
        const uint SetBit = 1u << 24;
        long displacement = WordFields.Signed(word, 5, 14) * 4;
        builder.Value.Rn = OperationBuilder.Source(WordFields.Rd(word));
        builder.Value.Rm = (ushort)((WordFields.Unsigned(word, 31, 1) << 5) | WordFields.Unsigned(word, 19, 5));
        if ((word & SetBit) != 0)
        {
            UseTest<RegisterTests.BitSet>(displacement, builder);
        }
        else
        {
            UseTest<RegisterTests.BitClear>(displacement, builder);
        }
    }

    private static void UseTest<TTest>(long displacement, OperationBuilder builder)
        where TTest : struct, IRegisterTest =>
        builder.SetConditionalBranch<BranchIfRegister<TTest>>(displacement);

    private static void BindRegister(uint word, ref OperationBuilder builder)
    {
        builder.Value.Rn = OperationBuilder.Source(WordFields.Rn(word));
        builder.SetTransfer();
        builder.Use<BranchToRegister>();
    }

    private static void BindJump(uint word, ref OperationBuilder builder)
    {
        BindRegister(word, ref builder);
        if (builder.Has(A64Features.BTI))
        {
            builder.Use<TypedBranch>();
        }
    }

    private static void BindRegisterWithLink(uint word, ref OperationBuilder builder)
    {
        builder.Value.Rn = OperationBuilder.Source(WordFields.Rn(word));
        builder.Value.Rm = (ushort)(builder.PageOffset + 4);
        builder.SetTransfer();
        builder.Use<BranchToRegisterWithLink>();
        if (builder.Has(A64Features.BTI))
        {
            builder.Value.Ra = 1;
            builder.Use<TypedBranch>();
        }
    }

    private readonly ref struct ConditionalVisitor : IConditionVisitor
    {
        private readonly long _displacement;
        private readonly OperationBuilder _builder;

        public ConditionalVisitor(long displacement, OperationBuilder builder)
        {
            _displacement = displacement;
            _builder = builder;
        }

        public void Visit<TCondition>()
            where TCondition : struct, ICondition =>
            _builder.SetConditionalBranch<BranchIf<TCondition>>(_displacement);
    }
}
