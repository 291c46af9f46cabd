using System;
using System.Buffers.Binary;
using HvIntrospect.Interpreter;
using HvIntrospect.Registers;
using Xunit;

namespace HvIntrospect.Tests.Interpreter;

/// <summary>The machine's FEAT_THE: which registers there are, what they keep, who may use them; and ACCDATA_EL1, which ST64BV0 needs.</summary>
public sealed class TranslationHardeningTests
{
    private const uint WriteTcr2 = 0xD518_2060; // msr tcr2_el1, x0
    private const uint ReadTcr2 = 0xD538_2060; // mrs x0, tcr2_el1
    private const uint WriteRcwmask = 0xD518_D0C0; // msr rcwmask_el1, x0
    private const uint ReadRcwmask = 0xD538_D0C0; // mrs x0, rcwmask_el1
    private const uint WriteRcwsmask = 0xD518_D060; // msr rcwsmask_el1, x0
    private const uint WriteAccdata = 0xD518_D0A0; // msr accdata_el1, x0
    private const uint Swap = 0x3822_A023; // rcwswp x2, x3, [x1]
    private const uint WideSwap = 0x1923_A022; // rcwswpp x2, x3, [x1]
    private const uint StoreWithAccelerator = 0xF83E_A022; // st64bv0 x30, x2, [x1]
    private const int Undefined = 0x104; // the vector of EL1 with SP_EL1 calls with its number
    private const ulong Tcr2En = 1UL << 14;

    /// <summary>Without the feature neither registers nor instructions are there.</summary>
    [Theory]
    [InlineData(WriteTcr2)]
    [InlineData(WriteRcwmask)]
    [InlineData(WriteRcwsmask)]
    [InlineData(WriteAccdata)]
    [InlineData(Swap)]
    [InlineData(StoreWithAccelerator)]
    public void WithoutTheFeatureAllIsUndefined(uint word)
    {
        using var guest = new GuestProgram(word, GuestProgram.Hvc42);
        Assert.Equal(Undefined, guest.RunToCall());
    }

    /// <summary>RES0 bits keep nothing: of the address one bit stands for all, and the core has neither 128-bit descriptors nor indirect permissions.</summary>
    [Fact]
    public void TheRegistersKeepWhatTheArchitectureDefines()
    {
        using var guest = new GuestProgram(
            new MachineOptions { Features = A64Features.THE | A64Features.D128 | A64Features.LS64_ACCDATA },
            WriteTcr2, WriteRcwmask, WriteRcwsmask, WriteAccdata, ReadRcwmask, GuestProgram.Hvc42);
        guest.SetBits(SystemRegister.HcrxEl2, ulong.MaxValue);
        guest.Vcpu.ModifyCore()[0] = ulong.MaxValue;
        Assert.Equal(0x42, guest.RunToCall());
        Assert.Equal(0xFFEC_0000_0003_FFFE, guest.Vcpu.Core[0]);
        Assert.Equal(0xFFFC_0000_0003_FFFE, guest.El2.ReadSystemRegister(SystemRegister.RcwsmaskEl1));
        Assert.Equal((ulong)(Tcr2Bits.PnCh | Tcr2Bits.Pttwi), guest.El2.ReadSystemRegister(SystemRegister.Tcr2El1));
        Assert.Equal(uint.MaxValue, guest.El2.ReadSystemRegister(SystemRegister.AccdataEl1));
        Assert.Equal(Tcr2En | (1UL << 16), guest.El2.ReadSystemRegister(SystemRegister.HcrxEl2));
        Assert.Equal(1UL, guest.El2.ReadSystemRegister(SystemRegister.IdAa64Pfr1El1) >> 48 & 0xF);
        Assert.Equal(1UL, guest.El2.ReadSystemRegister(SystemRegister.IdAa64Mmfr1El1) >> 40 & 0xF);
        Assert.Equal((1UL, 0UL), (guest.El2.ReadSystemRegister(SystemRegister.IdAa64Mmfr3El1) & 0xF, guest.El2.ReadSystemRegister(SystemRegister.IdAa64Mmfr3El1) >> 32 & 0xF));
    }

