using System.Linq;
using HvIntrospect.A64;
using HvIntrospect.Registers;
using Xunit;

namespace HvIntrospect.Tests.A64;

/// <summary>The rules that make words inside a pattern UNDEFINED, counted or shown at their edges.</summary>
public sealed class UndefinedRulesTests
{
    [Theory]
    [InlineData("AND_64_log_imm", (63 + 31 + 15 + 7 + 3 + 1) * 64)]
    [InlineData("AND_32_log_imm", (31 + 15 + 7 + 3 + 1) * 64)]
    [InlineData("ADD_64_addsub_shift", 3 * 64 * 32)]
    [InlineData("ADD_64_addsub_ext", 8 * 5 * 32)]
    [InlineData("DUP_asimdins_DR_r", 15 * 4 - 2)]
    [InlineData("EXT_asimdext_only", (16 + 8) * 32)]
    [InlineData("SSHR_asimdshf_R", 15 * 8 * 2 - 64)]
    [InlineData("SHRN_asimdshf_N", 7 * 8 * 2)]
    [InlineData("SCVTF_asimdshf_C", (4 * 8) + (12 * 8))]
    [InlineData("ADDV_asimdall_only", 5)]
    [InlineData("MSR_SI_pstate", 10 * 16)]
    [InlineData("FMLA_asimdelem_R_SD", 2 * 2 * 2 * 32 + 2 * 32)]
    public void RulesLeaveAsManyWordsAsTheArchitectureAllocates(string id, int allocated)
    {
        EncodingRow row = EncodingTable.Instance.Rows.Single(candidate => candidate.Id == id);

        // Rd and Rn never matter to a rule and are left out of the count; Rm is in it.
        uint free = ~row.Mask & ~(row.FieldMask('d') | row.FieldMask('n'));
        int count = 0;
        uint bits = 0;
        do
        {
            count += UndefinedRules.IsUndefined(row.Section.UndefinedRule, row.Value | bits) ? 0 : 1;
            bits = (bits - free) & free;
        }
        while (bits != 0);
        Assert.Equal(allocated, count);
    }

    [Fact]
    public void EveryRuleAdmitsAndRefusesSomething()
    {
        foreach (EncodingRow row in EncodingTable.Instance.Rows.Where(row => row.Section.UndefinedRule != UndefinedRule.None))
        {
            uint free = ~row.Mask & ~(row.FieldMask('n') & 0x3E0);
            bool refused = false;
            bool admitted = false;
            uint bits = 0;
            do
            {
                bool undefined = UndefinedRules.IsUndefined(row.Section.UndefinedRule, row.Value | bits);
                refused |= undefined;
                admitted |= !undefined;
                bits = (bits - free) & free;
            }
            while (bits != 0 && !(refused && admitted));
            Assert.True(admitted, row.ToString());
            Assert.True(refused, row.ToString());
        }
    }

    /// <summary>Numbers counted by hand from the classes of the manual; LLVM accepted and refused the same words of 300,000 random ones.</summary>
    [Theory]
    [InlineData("pcreladdr", 2)]
    [InlineData("addsub_imm", 8)]
    [InlineData("log_imm", 8)]
    [InlineData("movewide", 6)]
    [InlineData("bitfield", 6)]
    [InlineData("extract", 2)]
    [InlineData("dp_2src", 12)]
    [InlineData("dp_1src", 11)]
    [InlineData("log_shift", 16)]
    [InlineData("addsub_shift", 8)]
    [InlineData("addsub_ext", 8)]
    [InlineData("addsub_carry", 8)]
    [InlineData("condcmp_reg", 4)]
    [InlineData("condcmp_imm", 4)]
    [InlineData("condsel", 8)]
    [InlineData("dp_3src", 10)]
    [InlineData("condbranch", 1)]
    [InlineData("exception", 8)]
    [InlineData("barriers", 4)]
    [InlineData("pstate", 1)]
    [InlineData("systeminstrs", 2)]
    [InlineData("systemmove", 2)]
    [InlineData("branch_reg", 5)]
    [InlineData("branch_imm", 2)]
    [InlineData("compbranch", 4)]
    [InlineData("testbranch", 2)]
    [InlineData("float2int", 48 + 4 + 2)]
    [InlineData("float2fix", 16)]
    [InlineData("floatdp1", 22 + 6)]
    [InlineData("floatdp2", 18)]
    [InlineData("floatdp3", 8)]
    [InlineData("floatcmp", 8)]
    [InlineData("floatccmp", 4)]
    [InlineData("floatsel", 2)]
    [InlineData("floatimm", 2)]
    public void TheBaseArchitectureIsCompleteOutsideOfLoadsAndStores(string encodingClass, int encodings) =>
        Assert.Equal(encodings, EncodingTable.Instance.Rows.Count(row => row.Section.Name == encodingClass && row.Feature == A64Features.Armv8_0));
}
