using System.Collections.Generic;
using System.Linq;
using FsCheck;
using FsCheck.Fluent;
using HvIntrospect.Interpreter;
using HvIntrospect.Registers;
using HvIntrospect.Stepping;
using HvIntrospect.Tests.Interpreter;
using HvIntrospect.Tests.Support;
using Xunit;

namespace HvIntrospect.Tests.Stepping;

/// <summary>Interrupts and steps: none is lost, none takes the place of the instruction, and the guest sees none of the means.</summary>
public sealed class StepInterruptTests
{
    private const uint MrsX4Daif = 0xD53B4224;
    private const uint MsrDaifX5 = 0xD51B4225;
    private const uint UnmaskAll = 0xD50347FF; // msr daifclr, #7
    private const uint MrsX9Spsr = 0xD5384009;
    private const uint AddX10X9 = 0x8B09014A;
    private const uint AddsX7 = 0xB1000467; // adds x7, x3, #1
    private const uint AddX20 = 0x91000694; // add x20, x20, #1
    private const uint Esb = 0xD503221F;
    private const ulong Uma = 1UL << 9;
    private const ulong Irq = 1UL << 7;

    public enum Means
    {
        Gate,
        Masks,

        /// <summary>The gate holds nothing: steps are stolen, and healed.</summary>
        LeakyGate,
    }

    public static TheoryData<Means, ulong, ulong> Interrupts()
    {
        var data = new TheoryData<Means, ulong, ulong>();
        foreach (Means means in new[] { Means.Gate, Means.Masks, Means.LeakyGate })
        {
            foreach (ulong state in new ulong[] { 0, 5 })
            {
                data.Add(means, state, 0x80);
                data.Add(means, state, 0x100);
                data.Add(means, state, 0x180);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Interrupts))]
    public void AnInterruptIsTakenRightAfterTheStep(Means means, ulong state, ulong kind)
    {
        using GuestProgram program = Make(state, GuestProgram.AddX3, GuestProgram.AddX3);
        ExceptionRegisters before = program.Vcpu.Exception;
        Raise(program, kind);
        El2SingleStep step = StepOf(program, means);
        Assert.Equal(SingleStepOutcome.Completed, Step(program, step));
        Assert.Equal(GuestProgram.Code + 4, program.Vcpu.Core.Pc.Value);
        Assert.Equal(1UL, program.Vcpu.Core[3]);
        Assert.Equal(state, program.Vcpu.Core.Pstate.Value);
        Assert.Equal(before, program.Vcpu.Exception);

        ulong group = state == 0 ? 0x400UL : 0x200UL;
        Assert.Equal((int)(0x100 + ((group + kind) / 0x80)), program.RunToCall());
        Assert.Equal(GuestProgram.Code + 4, program.Vcpu.Exception.ElrEl1);
        Assert.Equal(state, program.Vcpu.Exception.SpsrEl1.Value);
        Assert.Equal(1UL, program.Vcpu.Core[3]);
    }

    /// <summary>With neither gate nor masks the step is stolen, which is said and leaves no trace.</summary>
    [Theory]
    [InlineData(0UL, 0x80UL)]
    [InlineData(5UL, 0x80UL)]
    [InlineData(5UL, 0x180UL)]
    public void AStepThatCannotBeHealedIsReported(ulong state, ulong kind)
    {
        using GuestProgram program = Make(state, GuestProgram.AddX3);
        Raise(program, kind);
        var step = new El2SingleStep(new SteppedVcpu(program.Vcpu, new LeakyGate()), new ForgetfulEl2(program.El2, null, translates: false), program.Machine);
        Assert.Equal(SingleStepOutcome.Preempted, Step(program, step));
        Assert.Equal(GuestProgram.Vectors + (state == 0 ? 0x400UL : 0x200UL) + kind, program.Vcpu.Core.Pc.Value);
        Assert.Equal(GuestProgram.Code, program.Vcpu.Exception.ElrEl1);
        Assert.Equal(state, program.Vcpu.Exception.SpsrEl1.Value);
        Assert.Equal(0UL, program.Vcpu.Core[3]);
    }

    [Fact]
    public void AnErrorBarrierIsNotMasked()
    {
        // With A set it would take the SError away instead of letting it be taken.
        var machine = CheckedMachine.Make(new MachineOptions { Features = A64Features.Armv8_2 | A64Features.RAS });
        using var program = new GuestProgram(machine, Esb);
        program.SetState(5);
        Raise(program, 0x180);
        Assert.Equal(SingleStepOutcome.Preempted, Step(program, StepOf(program, Means.Masks)));
        Assert.Equal(GuestProgram.Vectors + 0x380, program.Vcpu.Core.Pc.Value);
        Assert.Equal(5UL, program.Vcpu.Exception.SpsrEl1.Value);
    }

