using System;
using System.Collections.Generic;
using System.Linq;
using HvIntrospect.A64;
using HvIntrospect.Interpreter;
using HvIntrospect.Interpreter.Operations;
using HvIntrospect.Registers;
using Xunit;

namespace HvIntrospect.Tests.Interpreter.SystemInstructions;

/// <summary>What a kernel reads from the identification registers is what the core does.</summary>
public sealed class IdentificationTests
{
    // The fields as the manual's register pages have them: at least this value, and the feature is there.
    private static readonly (string Register, int Low, ulong Least, A64Features Feature)[] s_fields =
    [
        ("ID_AA64PFR0_EL1", 16, 1, A64Features.FP16), ("ID_AA64PFR0_EL1", 20, 1, A64Features.FP16), ("ID_AA64PFR0_EL1", 28, 1, A64Features.RAS), ("ID_AA64PFR0_EL1", 48, 1, A64Features.DIT),
        ("ID_AA64PFR1_EL1", 0, 1, A64Features.BTI), ("ID_AA64PFR1_EL1", 4, 2, A64Features.SSBS), ("ID_AA64PFR1_EL1", 8, 1, A64Features.MTE), ("ID_AA64PFR1_EL1", 8, 2, A64Features.MTE2),
        ("ID_AA64ISAR0_EL1", 4, 1, A64Features.AES), ("ID_AA64ISAR0_EL1", 4, 2, A64Features.PMULL), ("ID_AA64ISAR0_EL1", 8, 1, A64Features.SHA1), ("ID_AA64ISAR0_EL1", 12, 1, A64Features.SHA256),
        ("ID_AA64ISAR0_EL1", 12, 2, A64Features.SHA512), ("ID_AA64ISAR0_EL1", 16, 1, A64Features.CRC32), ("ID_AA64ISAR0_EL1", 20, 2, A64Features.LSE), ("ID_AA64ISAR0_EL1", 20, 3, A64Features.LSE128),
        ("ID_AA64ISAR0_EL1", 28, 1, A64Features.RDM), ("ID_AA64ISAR0_EL1", 32, 1, A64Features.SHA3), ("ID_AA64ISAR0_EL1", 36, 1, A64Features.SM3), ("ID_AA64ISAR0_EL1", 40, 1, A64Features.SM4),
        ("ID_AA64ISAR0_EL1", 44, 1, A64Features.DotProd), ("ID_AA64ISAR0_EL1", 48, 1, A64Features.FHM), ("ID_AA64ISAR0_EL1", 52, 1, A64Features.FlagM), ("ID_AA64ISAR0_EL1", 52, 2, A64Features.FlagM2),
        ("ID_AA64ISAR0_EL1", 56, 1, A64Features.TLBIOS), ("ID_AA64ISAR0_EL1", 56, 2, A64Features.TLBIRANGE), ("ID_AA64ISAR0_EL1", 60, 1, A64Features.RNG),
        ("ID_AA64ISAR1_EL1", 0, 1, A64Features.DPB), ("ID_AA64ISAR1_EL1", 0, 2, A64Features.DPB2), ("ID_AA64ISAR1_EL1", 4, 1, A64Features.PAuth), ("ID_AA64ISAR1_EL1", 12, 1, A64Features.JSCVT),
        ("ID_AA64ISAR1_EL1", 16, 1, A64Features.FCMA), ("ID_AA64ISAR1_EL1", 20, 1, A64Features.LRCPC), ("ID_AA64ISAR1_EL1", 20, 2, A64Features.LRCPC2), ("ID_AA64ISAR1_EL1", 20, 3, A64Features.LRCPC3),
        ("ID_AA64ISAR1_EL1", 24, 1, A64Features.PAuth), ("ID_AA64ISAR1_EL1", 32, 1, A64Features.FRINTTS), ("ID_AA64ISAR1_EL1", 36, 1, A64Features.SB), ("ID_AA64ISAR1_EL1", 40, 1, A64Features.SPECRES),
        ("ID_AA64ISAR1_EL1", 44, 1, A64Features.BF16), ("ID_AA64ISAR1_EL1", 52, 1, A64Features.I8MM), ("ID_AA64ISAR1_EL1", 56, 1, A64Features.XS), ("ID_AA64ISAR1_EL1", 60, 1, A64Features.LS64),
        ("ID_AA64ISAR1_EL1", 60, 2, A64Features.LS64_V), ("ID_AA64ISAR1_EL1", 60, 3, A64Features.LS64_ACCDATA),
        ("ID_AA64ISAR2_EL1", 0, 2, A64Features.WFxT), ("ID_AA64ISAR2_EL1", 16, 1, A64Features.MOPS), ("ID_AA64ISAR2_EL1", 20, 1, A64Features.HBC), ("ID_AA64ISAR2_EL1", 48, 1, A64Features.RPRFM),
        ("ID_AA64ISAR2_EL1", 52, 1, A64Features.CSSC),
        ("ID_AA64MMFR1_EL1", 8, 1, A64Features.VHE), ("ID_AA64MMFR1_EL1", 16, 1, A64Features.LOR), ("ID_AA64MMFR1_EL1", 20, 1, A64Features.PAN), ("ID_AA64MMFR1_EL1", 28, 1, A64Features.XNX),
        ("ID_AA64MMFR2_EL1", 4, 1, A64Features.UAO), ("ID_AA64MMFR2_EL1", 32, 1, A64Features.LSE2), ("ID_AA64MMFR2_EL1", 48, 1, A64Features.TTL),
    ];

