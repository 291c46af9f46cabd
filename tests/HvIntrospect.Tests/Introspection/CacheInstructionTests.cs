using System;
using System.Collections.Generic;
using System.Linq;
using HvIntrospect.Introspection;
using HvIntrospect.Registers;
using HvIntrospect.Tests.Introspection.Fakes;
using HvIntrospect.Watchpoints;
using Xunit;

namespace HvIntrospect.Tests.Introspection;

/// <summary>Cache maintenance by address, and DC ZVA, GVA and GZVA, on watched pages.</summary>
public sealed class CacheInstructionTests
{
    private const ulong Page = FakeMachine.Ram + 0x4000;
    private const ulong Physical = 0x8_0000_0000;
    private const uint DcZva = 0xD50B7421; // dc zva, x1
    private const uint DcGva = 0xD50B7461; // dc gva, x1
    private const uint DcGzva = 0xD50B7481; // dc gzva, x1
    private const uint DcCivac = 0xD50B7E21; // dc civac, x1

    private readonly FakeMachine _machine = new();
    private readonly FakeEl2 _el2 = new();
    private readonly FakeStepper _stepper = new();
    private readonly List<WatchRecord> _events = [];
    private readonly List<IntrospectionReport> _reports = [];

    public CacheInstructionTests()
    {
        _machine.Vcpu.ModifyCore()[1] = Page + 0x123;
        _machine.Stage2.PhysicalOffset = Physical;
    }

    [Theory]
    [InlineData(0xD5087621, "DC Civac")] // dc ivac, x1: does not discard behind Stage 2
    [InlineData(0xD50B7A21, "DC Cvac")]
    [InlineData(0xD50B7B21, "DC Cvau")]
    [InlineData(DcCivac, "DC Civac")]
    [InlineData(0xD50B7C21, "DC Cvap")]
    [InlineData(0xD50B7D21, "DC Cvadp")]
    [InlineData(0xD5087661, "DC Cigdvac")] // dc igvac, x1
    [InlineData(0xD50876A1, "DC Cigdvac")] // dc igdvac, x1
    [InlineData(0xD50B7A61, "DC Cgdvac")] // dc cgvac, x1
    [InlineData(0xD50B7AA1, "DC Cgdvac")]
    [InlineData(0xD50B7C61, "DC Cgdvap")] // dc cgvap, x1
    [InlineData(0xD50B7CA1, "DC Cgdvap")]
    [InlineData(0xD50B7D61, "DC Cgdvadp")] // dc cgvadp, x1
    [InlineData(0xD50B7DA1, "DC Cgdvadp")]
    [InlineData(0xD50B7E61, "DC Cigdvac")] // dc cigvac, x1
    [InlineData(0xD50B7EA1, "DC Cigdvac")]
    [InlineData(0xD50B7521, "IC Ivau")]
    public void MaintenanceIsDoneAtTheRealAddress(uint word, string operation)
    {
        _machine.Vcpu.Capabilities.Add(_el2);
        using Introspector introspector = Watched(WatchKinds.ReadWrite);
        Maintain(introspector, word);
        Assert.Equal($"{operation} {Page + 0x123 + Physical:x}", Assert.Single(_el2.Log));
        Assert.Equal(FakeMachine.Ram + 0x104, _machine.Vcpu.Core.Pc.Value);
        Assert.Empty(_events);
        Assert.Equal(Stage2Access.Execute, _machine.Stage2[Page]);
    }

    /// <summary>The abort always says that it writes, also where only reads are denied.</summary>
    [Fact]
    public void MaintenanceWhereOnlyReadsAreDeniedIsDoneAtOnce()
    {
        _machine.Vcpu.Capabilities.Add(_el2);
        using Introspector introspector = Watched(WatchKinds.Read);
        Maintain(introspector, DcCivac);
        Assert.Single(_el2.Log);
    }

