using System.Collections.Generic;
using HvIntrospect.Introspection;
using HvIntrospect.Registers;
using HvIntrospect.Tests.Introspection.Fakes;
using HvIntrospect.Watchpoints;
using Xunit;

namespace HvIntrospect.Tests.Introspection;

/// <summary>Read-check-writes of 128 bits under an introspector: what the backend must offer, and what is said where it does not.</summary>
public sealed class WideReadCheckWriteTests
{
    private const ulong Page = FakeMachine.Ram + 0x4000;
    private const uint Swap = 0x1923_A022; // rcwswpp x2, x3, [x1]
    private const ulong Protected = 1UL << 50;

    private readonly FakeMachine _machine = new() { Features = A64Features.THE | A64Features.D128 };
    private readonly FakeEl2 _el2 = new();
    private readonly FakeWideRegisters _wide = new();
    private readonly List<WatchRecord> _events = [];

    public WideReadCheckWriteTests()
    {
        _machine.Vcpu.Capabilities.Add(_el2);
        _machine.Vcpu.ModifyCore()[1] = Page;
        _machine.Vcpu.ModifyCore()[2] = 0x803;
        _machine.Vcpu.ModifyCore()[3] = Protected;
        _machine.Memory.Write64(Page, 3);
        _machine.Memory.Write64(Page + 8, Protected);
        _el2.Registers[SystemRegister.HcrxEl2] = 1UL << 14;
        _el2.Registers[SystemRegister.Tcr2El1] = (ulong)Tcr2Bits.D128;
        _el2.Registers[SystemRegister.IdAa64Mmfr3El1] = 0;
        _el2.Registers[SystemRegister.RcwmaskEl1] = ulong.MaxValue;
    }

    /// <summary>One access of 16 bytes, whose check decides about all of them.</summary>
    [Theory]
    [InlineData(0x800UL, 0x803UL, WatchKinds.ReadWrite, 0x2000_0000u)]
    [InlineData(0UL, 3UL, WatchKinds.Read, 0x6000_0000u)]
    public void TheMaskOfTheBackendDecides(ulong mask, ulong left, WatchKinds seen, uint flags)
    {
        _wide.Registers[SystemRegister.RcwmaskEl1] = new VectorRegister(mask, 0);
        _machine.Vcpu.Capabilities.Add(_wide);
        Assert.Equal(VcpuActionKind.Resume, Trap().Kind);
        Assert.Equal((left, Protected), (_machine.Memory.Read64(Page), _machine.Memory.Read64(Page + 8)));
        Assert.Equal((3UL, Protected), (_machine.Vcpu.Core[2], _machine.Vcpu.Core[3]));
        WatchRecord one = Assert.Single(_events);
        Assert.Equal((seen, 16), (one.Kind, one.Size));
        Assert.Equal(flags, (uint)_machine.Vcpu.Core.Pstate.Value & 0xF000_0000);
    }

    [Fact]
    public void HalfOfTheMaskIsNotEnough()
    {
        VcpuAction action = Trap();
        Assert.Equal((VcpuActionKind.Stop, "RCWSWPP_128_memop_128: SystemRegister RCWMASK_EL1"), (action.Kind, action.Detail));
        Assert.Equal(3UL, _machine.Memory.Read64(Page));
    }

    /// <summary>With Stage 1 on, such a guest has 128-bit descriptors.</summary>
    [Fact]
    public void TranslationByWideDescriptorsIsNotGuessed()
    {
        _wide.Registers[SystemRegister.RcwmaskEl1] = default;
        _machine.Vcpu.Capabilities.Add(_wide);
        NormalMemory.Map(_machine);
        VcpuAction action = Trap();
        Assert.Equal((VcpuActionKind.Stop, "RCWSWPP_128_memop_128: WideDescriptors"), (action.Kind, action.Detail));
    }

    private VcpuAction Trap()
    {
        using Introspector introspector = _machine.Introspect();
        introspector.AddWatch(new IpaRange(new Ipa(Page), 16), WatchKinds.ReadWrite, (in WatchEvent e) =>
        {
            _events.Add(e.ToRecord());
            return WatchResponse.Continue;
        });
        _machine.Place(Swap);
        return introspector.Handle(_machine.Vcpu, FakeMachine.Denied(Page, isWrite: false));
    }
}