    // What no guest of the machine can use, and so no register shows; and FEAT_THE, which has a register of its own kind.
    private const A64Features Hidden = A64Features.SVE | A64Features.SME | A64Features.GCS | A64Features.D128 | A64Features.THE | A64Features.Later;

    private static readonly Dictionary<string, CoreModel> s_models = new()
    {
        ["Armv8_0"] = CoreModel.Armv8_0, ["Armv8_2"] = CoreModel.Armv8_2, ["Max"] = CoreModel.Max,
    };

    [Theory]
    [InlineData(A64Features.Armv8_0)]
    [InlineData(A64Features.Armv8_1)]
    [InlineData(A64Features.Armv8_2)]
    [InlineData(A64Features.Armv8_3)]
    [InlineData(A64Features.Armv8_4)]
    [InlineData(A64Features.Armv8_5)]
    [InlineData(A64Features.Armv8_6)]
    [InlineData(A64Features.Armv8_7)]
    [InlineData(A64Features.Armv8_8)]
    [InlineData(A64Features.Armv8_9)]
    [InlineData(A64Features.All)]
    public void TheRegistersTellTheFeatures(A64Features features) => Assert.Equal(features & ~Hidden, Read(new MachineOptions { Features = features }));

    [Theory]
    [InlineData("Armv8_0", 40)]
    [InlineData("Armv8_2", 48)]
    [InlineData("Max", 52)]
    public void TheRegistersOfAModelTellWhatItDecodesAndExecutes(string name, int addressBits)
    {
        CoreModel model = s_models[name];
        var options = new MachineOptions(model);
        Assert.Equal((model.Features, model.TranslationFeatures, model.PointerAuthentication, addressBits), (options.Features, options.TranslationFeatures, options.PointerAuthentication, options.AddressBits));
        Assert.Equal(model.Features, Read(options));

        // Every word that it decodes is executed.
        Assert.Empty(EncodingTable.Instance.Rows
            .Where(row => (row.Feature & ~model.Features) == 0 && row.Group != EncodingGroup.FloatingPointSimd && !OperationTables.All.Binders.ContainsKey(row.Id))
            .Select(row => row.Id));
    }

