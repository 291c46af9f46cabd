using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using HvIntrospect.Registers;
using Xunit;

namespace HvIntrospect.Tests.Registers;

public sealed class SystemRegisterTests
{
    [Theory]
    [InlineData("HCR_EL2", 3, 4, 1, 1, 0)]
    [InlineData("SCTLR_EL1", 3, 0, 1, 0, 0)]
    [InlineData("ID_AA64MMFR0_EL1", 3, 0, 0, 7, 0)]
    [InlineData("CNTV_CVAL_EL0", 3, 3, 14, 3, 2)]
    [InlineData("MDSCR_EL1", 2, 0, 0, 2, 2)]
    [InlineData("OSLAR_EL1", 2, 0, 1, 0, 4)]
    [InlineData("DBGBVR0_EL1", 2, 0, 0, 0, 4)]
    [InlineData("DBGWCR15_EL1", 2, 0, 0, 15, 7)]
    [InlineData("PMEVCNTR9_EL0", 3, 3, 14, 9, 1)]
    [InlineData("PMEVTYPER30_EL0", 3, 3, 14, 15, 6)]
    [InlineData("PMCCFILTR_EL0", 3, 3, 14, 15, 7)]
    [InlineData("ICH_LR9_EL2", 3, 4, 12, 13, 1)]
    [InlineData("DAIF", 3, 3, 4, 2, 1)]
    [InlineData("SP_EL1", 3, 4, 4, 1, 0)]
    [InlineData("DCZID_EL0", 3, 3, 0, 0, 7)]
    [InlineData("HPFAR_EL2", 3, 4, 6, 0, 4)]
    public void NamesHaveTheirEncodings(string name, int op0, int op1, int crn, int crm, int op2)
    {
        Assert.True(SystemRegister.TryParse(name, out SystemRegister register));
        Assert.Equal(new SystemRegister(op0, op1, crn, crm, op2), register);
        Assert.Equal(name, register.ToString());
        Assert.True(SystemRegister.TryParse(name.ToLowerInvariant(), out SystemRegister lower));
        Assert.Equal(register, lower);
    }

    [Fact]
    public void EveryPropertyHasTheNameThatTheTextHas()
    {
        List<PropertyInfo> properties = typeof(SystemRegister).GetProperties(BindingFlags.Public | BindingFlags.Static)
            .Where(property => property.PropertyType == typeof(SystemRegister)).ToList();
        Assert.True(properties.Count > 240);
        foreach (PropertyInfo property in properties)
        {
            var register = (SystemRegister)property.GetValue(null)!;
            Assert.True(register.TryGetName(out string name), property.Name);
            Assert.Equal(property.Name.ToUpperInvariant(), name.Replace("_", string.Empty).ToUpperInvariant());
        }
    }

    [Theory]
    [InlineData("S3_4_C1_C1_0", true)]
    [InlineData("s3_7_c15_c15_7", true)]
    [InlineData("S4_0_C0_C0_0", false)]
    [InlineData("S3_8_C0_C0_0", false)]
    [InlineData("S3_0_C16_C0_0", false)]
    [InlineData("S3_0_C0_C0", false)]
    [InlineData("S3_0_C0_C0_0_0", false)]
    [InlineData("S3_0_C_C0_0", false)]
    [InlineData("S3_0_C-1_C0_0", false)]
    [InlineData("S3_0_C99999999999_C0_0", false)]
    [InlineData("DBGBVR16_EL1", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void GenericNamesParse(string? text, bool valid)
    {
        Assert.Equal(valid, SystemRegister.TryParse(text, out SystemRegister register));
        if (!valid)
        {
            Assert.Equal(default, register);
        }
    }

    [Fact]
    public void EveryEncodingRoundTripsThroughItsText()
    {
        for (int encoding = 0; encoding <= ushort.MaxValue; encoding++)
        {
            SystemRegister register = SystemRegister.FromEncoding((ushort)encoding);
            Assert.True(SystemRegister.TryParse(register.ToString(), out SystemRegister parsed));
            Assert.Equal(register, parsed);
        }
    }

    [Fact]
    public void TransmitRegisterSharesAnEncoding()
    {
        Assert.True(SystemRegister.TryParse("DBGDTRTX_EL0", out SystemRegister register));
        Assert.Equal(SystemRegister.DbgdtrrxEl0, register);
    }
}