    [Theory]
    [InlineData(true, false)] // no EL2
    [InlineData(false, true)] // no physical addresses
    public void WhereTheBackendCannotItIsSteppedWithoutAnEvent(bool withoutEl2, bool withoutAddresses)
    {
        Arrange(withoutEl2, withoutAddresses);
        _machine.Vcpu.Capabilities.Add(_stepper);
        using Introspector introspector = Watched(WatchKinds.ReadWrite);
        Assert.Equal(VcpuActionKind.Resume, Maintain(introspector, DcCivac).Kind);
        Assert.True(_stepper.IsArmed);
        Assert.Equal(Stage2Access.All, _machine.Stage2[Page]);
        Assert.Equal(FakeMachine.Ram + 0x100, _machine.Vcpu.Core.Pc.Value);

        // While the page is open the instruction is tried again, and not for ever.
        Assert.Equal(VcpuActionKind.Resume, Maintain(introspector, DcCivac).Kind);
        Assert.Equal(VcpuActionKind.Resume, Maintain(introspector, DcCivac).Kind);
        Assert.Equal(VcpuActionKind.Stop, Maintain(introspector, DcCivac).Kind);
        Assert.Equal(FakeMachine.Ram + 0x100, _machine.Vcpu.Core.Pc.Value);
        Assert.Empty(_events);
    }

    [Theory]
    [InlineData(UnsupportedAccessPolicy.Automatic, false)]
    [InlineData(UnsupportedAccessPolicy.Stop, true)]
    [InlineData(UnsupportedAccessPolicy.InjectExternalAbort, true)]
    public void WhereItCannotBeDoneThePolicyDecides(UnsupportedAccessPolicy policy, bool hasStepper)
    {
        if (hasStepper)
        {
            _machine.Vcpu.Capabilities.Add(_stepper);
        }

        using Introspector introspector = Watched(WatchKinds.ReadWrite, new IntrospectorOptions { UnsupportedAccess = policy });
        VcpuAction action = Maintain(introspector, DcCivac);
        bool injects = policy == UnsupportedAccessPolicy.InjectExternalAbort;
        Assert.Equal(injects ? VcpuActionKind.Resume : VcpuActionKind.Stop, action.Kind);
        Assert.Equal(injects ? FakeMachine.Ram + 0x2200 : FakeMachine.Ram + 0x100, _machine.Vcpu.Core.Pc.Value);
        Assert.Equal("cache maintenance", Assert.Single(_reports).Detail);
        Assert.False(_stepper.IsArmed);
        Assert.Empty(_events);
    }

    [Theory]
    [InlineData(0, 4)]
    [InlineData(4, 64)]
    [InlineData(9, 2048)]
    public void ABlockIsZeroedAsElementsOfEightBytes(int words, int size)
    {
        _machine.Vcpu.Capabilities.Add(_el2);
        _el2.Registers[SystemRegister.DczidEl0] = (ulong)words;
        AssertZeroed(new IntrospectorOptions(), size);
    }

    [Fact]
    public void TheEmbedderMayTellTheSizeOfTheBlock() => AssertZeroed(new IntrospectorOptions { ZeroBlockSize = 256 }, 256);

    [Fact]
    public void TheSizeOfTheBlockIsChecked()
    {
        foreach (int size in new[] { -4, 2, 3, 96, 4096 })
        {
            Assert.Throws<ArgumentOutOfRangeException>("ZeroBlockSize", () => _machine.Introspect(new IntrospectorOptions { ZeroBlockSize = size }));
        }
    }

    [Fact]
    public void AnswersToElementsOfABlockCount()
    {
        _machine.Vcpu.Capabilities.Add(_el2);
        NormalMemory.Map(_machine);
        _machine.Memory.Bytes.AsSpan(0x4000, 0x1000).Fill(0xEE);
        using Introspector introspector = _machine.Introspect();
        bool fails = true;
        int first = 0;
        introspector.AddWatch(new IpaRange(new Ipa(Page + 0x100), 1), WatchKinds.Write, (in WatchEvent _) =>
        {
            first++;
            return WatchResponse.Replace([7]);
        });
        introspector.AddWatch(new IpaRange(new Ipa(Page + 0x13F), 1), WatchKinds.Write, (in WatchEvent _) =>
            fails ? throw new InvalidOperationException("not now") : WatchResponse.Continue);
        Assert.Throws<InvalidOperationException>(() => Zero(introspector));
        Assert.Equal(0xEEEE_EEEE_EEEE_EEEE, _machine.Memory.Read64(Page + 0x100));
        fails = false;
        Zero(introspector);
        Assert.Equal(1, first);
        Assert.Equal(7UL, _machine.Memory.Read64(Page + 0x100));
        Assert.Equal(0UL, _machine.Memory.Read64(Page + 0x138));
    }

