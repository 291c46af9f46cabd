using System.Collections.Generic;
using HvIntrospect.Interpreter;
using HvIntrospect.Registers;
using HvIntrospect.Tests.Differential;
using HvIntrospect.Tests.Introspection.OnTheMachine;
using HvIntrospect.Tests.Support;
using Xunit;

namespace HvIntrospect.Tests.Interpreter;

/// <summary>Branch target identification (FEAT_BTI): what branches leave behind and where they may land.</summary>
public sealed class BranchTargetTests
{
    private const ulong Pc = GuestProgram.Code + 0x100;
    private const ulong CodeSize = 0x1000;
    private const uint TypeMask = 3u << 10;
    private const uint GuardedUpperHalf = 1u << 18;
    private const uint Bti = 0xD503241F;
    private const uint BtiC = 0xD503245F;
    private const uint BtiJ = 0xD503249F;
    private const uint BtiJc = 0xD50324DF;
    private const uint Paciasp = 0xD503233F;
    private const uint Pacibsp = 0xD503237F;
    private const uint BrX2 = 0xD61F0040;
    private const uint BlrX2 = 0xD63F0040;
    private const uint BrX16 = 0xD61F0200;
    private const uint RetX2 = 0xD65F0040;
    private const int Hvc = 0x42;

    private static readonly uint[] s_words =
    [
        Bti, BtiC, BtiJ, BtiJc, Paciasp, Pacibsp, 0xD503231F, 0xD50323BF, GuestProgram.Nop, 0xD50320FF, GuestProgram.AddX3, BrX2, BlrX2, BrX16,
        0xD63F0220, RetX2, 0x14000004, 0x94000004, 0xD5033FDF, 0xF9400025, 0xD503305F,
    ];

    /// <summary>Every word after every kind of branch, in guarded pages and in others, against an executor that shares no code.</summary>
    [ToolTheory(Aarch64Harness.Tool)]
    [InlineData(true)]
    [InlineData(false)]
    public void LandingsAndTypesAgree(bool isGuarded)
    {
        const ulong Data = 0x4002_0000;
        var states = new List<HarnessState>();
        foreach (uint word in s_words)
        {
            for (uint type = 0; type < 4; type++)
            {
                HarnessState state = default;
                state.Pc = Pc;
                state.Word = word;
                state.Pstate = type << 10;
                state.Sp = Data;
                unsafe
                {
                    state.X[1] = Data;
                    state.X[2] = GuestProgram.Code + 0x200;
                    state.X[16] = GuestProgram.Code + 0x300;
                    state.X[17] = GuestProgram.Code + 0x400;
                }

                states.Add(state);
            }
        }

        IReadOnlyList<HarnessResult> expected = Aarch64Harness.Execute(
            "max,sve=off", GuestProgram.Code, CodeSize, states.ToArray(), Data, 64, new byte[64 * states.Count], guardsCode: isGuarded);
        int refused = 0;
        for (int i = 0; i < states.Count; i++)
        {
            using GuestProgram program = Make(isGuarded);
            program.Write(Pc, states[i].Word);
            SetUp(program, states[i]);
            program.Machine.Run(program.Vcpu, 1);
            string name = $"{states[i].Word:x8} after type {states[i].Pstate >> 10}";
            bool isRefused = program.Vcpu.Core.Pc.Value == GuestProgram.Vectors + 0x200;
            Assert.True(isRefused == (expected[i].Ending.Signal == HarnessEnding.IllegalInstruction), name);
            if (isRefused)
            {
                refused++;
                Assert.Equal(0x3600_0000UL | (states[i].Pstate >> 10), program.Vcpu.Exception.EsrEl1.Value);
                Assert.Equal(Pc, program.Vcpu.Exception.ElrEl1);
                Assert.Equal(states[i].Pstate & TypeMask, (uint)program.Vcpu.Exception.SpsrEl1.Value & TypeMask);
                continue;
            }

            Assert.True(expected[i].State.Pc == program.Vcpu.Core.Pc.Value, $"{name}: {program.Vcpu.Core.Pc}");
            Assert.True((expected[i].State.Pstate & TypeMask) == ((uint)program.Vcpu.Core.Pstate.Value & TypeMask), $"{name}: {program.Vcpu.Core.Pstate}");
        }

        Assert.Equal(isGuarded, refused > s_words.Length);
    }

