using System;
using System.Collections.Generic;
using System.Linq;
using HvIntrospect.Interpreter;
using HvIntrospect.Registers;
using Xunit;

namespace HvIntrospect.Tests.Interpreter.SystemInstructions;

/// <summary>Which control of EL2 traps which instruction: the table of the manual's register pages, and that no control traps anything else.</summary>
public sealed class TrapTests
{
    private const ulong El0t = 0x3C0;
    private const ulong EveryUserEnable = 0x7FFF_FFFF;
    private const A64Features Features = A64Features.Armv8_5 | A64Features.MTE2;

    // Without translation an address of a host is a physical one.
    private static readonly MachineOptions s_options = new() { Features = Features, RamSize = 2 << 20, RamPhysicalBase = new Pa(GuestProgram.Code) };

    // The names of the controls, in the order of their rows.
    private static readonly (string Name, SystemRegister Register, ulong Bits, bool IsTrapWhenClear)[] s_controls =
    [
        Hcr("TVM", HcrBits.Tvm), Hcr("TRVM", HcrBits.Trvm), Hcr("TID1", HcrBits.Tid1), Hcr("TID2", HcrBits.Tid2), Hcr("TID3", HcrBits.Tid3), Hcr("TID4", HcrBits.Tid4),
        Hcr("TID5", HcrBits.Tid5), Hcr("TACR", HcrBits.Tacr), Hcr("TSW", HcrBits.Tsw), Hcr("TPCP", HcrBits.Tpcp), Hcr("TPU", HcrBits.Tpu), Hcr("TOCU", HcrBits.Tocu),
        Hcr("TICAB", HcrBits.Ticab), Hcr("TTLB", HcrBits.Ttlb), Hcr("TTLBIS", HcrBits.Ttlbis), Hcr("TTLBOS", HcrBits.Ttlbos), Hcr("TDZ", HcrBits.Tdz), Hcr("TLOR", HcrBits.Tlor),
        Hcr("TERR", HcrBits.Terr), Hcr("TIDCP", HcrBits.Tidcp), Hcr("TID0", HcrBits.Tid0), Hcr("TWI", HcrBits.Twi), Hcr("TSC", HcrBits.Tsc), Hcr("DC", HcrBits.Dc),
        ("APK", SystemRegister.HcrEl2, (ulong)HcrBits.Apk, true),
        Mdcr("TDA", MdcrBits.Tda), Mdcr("TDOSA", MdcrBits.Tdosa), Mdcr("TDRA", MdcrBits.Tdra), Mdcr("TDE", MdcrBits.Tde), Mdcr("TPM", MdcrBits.Tpm), Mdcr("TPMCR", MdcrBits.Tpmcr),
        ("TCPAC", SystemRegister.CptrEl2, 1UL << 31, false), ("TFP", SystemRegister.CptrEl2, 1UL << 10, false),
        ("EL1PCTEN", SystemRegister.CnthctlEl2, 1, true), ("EL1PCEN", SystemRegister.CnthctlEl2, 2, true),
    ];

    private static readonly List<Row> s_rows = MakeRows();

    [Fact]
    public void EachControlTrapsExactlyItsInstructions()
    {
        Assert.True(s_rows.Count > 170, $"{s_rows.Count} rows");
        var wrong = new List<string>();
        foreach (Row row in s_rows)
        {
            using GuestProgram program = Make(row);
            using MachineSnapshot start = program.Machine.TakeSnapshot();
            foreach ((string name, SystemRegister register, ulong bits, bool isTrapWhenClear) in s_controls)
            {
                program.Machine.Restore(start);
                ulong value = program.El2.ReadSystemRegister(register);
                program.El2.WriteSystemRegister(register, isTrapWhenClear ? value & ~bits : value | bits);
                VcpuExit exit = program.Run();
                bool isTrapped = exit.Esr.Class == ExceptionClass.SystemRegister;
                if (isTrapped != row.Controls.Contains(name))
                {
                    wrong.Add($"{row.Name}: {name} {(isTrapped ? "traps" : "does not trap")} {exit}");
                }
                else if (isTrapped && (exit.Esr.Value != (0x6200_0000UL | SystemWord.Iss(row.Word)) || program.Vcpu.Core.Pc.Value != GuestProgram.Code || exit.HasFar || exit.HasHpfar))
                {
                    wrong.Add($"{row.Name}: {name} has another syndrome, {exit}");
                }
            }
        }

        Assert.True(wrong.Count == 0, $"{wrong.Count} of {s_rows.Count} rows x {s_controls.Length} controls:\n{string.Join('\n', wrong.Take(30))}");
    }