    /// <summary>HCRX_EL2.TCR2En, and HCR_EL2.TVM and TRVM for one direction each.</summary>
    [Theory]
    [InlineData(WriteTcr2, 0UL, HcrBits.None, true)]
    [InlineData(ReadTcr2, 0UL, HcrBits.None, true)]
    [InlineData(WriteTcr2, Tcr2En, HcrBits.None, false)]
    [InlineData(WriteTcr2, Tcr2En, HcrBits.Tvm, true)]
    [InlineData(ReadTcr2, Tcr2En, HcrBits.Tvm, false)]
    [InlineData(ReadTcr2, Tcr2En, HcrBits.Trvm, true)]
    public void El2TrapsTcr2(uint word, ulong hcrx, HcrBits hcr, bool isTrapped)
    {
        using var guest = new GuestProgram(new MachineOptions { Features = A64Features.THE }, word, GuestProgram.Hvc42);
        guest.SetBits(SystemRegister.HcrxEl2, hcrx);
        guest.SetBits(SystemRegister.HcrEl2, (ulong)hcr);
        VcpuExit exit = guest.Run();
        Assert.Equal(isTrapped ? ExceptionClass.SystemRegister : ExceptionClass.Hvc64, exit.Esr.Class);
        Assert.True(!isTrapped || (exit.Esr.TryGetSystemRegister(out SystemRegisterSyndrome trapped) && trapped.Register == SystemRegister.Tcr2El1));
    }

    /// <summary>The guest protects its descriptors by its own registers, and instructions obey; those of 128 bits are never enabled.</summary>
    [Fact]
    public void ChecksFollowTheGuestsRegisters()
    {
        const ulong Descriptor = (1UL << 52) | 0x703;
        using var guest = new GuestProgram(
            new MachineOptions { Features = A64Features.THE | A64Features.D128 },
            WriteRcwmask, Swap, GuestProgram.Hvc42, WriteTcr2, Swap, GuestProgram.Hvc42, WideSwap);
        guest.SetBits(SystemRegister.HcrxEl2, Tcr2En);
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, Descriptor);
        guest.Machine.Memory.Write(new Ipa(GuestProgram.Data), bytes);
        guest.Vcpu.ModifyCore()[0] = 1; // no bit of a mask, and PnCH
        guest.Vcpu.ModifyCore()[2] = Descriptor | 0x800;
        Assert.Equal(0x42, guest.RunToCall());
        Assert.Equal((Descriptor | 0x800, 0x2000_0000u), (guest.Read64(GuestProgram.Data), Flags(guest)));

        guest.Vcpu.ModifyCore()[2] = Descriptor;
        Assert.Equal(0x42, guest.RunToCall());
        Assert.Equal((Descriptor | 0x800, 0x6000_0000u), (guest.Read64(GuestProgram.Data), Flags(guest)));
        Assert.Equal(Descriptor | 0x800, guest.Vcpu.Core[3]);
        Assert.Equal(Undefined, guest.RunToCall());
    }

    /// <summary>The first word that ST64BV0 stores is the register's; with the MMU off all memory is of a type that takes 64 bytes.</summary>
    [Fact]
    public void TheAcceleratorsStoreReadsItsRegister()
    {
        using var guest = new GuestProgram(new MachineOptions { Features = A64Features.LS64_ACCDATA }, WriteAccdata, StoreWithAccelerator, GuestProgram.Hvc42);
        guest.Vcpu.ModifyCore()[0] = 0xDDDD_DDDD_ACCD_A7A1;
        guest.Vcpu.ModifyCore()[2] = 0x2222_2222_2222_2222;
        guest.Vcpu.ModifyCore()[9] = 0x9999;
        guest.Vcpu.ModifyCore()[30] = 7;
        Assert.Equal(0x42, guest.RunToCall());
        Assert.Equal((0x2222_2222_ACCD_A7A1UL, 0x9999UL), (guest.Read64(GuestProgram.Data), guest.Read64(GuestProgram.Data + 56)));
        Assert.Equal(0UL, guest.Vcpu.Core[30]);
    }

    private static uint Flags(GuestProgram guest) => (uint)guest.Vcpu.Core.Pstate.Value & 0xF000_0000;
}
