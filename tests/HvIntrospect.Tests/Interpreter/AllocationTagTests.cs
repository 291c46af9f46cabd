using System;
using HvIntrospect.Interpreter;
using HvIntrospect.Registers;
using HvIntrospect.Tests.Introspection.OnTheMachine;
using Xunit;

namespace HvIntrospect.Tests.Interpreter;

/// <summary>Allocation Tags in the machine: what a failed check leads to, who controls it, and the instructions that store tags by blocks.</summary>
public sealed class AllocationTagTests
{
    private const A64Features Features = A64Features.MTE | A64Features.MTE2;
    private const ulong Tag = 6UL << 56;
    private const ulong Synchronous = 1UL << 40;
    private const ulong Asynchronous = (2UL << 40) | (2UL << 38);
    private const uint LdtrX2 = 0xF8400822; // ldtr x2, [x1]
    private const uint MsrTco1 = 0xD503419F; // msr tco, #1
    private const uint MrsX3TfsrEl1 = 0xD5385603;
    private const uint MrsX4Tfsre0El1 = 0xD5385624;
    private const uint DcZva = 0xD50B7421; // dc zva, x1
    private const uint DcGva = 0xD50B7461;
    private const uint DcGzva = 0xD50B7481;
    private const uint DcCvap = 0xD50B7C21;
    private const uint DcCvadp = 0xD50B7D21;
    private const uint DcIgvac = 0xD5087661;
    private const uint DcCigdvac = 0xD50B7EA1;
    private const uint DcCgdsw = 0xD5087AC1; // dc cgdsw, x1
    private const uint ReadOnlyForAll = 3 << 6;
    private const int Hvc = 0x42;

    [Theory]
    [InlineData(GuestProgram.LdrX2, 0x9600_0011UL)]
    [InlineData(GuestProgram.StrX2, 0x9600_0051UL)]
    [InlineData(0xA9400C22u, 0x9600_0011UL)] // ldp x2, x3, [x1]
    [InlineData(0x3DC00022u, 0x9600_0011UL)] // ldr q2, [x1]
    [InlineData(0xC85F7C22u, 0x9600_0011UL)] // ldxr x2, [x1]
    [InlineData(DcZva, 0x9600_0051UL)]
    public void AFailedCheckIsAnExceptionWithTheAddress(uint word, ulong esr)
    {
        using GuestProgram program = Make(Synchronous, word, GuestProgram.Hvc42);
        Assert.Equal(0x104, program.RunToCall());
        Assert.Equal((esr, Tag | GuestProgram.Data), (program.Vcpu.Exception.EsrEl1.Value, program.Vcpu.Exception.FarEl1));
        Assert.Equal(GuestProgram.Code, program.Vcpu.Exception.ElrEl1);

        // An exception sets PSTATE.TCO, which handlers clear when they want to be checked.
        Assert.True(program.Vcpu.Core.Pstate.Tco);
        TagsOf(program).WriteTag(new Ipa(GuestProgram.Data), 6);
        program.Vcpu.ModifyCore().Pc = new Va(GuestProgram.Code);
        program.Vcpu.ModifyCore().Pstate = Spsr.El1hMasked;
        program.Vcpu.ModifyCore()[1] = Tag | GuestProgram.Data;
        for (ulong i = 0; i < 64; i += 16)
        {
            TagsOf(program).WriteTag(new Ipa(GuestProgram.Data + i), 6);
        }

        Assert.Equal(Hvc, program.RunToCall());
    }

    /// <summary>A page that an access has been made to before is checked as well, by the handlers that read host memory.</summary>
    [Fact]
    public void APageThatIsKnownIsCheckedToo()
    {
        using GuestProgram program = Make(Synchronous, GuestProgram.LdrX2, GuestProgram.LdrX2, 0x91004021, GuestProgram.LdrX2); // add x1, x1, #16
        TagsOf(program).WriteTag(new Ipa(GuestProgram.Data), 6);
        Assert.Equal(0x104, program.RunToCall());
        Assert.Equal(GuestProgram.Code + 12, program.Vcpu.Exception.ElrEl1);
        Assert.Equal(Tag | (GuestProgram.Data + 16), program.Vcpu.Exception.FarEl1);
    }