    [Theory]
    [InlineData(Means.Gate)]
    [InlineData(Means.Masks)]
    [InlineData(Means.LeakyGate)]
    public void TheHoldIsBounded(Means means)
    {
        using GuestProgram program = Make(5, GuestProgram.LdrX2);
        program.Vcpu.ModifyCore()[1] = 0x900_0000;
        Raise(program, 0x80);
        El2SingleStep step = StepOf(program, means);
        step.Arm();
        int exits = 0;
        SingleStepOutcome outcome;
        do
        {
            outcome = step.Classify(program.Run());
            exits++;
        }
        while (outcome == SingleStepOutcome.Pending && exits < 1000);

        Assert.Equal(SingleStepOutcome.Preempted, outcome);
        Assert.Equal(El2SingleStep.MaximumHeldExits + 2, exits);
        Assert.Equal(GuestProgram.Vectors + 0x280, program.Vcpu.Core.Pc.Value);
        Assert.Equal(5UL, program.Vcpu.Exception.SpsrEl1.Value);
    }

    [Theory]
    [InlineData(Means.Gate)]
    [InlineData(Means.Masks)]
    public void DisarmingLeavesNothingBehind(Means means)
    {
        using GuestProgram program = Make(0x85, MrsX4Daif);
        El2SingleStep step = StepOf(program, means);
        step.Arm();
        Assert.Equal(means == Means.Masks, program.Vcpu.Core.Pstate.F);
        step.Disarm();
        Assert.Equal(0x85UL, program.Vcpu.Core.Pstate.Value);
        Assert.True(program.Vcpu.TryGetCapability(out IInterruptGate? gate) && !gate.IsClosed);
    }

    [Theory]
    [InlineData(Means.Gate)]
    [InlineData(Means.Masks)]
    [InlineData(Means.LeakyGate)]
    public void WithAnInterruptAtEveryStepNoneIsLostAndNoStepIsStolen(Means means)
    {
        const int Hits = 2000;
        using GuestProgram program = Make(5, GuestProgram.AddX3, 0x17FFFFFF); // b .-4
        WriteHandlers(program);
        El2SingleStep step = StepOf(program, means);
        for (ulong i = 0; i < Hits; i++)
        {
            Raise(program, 0x80);
            Assert.Equal(SingleStepOutcome.Completed, Step(program, step));
            Assert.Equal((i / 2) + 1, program.Vcpu.Core[3]);
            Assert.Equal(0x105, program.RunToCall());
            program.Vcpu.SetInterruptLine(InterruptLine.VirtualIrq, false);

            // The rest of the handler: one addition and the return.
            program.Machine.Run(program.Vcpu, 2);
        }

        Assert.Equal((ulong)Hits, program.Vcpu.Core[20]);
    }