    [Fact]
    public void WithoutTheFeatureAControlIsResZero()
    {
        using var program = new GuestProgram();
        program.SetBits(SystemRegister.HcrEl2, ulong.MaxValue);

        // Bits 33:0 and MIOCNCE.
        Assert.Equal(0x43_FFFF_FFFFUL, program.El2.ReadSystemRegister(SystemRegister.HcrEl2));
        program.El2.WriteSystemRegister(SystemRegister.HcrEl2, 0);
        Assert.Equal((ulong)HcrBits.Rw, program.El2.ReadSystemRegister(SystemRegister.HcrEl2));
    }

    [Theory]
    [InlineData("SCTLR_EL1.UCT", "CTR_EL0", "TID2")]
    [InlineData("CNTKCTL_EL1.EL0PCTEN", "CNTPCT_EL0", "EL1PCTEN")]
    [InlineData("PMUSERENR_EL0.EN", "PMCR_EL0", "TPM")]
    [InlineData("MDSCR_EL1.TDCC", "MDCCSR_EL0", "TDA")]
    public void TheKernelsControlOfItsApplicationsComesFirst(string kernel, string name, string control)
    {
        SystemRegister.TryParse(name, out SystemRegister register);
        using GuestProgram program = Make(new Row(name, SystemWord.Mrs(register), IsUser: true, [control]));
        SystemRegister.TryParse(kernel.Split('.')[0], out SystemRegister own);
        program.El2.WriteSystemRegister(own, kernel.EndsWith("TDCC", StringComparison.Ordinal) ? 1UL << 12 : 0);
        (_, SystemRegister of, ulong bits, bool isTrapWhenClear) = s_controls.First(known => known.Name == control);
        ulong value = program.El2.ReadSystemRegister(of);
        program.El2.WriteSystemRegister(of, isTrapWhenClear ? value & ~bits : value | bits);
        Assert.Equal(0x108, program.RunToCall());
        Assert.Equal(0x6200_0000UL | SystemWord.Iss(SystemWord.Mrs(register)), program.Vcpu.Exception.EsrEl1.Value);
    }

    [Theory]
    [InlineData("CTR_EL0")]
    [InlineData("CNTPCT_EL0")]
    [InlineData("CNTP_CTL_EL0")]
    [InlineData("DCZID_EL0")]
    public void AHostsApplicationsAreNotTheBusinessOfTheTrapsForGuests(string name)
    {
        SystemRegister.TryParse(name, out SystemRegister register);
        using GuestProgram program = Make(new Row(name, SystemWord.Mrs(register), IsUser: true, []));
        program.SetBits(SystemRegister.SctlrEl2, (ulong)(SctlrBits.Uct | SctlrBits.Uci));
        program.SetBits(SystemRegister.CnthctlEl2, 0x303);
        program.El2.WriteSystemRegister(SystemRegister.CntkctlEl1, 0);
        program.SetBits(SystemRegister.HcrEl2, (ulong)(HcrBits.E2h | HcrBits.Tge | HcrBits.Tid2 | HcrBits.Dc));
        Assert.Equal(ExceptionClass.Svc64, program.Run().Esr.Class);
    }

    [Theory]
    [InlineData("CNTPCT_EL0", 10)]
    [InlineData("CNTP_CVAL_EL0", 11)]
    public void UnderE2hTheControlsOfTheTimersHaveAnotherPlace(string name, int bit)
    {
        SystemRegister.TryParse(name, out SystemRegister register);
        using GuestProgram program = Make(new Row(name, SystemWord.Mrs(register), IsUser: false, []));
        program.SetBits(SystemRegister.HcrEl2, (ulong)HcrBits.E2h);
        program.El2.WriteSystemRegister(SystemRegister.CnthctlEl2, 0xFFF & ~(1UL << bit));
        Assert.Equal(ExceptionClass.SystemRegister, program.Run().Esr.Class);
        program.El2.WriteSystemRegister(SystemRegister.CnthctlEl2, 1UL << bit);
        Assert.Equal(0x42, program.RunToCall());
    }

