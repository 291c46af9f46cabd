using System;
using HvIntrospect.Registers;
using Xunit;

namespace HvIntrospect.Tests.Registers;

public sealed class ControlRegistersTests
{
    [Fact]
    public void HcrBitsHaveTheirPlaces()
    {
        var hcr = new Hcr(0x8000_0001);
        Assert.True(hcr.Has(HcrBits.Vm) && hcr.Has(HcrBits.Rw));
        Assert.False(hcr.Has(HcrBits.Tge));
        Assert.Equal(0x8800_0001UL, hcr.With(HcrBits.Tge).Value);
        Assert.Equal(0x8000_0000UL, hcr.With(HcrBits.Vm, false).Value);
        Assert.Equal(0x4_0008_0038UL, (ulong)(HcrBits.E2h | HcrBits.Tsc | HcrBits.Imo | HcrBits.Fmo | HcrBits.Amo));
        Assert.Equal(0x0400_0000UL, (ulong)HcrBits.Tvm);
    }

    [Fact]
    public void VtcrOfALinuxLikeStage2()
    {
        // 40-bit IPA, 4 KB granule, start at level 1, 40-bit PA.
        Vtcr vtcr = Vtcr.Create(24, 1, GranuleSize.Size4K, 2);
        Assert.Equal(0x8002_3558UL, vtcr.Value);
        Assert.Equal((24, 1, GranuleSize.Size4K, 2, false), (vtcr.T0sz, vtcr.Sl0, vtcr.Granule, vtcr.Ps, vtcr.HasWideVmid));
        Assert.Equal((1, 1, 3), (vtcr.InnerCacheability, vtcr.OuterCacheability, vtcr.Shareability));
        Assert.Equal(GranuleSize.Size64K, Vtcr.Create(24, 1, GranuleSize.Size64K, 2).Granule);
        Assert.Equal(GranuleSize.Size16K, Vtcr.Create(24, 1, GranuleSize.Size16K, 2).Granule);
        Assert.Throws<ArgumentOutOfRangeException>(() => Vtcr.Create(64, 1, GranuleSize.Size4K, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => Vtcr.Create(24, 4, GranuleSize.Size4K, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => Vtcr.Create(24, 1, GranuleSize.None, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => Vtcr.Create(24, 1, GranuleSize.Size4K, 8));
    }

    [Fact]
    public void FieldsOfVtcrStandWhereTheManualHasThem()
    {
        Assert.Equal(0x8000_0000UL | (1UL << 19) | (3UL << 21) | (3UL << 32) | 0x3500, Vtcr.Create(0, 0, GranuleSize.Size4K, 0, wideVmid: true, ds: true, sl2: 1, hardwareUpdates: true).Value);
        Assert.Throws<ArgumentOutOfRangeException>(() => Vtcr.Create(24, 1, GranuleSize.Size4K, 2, sl2: 2));
        var none = new Vtcr(~((1UL << 19) | (3UL << 21) | (0xFUL << 25) | (3UL << 29) | (7UL << 32) | (7UL << 36)));
        var all = new Vtcr(~none.Value);
        Assert.True(all is { HasWideVmid: true, HardwareAccessFlag: true, HardwareDirtyState: true, NonSecureWalks: true, NonSecureAccesses: true });
        Assert.True(all is { HasLargeDescriptors: true, Sl2: 1, AssuredOnly: true, IndirectPermissions: true, PermissionOverlays: true, D128: true, HardwareUse: 15 });
        Assert.False(none.HasWideVmid || none.HardwareAccessFlag || none.HardwareDirtyState || none.NonSecureWalks || none.NonSecureAccesses);
        Assert.False(none.HasLargeDescriptors || none.Sl2 != 0 || none.AssuredOnly || none.IndirectPermissions || none.PermissionOverlays || none.D128 || none.HardwareUse != 0);
        Assert.Equal(1, new Vtcr(1UL << 25).HardwareUse);
    }

    [Fact]
    public void VttbrOf52BitsFoldsTheUpperBitsOfTheRoot()
    {
        Vttbr vttbr = Vttbr.CreateLarge(new Pa(0x9_8765_4321_0FC0), 5);
        Assert.Equal(0x0005_8765_4321_0FE4UL, vttbr.Value);
        Assert.Equal((5, new Pa(0x9_8765_4321_0FC0)), ((int)vttbr.Vmid, vttbr.LargeBase));
        Assert.Throws<ArgumentOutOfRangeException>(() => Vttbr.CreateLarge(new Pa(1UL << 52), 5));
        Assert.Throws<ArgumentOutOfRangeException>(() => Vttbr.CreateLarge(new Pa(0x20), 5));
    }

    [Fact]
    public void VttbrHoldsTheVmidAtBit48()
    {
        Vttbr vttbr = Vttbr.Create(new Pa(0x4C00_0000), 5);
        Assert.Equal(0x0005_0000_4C00_0000UL, vttbr.Value);
        Assert.Equal((5, new Pa(0x4C00_0000), false), ((int)vttbr.Vmid, vttbr.Base, vttbr.IsCommonNotPrivate));
        Assert.Throws<ArgumentOutOfRangeException>(() => Vttbr.Create(new Pa(1UL << 48), 5));
        Assert.Throws<ArgumentOutOfRangeException>(() => Vttbr.Create(new Pa(1), 5));
    }

    [Fact]
    public void GranulesOfBothHalvesAreEncodedApart()
    {
        Assert.Equal(GranuleSize.Size4K, new Tcr(0).Granule0);
        Assert.Equal(GranuleSize.Size64K, new Tcr(1UL << 14).Granule0);
        Assert.Equal(GranuleSize.Size16K, new Tcr(2UL << 14).Granule0);
        Assert.Equal(GranuleSize.None, new Tcr(3UL << 14).Granule0);
        Assert.Equal(GranuleSize.None, new Tcr(0).Granule1);
        Assert.Equal(GranuleSize.Size16K, new Tcr(1UL << 30).Granule1);
        Assert.Equal(GranuleSize.Size4K, new Tcr(2UL << 30).Granule1);
        Assert.Equal(GranuleSize.Size64K, new Tcr(3UL << 30).Granule1);
        var tcr = new Tcr(0x2_B519_3519);
        Assert.Equal((25, 25, 2), (tcr.T0sz, tcr.T1sz, tcr.Ips));
        Assert.True(new Tcr(1UL << 37).Has(TcrBits.Tbi0));
    }

    [Fact]
    public void ParReportsResultsAndFaults()
    {
        Par ok = Par.FromTranslation(0x4A00_E123, 0xF4, 3);
        Assert.Equal(0xF400_0000_4A00_EB80UL, ok.Value);
        Assert.Equal((false, false, 0x4A00_E000UL, (byte)0xF4, 3), (ok.IsFault, ok.IsStage2, ok.Page, ok.Attributes, ok.Shareability));
        Par fault = Par.FromFault(FaultStatus.Create(FaultKind.Permission, 2), isStage2: true, isStage1Walk: false);
        Assert.Equal(0xA1DUL, fault.Value);
        Assert.True(fault.IsFault && fault.IsStage2 && !fault.IsStage1Walk);
        Assert.Equal(FaultStatus.Create(FaultKind.Permission, 2), fault.Status);
        Assert.Equal(0xB0FUL, Par.FromFault(FaultStatus.Create(FaultKind.Translation, 3), true, true).Value);
        Assert.Equal(0x809UL, Par.FromFault(FaultStatus.Create(FaultKind.Translation, 0), false, false).Value);
    }

    [Fact]
    public void SmallRegisters()
    {
        Assert.Equal(0x44, new Mair(0x4400FF)[2]);
        Assert.Equal(0xFF, new Mair(0x4400FF)[0]);
        var ttbr = new Ttbr(0x0071_0000_2800_1001);
        Assert.Equal((0x71, new Ipa(0x2800_1000), true), ((int)ttbr.Asid, ttbr.Base, ttbr.IsCommonNotPrivate));
        Assert.True(new Mdcr(0x100).Has(MdcrBits.Tde));
        Assert.True(new Sctlr(1UL << 23).Has(SctlrBits.Span));
        foreach (int bits in new[] { 32, 36, 40, 42, 44, 48, 52, 56 })
        {
            Assert.Equal(bits, PhysicalAddressSize.BitsOf(PhysicalAddressSize.Encode(bits)));
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => PhysicalAddressSize.Encode(41));
        Assert.Throws<ArgumentOutOfRangeException>(() => PhysicalAddressSize.Encode(32 + 256));
    }
}