    [Fact]
    public void AsynchronousFailuresAreSummedUp()
    {
        using GuestProgram program = Make(Asynchronous, MrsX3TfsrEl1, GuestProgram.LdrX2, LdtrX2, MrsX3TfsrEl1, MrsX4Tfsre0El1, GuestProgram.Hvc42);
        program.Write(IdentityStage1.Block, IdentityStage1.Descriptor | ReadOnlyForAll, 0);
        Assert.Equal(VcpuExitKind.Canceled, program.Machine.Run(program.Vcpu, 1).Kind);
        Assert.Equal(0UL, program.Vcpu.Core[3]);
        Assert.Equal(Hvc, program.RunToCall());
        Assert.Equal((1UL, 1UL), (program.Vcpu.Core[3], program.Vcpu.Core[4]));
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void TheGuestAndEl2MayTurnChecksOff(bool byGuest, bool byEl2)
    {
        using GuestProgram program = Make(Synchronous, byGuest ? MsrTco1 : GuestProgram.Nop, GuestProgram.LdrX2, GuestProgram.Hvc42, MrsX3TfsrEl1);
        if (byEl2)
        {
            program.El2.WriteSystemRegister(SystemRegister.HcrEl2, program.El2.ReadSystemRegister(SystemRegister.HcrEl2) & ~(ulong)HcrBits.Ata);
        }

        Assert.Equal(Hvc, program.RunToCall());

        // Without tags the registers of tags trap.
        Assert.Equal(byEl2, program.Run().Esr.TryGetSystemRegister(out SystemRegisterSyndrome syndrome) && syndrome.Register == SystemRegister.TfsrEl1);
    }

    [Fact]
    public void MemoryThatIsNotTaggedIsNotChecked()
    {
        using GuestProgram program = Make(Synchronous, GuestProgram.LdrX2, GuestProgram.Hvc42);
        program.Vcpu.ModifyTranslation().MairEl1 = 0xFF;
        Assert.Equal(Hvc, program.RunToCall());
    }

    /// <summary>What EL2 denies is told to EL2 first.</summary>
    [Fact]
    public void AStage2FaultComesBeforeTheCheck()
    {
        using GuestProgram program = Make(Synchronous, GuestProgram.LdrX2);
        ((IStage2Control)program.Machine.Stage2).Protect(new IpaRange(new Ipa(GuestProgram.Data), 0x1000), Stage2Access.None);
        Assert.True(program.Run().Esr.TryGetDataAbort(out DataAbortSyndrome abort));
        Assert.Equal(FaultKind.Permission, abort.Status.Kind);
    }

    [Theory]
    [InlineData(DcGva, true, false)]
    [InlineData(DcGzva, true, true)]
    [InlineData(DcZva, false, true)]
    public void ABlockIsTagged(uint word, bool tags, bool zeroes)
    {
        using GuestProgram program = Make(0, word, GuestProgram.Hvc42);
        byte[] data = new byte[256];
        Array.Fill(data, (byte)0xEE);
        program.Machine.Memory.Write(new Ipa(GuestProgram.Data), data);
        program.Vcpu.ModifyCore()[1] = Tag | (GuestProgram.Data + 64 + 37);
        Assert.Equal(Hvc, program.RunToCall());
        program.Machine.Memory.Read(new Ipa(GuestProgram.Data), data);
        for (int i = 0; i < data.Length; i++)
        {
            bool isInside = i is >= 64 and < 128;
            Assert.Equal(isInside && zeroes ? 0 : 0xEE, data[i]);
            Assert.Equal(isInside && tags ? 6 : 0, TagsOf(program).ReadTag(new Ipa(GuestProgram.Data + (ulong)(i & ~15))));
        }
    }

    [Theory]
    [InlineData(DcGva)]
    [InlineData(DcGzva)]
    public void BlocksFaultLikeStoresAndTrapLikeZeros(uint word)
    {
        const ulong Unmapped = 0x1_0000_0025;
        using GuestProgram program = Make(0, word, word);
        program.Vcpu.ModifyCore()[1] = Unmapped;
        Assert.Equal(0x104, program.RunToCall());
        Assert.Equal((0x9600_0045UL, Unmapped), (program.Vcpu.Exception.EsrEl1.Value, program.Vcpu.Exception.FarEl1));
        program.Vcpu.ModifyCore().Pc = new Va(GuestProgram.Code + 4);
        program.SetBits(SystemRegister.HcrEl2, (ulong)HcrBits.Tdz);
        Assert.Equal(ExceptionClass.SystemRegister, program.Run().Esr.Class);
    }

    [Theory]
    [InlineData(DcGva, A64Features.MTE)]
    [InlineData(DcGzva, A64Features.MTE)]
    [InlineData(DcCvap, A64Features.DPB)]
    [InlineData(DcCvadp, A64Features.DPB2)]
    [InlineData(DcIgvac, Features)]
    [InlineData(DcCigdvac, A64Features.MTE)]
    [InlineData(DcCgdsw, Features)]
    public void EachInstructionComesWithItsFeature(uint word, A64Features feature)
    {
        using var without = new GuestProgram(word, GuestProgram.Hvc42);
        Assert.Equal(0x104, without.RunToCall());
        Assert.Equal(ExceptionClass.Unknown, without.Vcpu.Exception.EsrEl1.Class);

        using var with = new GuestProgram(new MachineOptions { Features = feature }, word, GuestProgram.Hvc42);
        IdentityStage1.Enable(with.Machine);
        Assert.Equal(Hvc, with.RunToCall());

        using var unmapped = new GuestProgram(new MachineOptions { Features = feature }, word, GuestProgram.Hvc42);
        IdentityStage1.Enable(unmapped.Machine);
        unmapped.Vcpu.ModifyCore()[1] = 0x1_0000_0000;
        bool isByAddress = word != DcCgdsw;
        bool isMaintenance = word is not (DcGva or DcGzva);
        Assert.Equal(isByAddress ? 0x104 : Hvc, unmapped.RunToCall());
        Assert.Equal(isByAddress ? 0x9600_0045UL | (isMaintenance ? 0x100UL : 0) : 0, unmapped.Vcpu.Exception.EsrEl1.Value);
    }

    private static GuestProgram Make(ulong checks, params uint[] words)
    {
        var program = new GuestProgram(new MachineOptions { Features = Features }, words);
        IdentityStage1.Enable(program.Machine);
        ref TranslationRegisters translation = ref program.Vcpu.ModifyTranslation();
        translation.MairEl1 = 0xF0;
        translation.TcrEl1 |= (ulong)TcrBits.Tbi0;
        translation.SctlrEl1 |= checks | (ulong)(SctlrBits.Ata | SctlrBits.Ata0);
        program.El2.WriteSystemRegister(SystemRegister.CpacrEl1, 3UL << 20);
        program.Vcpu.ModifyCore()[1] = Tag | GuestProgram.Data;
        return program;
    }

    private static ITagMemory TagsOf(GuestProgram program)
    {
        Assert.True(program.Machine.TryGetCapability(out ITagMemory? tags));
        return tags!;
    }
}