    /// <summary>SCTLR_EL1.BT1 decides whether PACIASP takes a jump at EL1.</summary>
    [Theory]
    [InlineData(SctlrBits.Bt1, true)]
    [InlineData(SctlrBits.Bt0, false)]
    public void PaciaspIsAStrictLandingPadWhereItIsMadeOne(SctlrBits bits, bool isRefused)
    {
        using GuestProgram program = Make(isGuarded: true);
        program.Vcpu.ModifyTranslation().SctlrEl1 &= ~(ulong)(SctlrBits.Bt0 | SctlrBits.Bt1);
        program.Vcpu.ModifyTranslation().SctlrEl1 |= (ulong)bits;
        program.Write(Pc, Paciasp, GuestProgram.Hvc42);
        program.Vcpu.ModifyCore().Pc = new Va(Pc);
        program.Vcpu.ModifyCore().Pstate = new Spsr(Spsr.El1hMasked.Value | TypeMask);
        Assert.Equal(isRefused ? 0x104 : Hvc, program.RunToCall());
    }

    /// <summary>Runs of any length meet the same landing pads, by either dispatcher, and an interrupt between a branch and its target keeps the type.</summary>
    [Theory]
    [InlineData(DispatcherKind.Threaded)]
    [InlineData(DispatcherKind.Loop)]
    public void ARunLandsWhereSingleInstructionsDo(DispatcherKind dispatcher)
    {
        using GuestProgram program = Make(isGuarded: true, dispatcher);
        program.Write(GuestProgram.Code, BlrX2, GuestProgram.AddX3, BrX16, GuestProgram.Nop);
        program.Write(GuestProgram.Code + 0x200, BtiC, 0xD65F03C0); // ret
        program.Write(GuestProgram.Code + 0x300, BtiC, GuestProgram.Nop, BrX2, GuestProgram.Nop);
        program.Vcpu.ModifyCore()[2] = GuestProgram.Code + 0x200;
        program.Vcpu.ModifyCore()[16] = GuestProgram.Code + 0x300;
        Assert.Equal(0x104, program.RunToCall());
        Assert.Equal((0x3600_0003UL, GuestProgram.Code + 0x200), (program.Vcpu.Exception.EsrEl1.Value, program.Vcpu.Exception.ElrEl1));
        Assert.Equal(GuestProgram.Code + 4, program.Vcpu.Core[30]);
        Assert.Equal(1UL, program.Vcpu.Core[3]);

        // Eight instructions were executed; the ninth was refused, which counts, and so does the vector's call.
        Assert.Equal(10UL, program.Vcpu.RetiredInstructions);
    }

    [Fact]
    public void AnInterruptKeepsTheTypeForTheTarget()
    {
        using GuestProgram program = Make(isGuarded: true);
        program.Write(GuestProgram.Code, BlrX2);
        program.Write(GuestProgram.Code + 0x200, GuestProgram.Nop);
        program.SetState(5);
        program.Vcpu.ModifyCore()[2] = GuestProgram.Code + 0x200;
        Assert.Equal(VcpuExitKind.Canceled, program.Machine.Run(program.Vcpu, 1).Kind);
        program.SetBits(SystemRegister.HcrEl2, (ulong)(HcrBits.Vi | HcrBits.Imo));
        Assert.Equal(0x105, program.RunToCall());
        Assert.Equal(2, program.Vcpu.Exception.SpsrEl1.Btype);
        Assert.Equal(0, program.Vcpu.Core.Pstate.Btype);
        Assert.Equal(GuestProgram.Code + 0x200, program.Vcpu.Exception.ElrEl1);
    }

    private static void SetUp(GuestProgram program, HarnessState state)
    {
        ref CoreRegisters core = ref program.Vcpu.ModifyCore();
        for (int x = 0; x < CoreRegisters.GeneralCount; x++)
        {
            unsafe
            {
                core[x] = state.X[x];
            }
        }

        core.SpEl1 = state.Sp;
        core.Pc = new Va(state.Pc);
        core.Pstate = new Spsr(Spsr.El1hMasked.Value | state.Pstate);
    }

    private static GuestProgram Make(bool isGuarded, DispatcherKind dispatcher = DispatcherKind.Automatic)
    {
        var program = new GuestProgram(new MachineOptions { Features = A64Features.BTI | A64Features.PAuth, Dispatcher = dispatcher }, GuestProgram.Nop);
        IdentityStage1.Enable(program.Machine);
        program.Write(IdentityStage1.Block, IdentityStage1.Descriptor, isGuarded ? GuardedUpperHalf : 0);

        // As Linux has it for user programs.
        program.Vcpu.ModifyTranslation().SctlrEl1 |= (ulong)(SctlrBits.Bt0 | SctlrBits.Bt1 | SctlrBits.EnIa | SctlrBits.EnIb);
        program.Vcpu.ModifyCore().Pc = new Va(GuestProgram.Code);
        return program;
    }
}