    [Theory]
    [InlineData(false, 0UL, false)]
    [InlineData(false, 1UL << 10, true)] // TFP
    [InlineData(true, 0UL, true)] // FPEN
    [InlineData(true, 1UL << 20, false)]
    [InlineData(true, 2UL << 20, true)]
    [InlineData(true, 3UL << 20, false)]
    [InlineData(true, (3UL << 20) | (1UL << 10), false)] // the place of TFP without E2H
    public void FloatingPointIsTrappedByTheLayoutInForce(bool isE2h, ulong cptr, bool isTrapped)
    {
        // fmov d0, d1
        using var program = new GuestProgram(s_options, 0x1E60_4020, GuestProgram.Hvc42);
        program.El2.WriteSystemRegister(SystemRegister.CpacrEl1, 3UL << 20);
        program.SetBits(SystemRegister.HcrEl2, isE2h ? (ulong)HcrBits.E2h : 0);
        program.El2.WriteSystemRegister(SystemRegister.CptrEl2, cptr);
        Assert.Equal(isTrapped ? 0x1FE0_0000UL : 0x5A00_0042UL, program.Run().Esr.Value);
    }

    [Fact]
    public void OutOfResetNothingIsTrappedAndDebugIsLocked()
    {
        using var program = new GuestProgram(GuestProgram.Hvc42);
        (string Name, ulong Value)[] reset =
        [
            ("SCTLR_EL1", 0x30D0_0800), ("CPTR_EL2", 0x33FF), ("MDCR_EL2", 0), ("CNTHCTL_EL2", 3), ("OSLSR_EL1", 0xA), ("MDSCR_EL1", 0), ("CPACR_EL1", 0), ("CNTV_CTL_EL0", 0), ("CNTP_CTL_EL0", 0),
            ("PMCR_EL0", 0x40), ("CNTVOFF_EL2", 0), ("VPIDR_EL2", program.El2.ReadSystemRegister(SystemRegister.MidrEl1)), ("VMPIDR_EL2", program.El2.ReadSystemRegister(SystemRegister.MpidrEl1)),
        ];
        foreach ((string name, ulong value) in reset)
        {
            SystemRegister.TryParse(name, out SystemRegister register);
            Assert.True(value == program.El2.ReadSystemRegister(register), name);
        }

        Assert.Equal(0x3C5UL, program.Vcpu.Core.Pstate.Value);
    }

    [Theory]
    [InlineData("MIDR_EL1")]
    [InlineData("REVIDR_EL1")]
    [InlineData("ID_AA64MMFR0_EL1")]
    [InlineData("S3_0_C0_C7_7")]
    [InlineData("CCSIDR_EL1")]
    [InlineData("GMID_EL1")]
    public void AnApplicationsReadOfAnIdentificationRegisterIsATrap(string name)
    {
        SystemRegister.TryParse(name, out SystemRegister register);
        using (GuestProgram program = Make(new Row(name, SystemWord.Mrs(register), IsUser: true, [])))
        {
            Assert.Equal(0x108, program.RunToCall());
            Assert.Equal(0x6200_0000UL | SystemWord.Iss(SystemWord.Mrs(register)), program.Vcpu.Exception.EsrEl1.Value);
        }

        using (GuestProgram program = Make(new Row(name, SystemWord.Mrs(register), IsUser: true, [])))
        {
            program.SetBits(SystemRegister.HcrEl2, (ulong)HcrBits.Tge);
            Assert.Equal(0x6200_0000UL | SystemWord.Iss(SystemWord.Mrs(register)), program.Run().Esr.Value);
        }

        using (var program = new GuestProgram(new MachineOptions { Features = A64Features.Armv8_2 | A64Features.MTE2 }, SystemWord.Mrs(register)))
        {
            program.SetState(El0t);
            Assert.Equal(0x108, program.RunToCall());
            Assert.Equal(0x0200_0000UL, program.Vcpu.Exception.EsrEl1.Value);
        }
    }