    /// <summary>A program that is stepped from beginning to end, with interrupts at random, ends as it does when it runs; its handlers see the states that they saw.</summary>
    [Theory]
    [InlineData(Means.Gate, 0UL)]
    [InlineData(Means.Gate, 5UL)]
    [InlineData(Means.Masks, 0UL)]
    [InlineData(Means.Masks, 5UL)]
    [InlineData(Means.LeakyGate, 0UL)]
    [InlineData(Means.LeakyGate, 5UL)]
    public void SteppingIsRunning(Means means, ulong mode)
    {
        Gen<uint> mask = Gen.Choose(0, 7).Select(static value => (uint)value << 8);
        Gen<uint> instruction = Gen.OneOf(
            Gen.Elements(GuestProgram.AddX3, AddsX7, GuestProgram.LdrX2, GuestProgram.StrX2, GuestProgram.Svc9, GuestProgram.Nop, MrsX4Daif, MsrDaifX5, 0x54000041U, 0xD53B423FU),
            mask.Select(static bits => 0xD50340DFU | bits),
            mask.Select(static bits => 0xD50340FFU | bits));
        Gen<(uint[] Words, int Masks, int Daif, bool[] Interrupts)> run =
            from words in instruction.ArrayOf(20)
            from masks in Gen.Choose(0, 7)
            from daif in Gen.Choose(0, 7)
            from interrupts in Gen.Elements(false, true).ArrayOf(30)
            select (words, masks, daif, interrupts);
        Prop.ForAll(run.ToArbitrary(), test => Compare(means, mode | ((ulong)test.Masks << 6), (ulong)test.Daif << 6, test.Words, test.Interrupts))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(60));
    }

    private static void Compare(Means means, ulong state, ulong daif, uint[] body, bool[] interrupts)
    {
        uint[] words = [.. body, GuestProgram.Nop, UnmaskAll, GuestProgram.Nop, GuestProgram.BranchToSelf];
        ulong end = GuestProgram.Code + ((ulong)(words.Length - 1) * 4);
        using GuestProgram plain = Make(state, words);
        plain.Vcpu.ModifyCore()[5] = daif;
        WriteHandlers(plain);
        plain.Machine.Run(plain.Vcpu, 400);

        using GuestProgram stepped = Make(state, words);
        stepped.Vcpu.ModifyCore()[5] = daif;
        WriteHandlers(stepped);
        El2SingleStep step = StepOf(stepped, means);
        int asserted = 0;
        var taken = new List<Spsr>();
        bool isAsserted = false;
        for (int i = 0; i < 2000 && (stepped.Vcpu.Core.Pc.Value != end || isAsserted); i++)
        {
            if (!isAsserted && i < interrupts.Length && interrupts[i])
            {
                Raise(stepped, 0x80);
                isAsserted = true;
                asserted++;
            }

            if (stepped.Vcpu.Core.Pc.Value == end)
            {
                // Everything is unmasked there; what is still pending is taken as soon as the guest runs.
                stepped.Machine.Run(stepped.Vcpu, 1);
                if (stepped.Vcpu.Core.Pc.Value == end)
                {
                    continue;
                }
            }

            step.Arm();
            VcpuExit exit;
            SingleStepOutcome outcome;
            do
            {
                exit = stepped.Run();
                outcome = step.Classify(exit);
            }
            while (outcome == SingleStepOutcome.Pending);

            Assert.Equal(SingleStepOutcome.Completed, outcome);
            if (exit.Esr.Class == ExceptionClass.Hvc64)
            {
                taken.Add(stepped.Vcpu.Exception.SpsrEl1);
                stepped.Vcpu.SetInterruptLine(InterruptLine.VirtualIrq, false);
                isAsserted = false;
            }
            else if (isAsserted && (stepped.Vcpu.Core.Pstate.Value & Irq) == 0)
            {
                // Run, not stepped, for the one moment in which the interrupt is due: it comes before the next instruction.
                ulong instructions = stepped.Vcpu.RetiredInstructions;
                stepped.Machine.Run(stepped.Vcpu, 1);
                Assert.True(stepped.Vcpu.RetiredInstructions <= instructions + 1);
                if (stepped.Vcpu.Core.Pc.Value is 0x4001_0284 or 0x4001_0484)
                {
                    taken.Add(stepped.Vcpu.Exception.SpsrEl1);
                    stepped.Vcpu.SetInterruptLine(InterruptLine.VirtualIrq, false);
                    isAsserted = false;
                }
            }
        }

        Assert.Equal(end, stepped.Vcpu.Core.Pc.Value);
        Assert.Equal(asserted, taken.Count);
        Assert.Equal((ulong)asserted, stepped.Vcpu.Core[20]);
        Assert.All(taken, static saved => Assert.False(saved.I || saved.SoftwareStep));
        Assert.Equal(plain.Vcpu.Core.Pstate, stepped.Vcpu.Core.Pstate);
        foreach (int register in Enumerable.Range(0, CoreRegisters.GeneralCount).Where(static register => register != 20))
        {
            Assert.Equal(plain.Vcpu.Core[register], stepped.Vcpu.Core[register]);
        }
    }

    // An SVC sums up the states that it came from; an interrupt is counted, and EL2 hears of it.
    private static void WriteHandlers(GuestProgram program)
    {
        foreach (ulong group in new ulong[] { 0x200, 0x400 })
        {
            program.Write(GuestProgram.Vectors + group, MrsX9Spsr, AddX10X9, GuestProgram.Eret);
            program.Write(GuestProgram.Vectors + group + 0x84, AddX20, GuestProgram.Eret);
        }
    }

    private static GuestProgram Make(ulong state, params uint[] words)
    {
        var program = new GuestProgram(CheckedMachine.Make(), words);
        program.SetState(state);
        program.Vcpu.ModifyTranslation().SctlrEl1 = Uma;
        program.SetBits(SystemRegister.HcrEl2, (ulong)(HcrBits.Amo | HcrBits.Imo | HcrBits.Fmo));
        return program;
    }

    private static El2SingleStep StepOf(GuestProgram program, Means means) => new(
        means switch
        {
            Means.Masks => new SteppedVcpu(program.Vcpu, gate: null),
            Means.LeakyGate => new SteppedVcpu(program.Vcpu, new LeakyGate()),
            _ => program.Vcpu,
        },
        program.El2,
        program.Machine);

    private static void Raise(GuestProgram program, ulong kind)
    {
        switch (kind)
        {
            case 0x80:
                program.Vcpu.SetInterruptLine(InterruptLine.VirtualIrq, true);
                break;
            case 0x100:
                program.Vcpu.SetInterruptLine(InterruptLine.VirtualFiq, true);
                break;
            default:
                program.SetBits(SystemRegister.HcrEl2, (ulong)HcrBits.Vse);
                break;
        }
    }

    private static SingleStepOutcome Step(GuestProgram program, El2SingleStep step)
    {
        step.Arm();
        SingleStepOutcome outcome;
        do
        {
            outcome = step.Classify(program.Run());
        }
        while (outcome == SingleStepOutcome.Pending);

        return outcome;
    }
}