    [Fact]
    public void DeviceMemoryTakesNoBlock()
    {
        // Stage 1 is off: all data is Device memory.
        _machine.Vcpu.Capabilities.Add(_el2);
        using Introspector introspector = Watched(WatchKinds.Write);
        Zero(introspector);
        Assert.True(_machine.Vcpu.Exception.EsrEl1.TryGetDataAbort(out DataAbortSyndrome abort));
        Assert.Equal((FaultKind.Alignment, true), (abort.Status.Kind, abort.IsWrite));
        Assert.Equal(Page + 0x123, _machine.Vcpu.Exception.FarEl1);
        Assert.Empty(_events);
    }

    [Theory]
    [InlineData(0x14, 1, "DCZID_EL0.DZP")]
    [InlineData(4, 0, "SCTLR_EL1.DZE")]
    public void AProhibitedBlockContradictsItsExit(ulong identification, int level, string field)
    {
        _machine.Vcpu.Capabilities.Add(_el2);
        _el2.Registers[SystemRegister.DczidEl0] = identification;
        NormalMemory.Map(_machine);
        _machine.Vcpu.ModifyCore().Pstate = level == 0 ? default : Spsr.El1hMasked;
        using Introspector introspector = Watched(WatchKinds.Write);
        VcpuExit exit = VcpuExit.FromException(
            DataAbortSyndrome.Create(false, FaultStatus.Create(FaultKind.Permission, 3), isWrite: true), new Va(Page + 0x123), Hpfar.FromIpa(new Ipa(Page)), DcZva);
        Assert.Equal(VcpuActionKind.Resume, introspector.Handle(_machine.Vcpu, exit).Kind);
        Assert.Equal(VcpuActionKind.Resume, introspector.Handle(_machine.Vcpu, exit).Kind);
        VcpuAction last = introspector.Handle(_machine.Vcpu, exit);
        Assert.Equal((StopReason.Inconsistent, field), (last.StopReason, last.Detail));
        Assert.Empty(_events);
    }

    [Theory]
    [InlineData(DcGva, 4, 64, false, true)]
    [InlineData(DcGzva, 4, 64, true, true)]
    [InlineData(DcGzva, 9, 2048, true, true)]
    [InlineData(DcGzva, 4, 64, true, false)] // tags are not accessed
    [InlineData(DcZva, 4, 64, true, false)]
    public void ABlockIsTaggedWithTheTagOfTheAddress(uint word, int words, int size, bool zeroes, bool isTagged)
    {
        var tags = new FakeTags();
        _machine.Capabilities.Add(tags);
        _machine.Vcpu.Capabilities.Add(_el2);
        _el2.Registers[SystemRegister.DczidEl0] = (ulong)words;
        MapTagged(accessesTags: isTagged || word == DcZva);
        Span<byte> page = _machine.Memory.Bytes.AsSpan(0x4000, 0x1000);
        page.Fill(0xEE);
        _machine.Vcpu.ModifyCore()[1] = (6UL << 56) | (Page + 0x123);
        using Introspector introspector = Watched(WatchKinds.Write);
        _machine.Place(word);
        Assert.Equal(VcpuActionKind.Resume, introspector.Handle(_machine.Vcpu, FakeMachine.Denied((6UL << 56) | (Page + 0x123), isWrite: true)).Kind);
        int start = 0x123 & -size;
        for (int i = 0; i < page.Length; i++)
        {
            bool isInside = i >= start && i < start + size;
            Assert.Equal(isInside && zeroes ? 0 : 0xEE, page[i]);
            Assert.Equal(isInside && isTagged ? 6 : 0, tags.ReadTag(new Ipa(Page + (ulong)(i & ~15))));
        }

        Assert.Equal(zeroes ? size / 8 : 0, _events.Count);
        Assert.Equal(FakeMachine.Ram + 0x104, _machine.Vcpu.Core.Pc.Value);
    }

    [Theory]
    [InlineData(DcGva, "DC GVA")]
    [InlineData(DcGzva, "DC GZVA")]
    public void WithoutTagMemoryThePolicyDecides(uint word, string name)
    {
        _machine.Vcpu.Capabilities.Add(_el2);
        MapTagged(accessesTags: true);
        using Introspector introspector = Watched(WatchKinds.Write, new IntrospectorOptions { UnsupportedAccess = UnsupportedAccessPolicy.Stop });
        _machine.Place(word);
        VcpuAction action = introspector.Handle(_machine.Vcpu, FakeMachine.Denied(Page + 0x123, isWrite: true));
        Assert.Equal((StopReason.Unsupported, name), (action.StopReason, action.Detail));
        Assert.Empty(_events);
    }

