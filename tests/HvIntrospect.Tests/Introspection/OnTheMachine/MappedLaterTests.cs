using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using HvIntrospect.Interpreter;
using HvIntrospect.Introspection;
using HvIntrospect.Mmio;
using HvIntrospect.Registers;
using HvIntrospect.Tests.Support;
using HvIntrospect.Translation.Stage2;
using HvIntrospect.Watchpoints;
using Xunit;

namespace HvIntrospect.Tests.Introspection.OnTheMachine;

/// <summary>Memory that comes, goes and is protected while it is watched.</summary>
public sealed class MappedLaterTests
{
    private const ulong Code = 0x4000_0000;
    private const ulong Data = 0x4010_0000;
    private const ulong PageSize = 0x1000;

    // str x2, [x1]; hvc #0
    private static readonly uint[] s_store = [0xF9000022, 0xD4000002];
    private static readonly IpaRange s_page = new(new Ipa(Data), PageSize);

    private readonly List<(ulong Old, ulong New)> _events = [];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void AWatchCoversWhatIsMappedWhenTheGuestAsksForIt(bool useInlineFilter)
    {
        using Machine machine = Make();
        machine.Stage2.Unmap(s_page);
        using Introspector introspector = Watched(machine, useInlineFilter);
        VcpuAction action = Run(machine, introspector, 5);
        Assert.Equal(StopReason.UnownedAccess, action.StopReason);
        Assert.Empty(_events);

        Map(machine);
        action = introspector.Run(machine.Vcpus[0], (IVcpu _, in VcpuAction _) => machine.Run(machine.Vcpus[0]), out VcpuExit exit);
        Assert.Equal(ExceptionClass.Hvc64, exit.Esr.Class);
        Assert.Equal(VcpuActionKind.Unhandled, action.Kind);
        Assert.Equal([(0UL, 5UL)], _events);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void AWatchOutlivesOtherMemoryAtItsPlaceAndRestoresWhatTheEmbedderSet(bool useInlineFilter)
    {
        using Machine machine = Make();
        using Introspector introspector = Watched(machine, useInlineFilter);
        Run(machine, introspector, 5);
        machine.Stage2.Unmap(s_page);
        Map(machine, offset: PageSize);
        Run(machine, introspector, 6);
        machine.Stage2.SetAttributes(s_page, new Stage2Attributes(Stage2Access.ReadWrite));
        Run(machine, introspector, 7);
        Assert.Equal([(0UL, 5UL), (0UL, 6UL), (6UL, 7UL)], _events);

        // What the embedder itself protects is the guest's fault, not the watch's.
        machine.Stage2.Protect(s_page, Stage2Access.Read);
        Assert.Equal(UnhandledReason.Protected, Run(machine, introspector, 8).UnhandledReason);
        Assert.Equal(3, _events.Count);
        introspector.Dispose();
        Assert.True(machine.Stage2.TryGetMapping(new Ipa(Data), out Stage2MappingInfo mapping));
        Assert.Equal(Stage2Access.Read, mapping.Access);
    }

    private static VcpuAction Run(Machine machine, Introspector introspector, ulong value)
    {
        Vcpu vcpu = machine.Vcpus[0];
        ref CoreRegisters core = ref vcpu.ModifyCore();
        core.Pc = new Va(Code);
        core[2] = value;
        return introspector.Run(vcpu, (IVcpu _, in VcpuAction _) => machine.Run(vcpu), out _);
    }

    private static void Map(Machine machine, ulong offset = 0) =>
        machine.Stage2.Map(s_page, machine.Options.RamPhysicalBase + (Data - Code) + offset, Stage2Attributes.Ram);

    private static Machine Make()
    {
        var machine = CheckedMachine.Make();
        machine.Memory.Write(new Ipa(Code), MemoryMarshal.AsBytes<uint>(s_store));
        machine.Vcpus[0].ModifyCore()[1] = Data;
        return machine;
    }

    private Introspector Watched(Machine machine, bool useInlineFilter)
    {
        var introspector = new Introspector(machine, new IntrospectorOptions { UseInlineFilter = useInlineFilter, UnownedAccess = UnownedAccessPolicy.Stop });
        introspector.AddWatch(new IpaRange(new Ipa(Data), 8), WatchKinds.Write, (in WatchEvent e) =>
        {
            _events.Add((BitConverter.ToUInt64(e.OldValue), BitConverter.ToUInt64(e.NewValue)));
            return WatchResponse.Continue;
        });
        return introspector;
    }
}