    [Theory]
    [InlineData("Armv8_0", "ID_AA64MMFR0_EL1", 0, 2)]
    [InlineData("Armv8_2", "ID_AA64MMFR0_EL1", 0, 5)]
    [InlineData("Max", "ID_AA64MMFR0_EL1", 0, 6)]
    [InlineData("Armv8_0", "ID_AA64MMFR0_EL1", 28, 0)]
    [InlineData("Armv8_0", "ID_AA64MMFR0_EL1", 24, 0)]
    [InlineData("Armv8_0", "ID_AA64MMFR0_EL1", 20, 1)]
    [InlineData("Armv8_0", "ID_AA64MMFR0_EL1", 4, 2)]
    [InlineData("Armv8_0", "ID_AA64MMFR1_EL1", 0, 0)]
    [InlineData("Armv8_2", "ID_AA64MMFR1_EL1", 0, 2)]
    [InlineData("Armv8_2", "ID_AA64MMFR1_EL1", 4, 2)]
    [InlineData("Armv8_2", "ID_AA64MMFR1_EL1", 12, 1)]
    [InlineData("Armv8_2", "ID_AA64MMFR1_EL1", 20, 2)]
    [InlineData("Max", "ID_AA64MMFR1_EL1", 20, 3)]
    [InlineData("Armv8_2", "ID_AA64MMFR0_EL1", 28, 0)]
    [InlineData("Max", "ID_AA64MMFR0_EL1", 28, 1)]
    [InlineData("Max", "ID_AA64MMFR0_EL1", 20, 2)]
    [InlineData("Armv8_2", "ID_AA64MMFR2_EL1", 16, 0)]
    [InlineData("Max", "ID_AA64MMFR2_EL1", 16, 1)]
    [InlineData("Max", "ID_AA64MMFR2_EL1", 28, 1)]
    [InlineData("Max", "ID_AA64MMFR2_EL1", 36, 1)]
    [InlineData("Max", "ID_AA64MMFR2_EL1", 40, 1)]
    [InlineData("Max", "CLIDR_EL1", 24, 2)]
    [InlineData("Armv8_2", "CLIDR_EL1", 24, 10)]
    [InlineData("Max", "ID_AA64MMFR2_EL1", 56, 2)]
    [InlineData("Max", "ID_AA64MMFR2_EL1", 60, 1)]
    [InlineData("Armv8_2", "ID_AA64MMFR2_EL1", 36, 0)]
    [InlineData("Max", "ID_AA64ISAR1_EL1", 4, 5)]
    [InlineData("Armv8_0", "ID_AA64PFR0_EL1", 0, 1)]
    [InlineData("Armv8_0", "ID_AA64PFR0_EL1", 4, 1)]
    [InlineData("Armv8_0", "ID_AA64PFR0_EL1", 8, 1)]
    [InlineData("Armv8_0", "ID_AA64PFR0_EL1", 16, 0)]
    [InlineData("Armv8_0", "ID_AA64PFR0_EL1", 24, 0)]
    [InlineData("Armv8_0", "ID_AA64DFR0_EL1", 0, 6)]
    [InlineData("Armv8_0", "ID_AA64DFR0_EL1", 8, 1)]
    [InlineData("Armv8_0", "ID_AA64DFR0_EL1", 12, 5)]
    [InlineData("Armv8_0", "ID_AA64DFR0_EL1", 20, 3)]
    [InlineData("Armv8_0", "ID_AA64DFR0_EL1", 28, 1)]
    public void AFieldHasTheValueOfTheModel(string model, string register, int low, int value)
    {
        using var program = new GuestProgram(new MachineOptions(s_models[model]));
        SystemRegister.TryParse(register, out SystemRegister parsed);
        Assert.Equal((ulong)value, (program.El2.ReadSystemRegister(parsed) >> low) & 15);
    }

    [Fact]
    public void TheLargestModelLacksNothingThatTheMachineExecutes()
    {
        // A feature whose every encoding is bound, and that some register shows, belongs to it. Tags are of use only where EL2 makes memory Tagged, so that they are asked for.
        const A64Features OnRequest = A64Features.MTE | A64Features.MTE2;
        foreach (A64Features feature in s_fields.Select(static field => field.Feature).Distinct().Where(static feature => ((CoreModel.Max.Features | OnRequest) & feature) == 0))
        {
            EncodingRow[] rows = [.. EncodingTable.Instance.Rows.Where(row => (row.Feature & feature) != 0 && (row.Feature & ~(CoreModel.Max.Features | feature)) == 0)];
            Assert.True(rows.Length == 0 || rows.Any(static row => !OperationTables.All.Binders.ContainsKey(row.Id)), feature.ToString());
        }
    }

    private static A64Features Read(MachineOptions options)
    {
        using var program = new GuestProgram(options);
        A64Features features = A64Features.Armv8_0;
        foreach ((string name, int low, ulong least, A64Features feature) in s_fields)
        {
            // All ones in the fields of floating-point mean that there is none.
            SystemRegister.TryParse(name, out SystemRegister register);
            ulong value = (program.El2.ReadSystemRegister(register) >> low) & 15;
            features |= value >= least && value != 15 ? feature : 0;
        }

        return features;
    }
}