    /// <summary>Of these only DC ZVA is checked, and its fault is at the address as it was given.</summary>
    [Theory]
    [InlineData(DcZva, true)]
    [InlineData(DcGzva, false)]
    public void OnlyZeroingAloneIsChecked(uint word, bool isChecked)
    {
        _machine.Capabilities.Add(new FakeTags());
        _machine.Vcpu.Capabilities.Add(_el2);
        MapTagged(accessesTags: true);
        _machine.Vcpu.ModifyTranslation().SctlrEl1 |= 1UL << 40;
        ulong address = (6UL << 56) | (Page + 0x123);
        _machine.Vcpu.ModifyCore()[1] = address;
        using Introspector introspector = Watched(WatchKinds.Write);
        _machine.Place(word);
        introspector.Handle(_machine.Vcpu, FakeMachine.Denied(address, isWrite: true));
        Assert.Equal(isChecked ? FakeMachine.Ram + 0x2200 : FakeMachine.Ram + 0x104, _machine.Vcpu.Core.Pc.Value);
        Assert.Equal(isChecked ? (0x9600_0051UL, address) : (0UL, 0UL), (_machine.Vcpu.Exception.EsrEl1.Value, _machine.Vcpu.Exception.FarEl1));
    }

    private void MapTagged(bool accessesTags)
    {
        NormalMemory.Map(_machine);
        ref TranslationRegisters translation = ref _machine.Vcpu.ModifyTranslation();
        translation.MairEl1 = 0xF0;
        translation.TcrEl1 |= (ulong)TcrBits.Tbi0;
        translation.SctlrEl1 |= accessesTags ? (ulong)SctlrBits.Ata : 0;
    }

    private void AssertZeroed(IntrospectorOptions options, int size)
    {
        NormalMemory.Map(_machine);
        Span<byte> page = _machine.Memory.Bytes.AsSpan(0x4000, 0x1000);
        page.Fill(0xEE);
        using Introspector introspector = Watched(WatchKinds.Write, options);
        Assert.Equal(VcpuActionKind.Resume, Zero(introspector).Kind);
        int start = 0x123 & -size;
        for (int i = 0; i < page.Length; i++)
        {
            Assert.Equal(i >= start && i < start + size ? 0 : 0xEE, page[i]);
        }

        int element = Math.Min(size, 8);
        Assert.Equal(Enumerable.Range(0, size / element).Select(i => Page + (ulong)(start + (i * element))), _events.Select(e => e.Ipa.Value));
        Assert.All(_events, e => Assert.Equal((element, WatchKinds.Write, true), (e.Size, e.Kind, e.IsExact)));
        Assert.All(_events, e => Assert.True(e.OldValue.ToArray().All(b => b == 0xEE) && e.NewValue.ToArray().All(b => b == 0)));
        Assert.Equal(FakeMachine.Ram + 0x104, _machine.Vcpu.Core.Pc.Value);
    }

    private void Arrange(bool withoutEl2, bool withoutAddresses)
    {
        if (!withoutEl2)
        {
            _machine.Vcpu.Capabilities.Add(_el2);
        }

        if (withoutAddresses)
        {
            _machine.Stage2.PhysicalOffset = null;
        }
    }

    private Introspector Watched(WatchKinds kinds, IntrospectorOptions? options = null)
    {
        options ??= new IntrospectorOptions();
        options.ReportHandler = _reports.Add;
        Introspector introspector = _machine.Introspect(options);
        introspector.AddWatch(new IpaRange(new Ipa(Page), 0x1000), kinds, (in WatchEvent e) =>
        {
            _events.Add(e.ToRecord());
            return WatchResponse.Continue;
        });
        return introspector;
    }

    private VcpuAction Zero(Introspector introspector)
    {
        _machine.Place(DcZva);
        return introspector.Handle(_machine.Vcpu, FakeMachine.Denied(Page + 0x123, isWrite: true));
    }

    private VcpuAction Maintain(Introspector introspector, uint word)
    {
        _machine.Place(word);
        return introspector.Handle(_machine.Vcpu, VcpuExit.FromException(
            DataAbortSyndrome.Create(false, FaultStatus.Create(FaultKind.Permission, 3), isWrite: true, isCacheMaintenance: true), new Va(Page + 0x123)));
    }
}
