using HvIntrospect.Translation;
using HvIntrospect.Translation.Stage2;
using Xunit;

namespace HvIntrospect.Tests.Translation.Stage2;

public sealed class Stage2AttributesTests
{
    [Fact]
    public void TheTextSaysWhatIsPermittedAndWhatIsUnusual()
    {
        Assert.Equal("rwx NormalWriteBack InnerShareable", Stage2Attributes.Ram.ToString());
        Assert.Equal("rw- DeviceNGnRE", Stage2Attributes.Device.ToString());
        Assert.Equal("--- DeviceNGnRnE AF=0", default(Stage2Attributes).ToString());
        Stage2Attributes odd = Stage2Attributes.Ram with
        {
            Access = Stage2Access.ReadWrite | Stage2Access.ExecuteEl0, MemoryType = Stage2MemoryType.Stage1Decides, HasDirtyBitModifier = true, IsContiguous = true, HasSoftwareBit = true,
        };
        Assert.Equal("rwx(EL0) Stage1Decides InnerShareable DBM contiguous marked", odd.ToString());
        Assert.Equal("r-x(EL1) NormalWriteBack InnerShareable", new Stage2Attributes(Stage2Access.Read | Stage2Access.ExecuteEl1).ToString());
    }

    [Fact]
    public void WhatIsDeniedIsNotGivenByHardwareEither()
    {
        Stage2Attributes all = Stage2Attributes.Ram with { HasDirtyBitModifier = true, Access = Stage2Access.ReadWrite | Stage2Access.ExecuteEl0 };
        Assert.Equal(all, all.Without(Stage2Access.None));
        Assert.Equal(all with { Access = Stage2Access.Read | Stage2Access.ExecuteEl0, HasDirtyBitModifier = false }, all.Without(Stage2Access.Write));
        Assert.Equal(all with { Access = Stage2Access.ReadWrite }, all.Without(Stage2Access.Execute));
        Assert.Equal(all, all.Without(Stage2Access.ExecuteEl1));
        Assert.Equal(Stage2Access.None, all.Without(Stage2Access.All).Access);
    }

    [Fact]
    public void APropertyChangesNothingBesideIt()
    {
        Stage2Attributes full = Stage2Attributes.Ram with { HasDirtyBitModifier = true, IsContiguous = true, HasSoftwareBit = true, MemoryType = Stage2MemoryType.Stage1Decides };
        Assert.Equal(full, full with { Shareability = full.Shareability, MemoryType = full.MemoryType, Access = full.Access, HasAccessFlag = true });
        Stage2Attributes without = full with { HasAccessFlag = false };
        Assert.NotEqual(full, without);
        Assert.Equal(full, without with { HasAccessFlag = true });
        Assert.True(without is { HasDirtyBitModifier: true, IsContiguous: true, HasSoftwareBit: true, IsDevice: false, MemoryType: Stage2MemoryType.Stage1Decides });
    }
}