    [Theory]
    [InlineData("CSSELR_EL1", true)]
    [InlineData("SCTLR_EL1", true)]
    [InlineData("CTR_EL0", false)]
    [InlineData("MIDR_EL1", false)]
    [InlineData("HCR_EL2", true)]
    public void OtherAccessesOfAnApplicationAreUndefined(string name, bool isRead)
    {
        SystemRegister.TryParse(name, out SystemRegister register);
        using GuestProgram program = Make(new Row(name, isRead ? SystemWord.Mrs(register) : SystemWord.Msr(register), IsUser: true, []));
        Assert.Equal(0x108, program.RunToCall());
        Assert.Equal(0x0200_0000UL, program.Vcpu.Exception.EsrEl1.Value);
    }

    [Theory]
    [InlineData(GuestProgram.Wfi, HcrBits.Twi, 0UL)]
    [InlineData(GuestProgram.Wfe, HcrBits.Twe, 1UL)]
    public void WaitsAreTrappedFromGuestsOnly(uint word, HcrBits trap, ulong instruction)
    {
        // The first WFE takes the event of the exception return.
        using var program = new GuestProgram(s_options, GuestProgram.Wfe, word, GuestProgram.Svc9);
        program.SetBits(SystemRegister.HcrEl2, (ulong)trap);
        Assert.Equal(0x07E0_0000UL | instruction, program.Run().Esr.Value);
        program.Vcpu.ModifyCore().Pc = new Va(GuestProgram.Code);
        program.SetState(El0t);
        program.SetBits(SystemRegister.SctlrEl2, (ulong)(SctlrBits.NTwi | SctlrBits.NTwe));
        program.SetBits(SystemRegister.HcrEl2, (ulong)(HcrBits.E2h | HcrBits.Tge | HcrBits.Dc));
        Assert.Equal(VcpuExitKind.Halted, program.Run().Kind);
    }

    private static (string, SystemRegister, ulong, bool) Hcr(string name, HcrBits bits) => (name, SystemRegister.HcrEl2, (ulong)bits, false);

    private static (string, SystemRegister, ulong, bool) Mdcr(string name, MdcrBits bits) => (name, SystemRegister.MdcrEl2, (ulong)bits, false);

    private static List<Row> MakeRows()
    {
        var rows = new List<Row>();
        foreach (string name in new[] { "SCTLR_EL1", "TTBR0_EL1", "TTBR1_EL1", "TCR_EL1", "ESR_EL1", "FAR_EL1", "AFSR0_EL1", "AFSR1_EL1", "MAIR_EL1", "AMAIR_EL1", "CONTEXTIDR_EL1" })
        {
            Both(name, ["TRVM"], ["TVM"]);
        }

        Both("PAR_EL1", [], []);
        Both("VBAR_EL1", [], []);
        Both("ACTLR_EL1", ["TACR"], ["TACR"]);
        Both("CPACR_EL1", ["TCPAC"], ["TCPAC"]);
        Both("CSSELR_EL1", ["TID2", "TID4"], ["TID2", "TID4"]);
        Both("LORSA_EL1", ["TLOR"], ["TLOR"]);
        Both("APIAKeyLo_EL1", ["APK"], ["APK"]);
        Both("S3_0_C15_C2_1", ["TIDCP"], ["TIDCP"]);
        Both("S3_3_C11_C0_0", ["TIDCP"], ["TIDCP"]);
        Both("CNTKCTL_EL1", [], []);
        Both("CNTV_CTL_EL0", [], []);
        Both("CNTP_CTL_EL0", ["EL1PCEN"], ["EL1PCEN"]);
        Both("CNTP_CVAL_EL0", ["EL1PCEN"], ["EL1PCEN"]);
        Both("CNTP_TVAL_EL0", ["EL1PCEN"], ["EL1PCEN"]);
        Read("CNTPCT_EL0", "EL1PCTEN");
        Read("CNTVCT_EL0");
        Read("MIDR_EL1");
        Read("MPIDR_EL1");
        Read("REVIDR_EL1", "TID1");
        Read("AIDR_EL1", "TID1");
        Read("CTR_EL0", "TID2");
        Read("CCSIDR_EL1", "TID2", "TID4");
        Read("CLIDR_EL1", "TID2", "TID4");
        Read("GMID_EL1", "TID5");
        Read("DCZID_EL0");
        Read("LORID_EL1", "TLOR");
        Read("S3_0_C5_C3_0", "TERR");
        for (int crm = 1; crm <= 7; crm++)
        {
            for (int op2 = 0; op2 <= 7; op2++)
            {
                Read(new SystemRegister(3, 0, 0, crm, op2).ToString(), "TID3");
            }
        }

        foreach (string name in new[] { "MDSCR_EL1", "DBGBVR0_EL1", "DBGBCR5_EL1", "DBGWVR0_EL1", "DBGWCR3_EL1", "MDCCINT_EL1", "OSECCR_EL1", "OSDTRRX_EL1", "OSDTRTX_EL1", "DBGCLAIMSET_EL1", "DBGCLAIMCLR_EL1" })
        {
            Both(name, ["TDA", "TDE"], ["TDA", "TDE"]);
        }

        Read("DBGAUTHSTATUS_EL1", "TDA", "TDE");
        Read("MDCCSR_EL0", "TDA", "TDE");
        Write("OSLAR_EL1", "TDOSA", "TDE");
        Read("OSLSR_EL1", "TDOSA", "TDE");
        Both("OSDLR_EL1", ["TDOSA", "TDE"], ["TDOSA", "TDE"]);
        Both("DBGPRCR_EL1", ["TDOSA", "TDE"], ["TDOSA", "TDE"]);
        Read("MDRAR_EL1", "TDRA", "TDE");
        Both("PMCR_EL0", ["TPM", "TPMCR"], ["TPM", "TPMCR"]);
        foreach (string name in new[] { "PMCNTENSET_EL0", "PMCNTENCLR_EL0", "PMOVSCLR_EL0", "PMOVSSET_EL0", "PMSELR_EL0", "PMCCNTR_EL0", "PMXEVTYPER_EL0", "PMXEVCNTR_EL0", "PMUSERENR_EL0", "PMINTENSET_EL1", "PMINTENCLR_EL1", "PMCCFILTR_EL0" })
        {
            Both(name, ["TPM"], ["TPM"]);
        }

        Read("PMCEID0_EL0", "TPM");
        Write("PMSWINC_EL0", "TPM");
        Sys("IC IALLUIS", SystemWord.Sys(0, 7, 1, 0), "TPU", "TICAB");
        Sys("IC IALLU", SystemWord.Sys(0, 7, 5, 0), "TPU", "TOCU");
        Sys("IC IVAU", SystemWord.Sys(3, 7, 5, 1), "TPU", "TOCU");
        Sys("DC CVAU", SystemWord.Sys(3, 7, 11, 1), "TPU", "TOCU");
        Sys("DC IVAC", SystemWord.Sys(0, 7, 6, 1), "TPCP");
        Sys("DC CVAC", SystemWord.Sys(3, 7, 10, 1), "TPCP");
        Sys("DC CVAP", SystemWord.Sys(3, 7, 12, 1), "TPCP");
        Sys("DC CVADP", SystemWord.Sys(3, 7, 13, 1), "TPCP");
        Sys("DC CIVAC", SystemWord.Sys(3, 7, 14, 1), "TPCP");
        Sys("DC ISW", SystemWord.Sys(0, 7, 6, 2), "TSW");
        Sys("DC CSW", SystemWord.Sys(0, 7, 10, 2), "TSW");
        Sys("DC CISW", SystemWord.Sys(0, 7, 14, 2), "TSW");
        Sys("DC ZVA", SystemWord.Sys(3, 7, 4, 1), "TDZ");
        Sys("AT S1E1R", SystemWord.Sys(0, 7, 8, 0));
        foreach (int op2 in new[] { 0, 1, 2, 3, 5, 7 })
        {
            Sys("TLBI local " + op2, SystemWord.Sys(0, 8, 7, op2), "TTLB");
            Sys("TLBI inner " + op2, SystemWord.Sys(0, 8, 3, op2), "TTLB", "TTLBIS");
            Sys("TLBI outer " + op2, SystemWord.Sys(0, 8, 1, op2), "TTLB", "TTLBOS");
        }

        foreach (int op2 in new[] { 1, 3, 5, 7 })
        {
            Sys("TLBI range " + op2, SystemWord.Sys(0, 8, 6, op2), "TTLB");
            Sys("TLBI inner range " + op2, SystemWord.Sys(0, 8, 2, op2), "TTLB", "TTLBIS");
            Sys("TLBI outer range " + op2, SystemWord.Sys(0, 8, 5, op2), "TTLB", "TTLBOS");
        }

        // The same from EL0, where the kernel allows it.
        User("CTR_EL0", SystemWord.Mrs(SystemRegister.CtrEl0), "TID2");
        User("DC CVAU", SystemWord.Sys(3, 7, 11, 1), "TPU", "TOCU");
        User("IC IVAU", SystemWord.Sys(3, 7, 5, 1), "TPU", "TOCU");
        User("DC CIVAC", SystemWord.Sys(3, 7, 14, 1), "TPCP");
        User("DC ZVA", SystemWord.Sys(3, 7, 4, 1), "TDZ");
        User("CNTPCT_EL0", SystemWord.Mrs(SystemRegister.CntpctEl0), "EL1PCTEN");
        User("CNTP_CTL_EL0", SystemWord.Mrs(SystemRegister.CntpCtlEl0), "EL1PCEN");
        User("CNTVCT_EL0", SystemWord.Mrs(SystemRegister.CntvctEl0));
        User("PMCCNTR_EL0", SystemWord.Mrs(SystemRegister.PmccntrEl0), "TPM");
        User("PMCR_EL0", SystemWord.Mrs(SystemRegister.PmcrEl0), "TPM", "TPMCR");
        User("MDCCSR_EL0", SystemWord.Mrs(SystemRegister.MdccsrEl0), "TDA", "TDE");
        User("NZCV", SystemWord.Mrs(SystemRegister.Nzcv));
        return rows;

        void Both(string name, string[] read, string[] written)
        {
            Read(name, read);
            Write(name, written);
        }

        void Read(string name, params string[] controls) => rows.Add(new Row("MRS " + name, SystemWord.Mrs(Of(name)), IsUser: false, controls));

        void Write(string name, params string[] controls) => rows.Add(new Row("MSR " + name, SystemWord.Msr(Of(name)), IsUser: false, controls));

        void Sys(string name, uint word, params string[] controls) => rows.Add(new Row(name, word, IsUser: false, controls));

        void User(string name, uint word, params string[] controls) => rows.Add(new Row("EL0 " + name, word, IsUser: true, controls));

        static SystemRegister Of(string name) => SystemRegister.TryParse(name, out SystemRegister register) ? register : throw new ArgumentException(name);
    }

    // Nothing is trapped, EL0 may do what the kernel can allow, and X5 is the address of data.
    private static GuestProgram Make(Row row)
    {
        var program = new GuestProgram(
            s_options, row.Word, row.IsUser ? GuestProgram.Svc9 : GuestProgram.Hvc42);
        program.Vcpu.ModifyCore()[SystemWord.Rt] = GuestProgram.Data;
        program.SetBits(SystemRegister.HcrEl2, (ulong)(HcrBits.Apk | HcrBits.Api));
        program.El2.WriteSystemRegister(SystemRegister.CptrEl2, 0);
        program.El2.WriteSystemRegister(SystemRegister.OslarEl1, 0);
        program.SetBits(SystemRegister.SctlrEl1, (ulong)(SctlrBits.Uct | SctlrBits.Uci | SctlrBits.Dze));
        program.El2.WriteSystemRegister(SystemRegister.CntkctlEl1, 0x303);
        program.El2.WriteSystemRegister(SystemRegister.PmuserenrEl0, EveryUserEnable);
        if (row.IsUser)
        {
            program.SetState(El0t);
        }

        return program;
    }

    private sealed record Row(string Name, uint Word, bool IsUser, string[] Controls);
}
