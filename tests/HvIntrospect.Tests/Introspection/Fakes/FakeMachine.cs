using System.Collections.Generic;
using System.Linq;
using HvIntrospect.Introspection;
using HvIntrospect.Registers;

namespace HvIntrospect.Tests.Introspection.Fakes;

/// <summary>A machine of fakes, in which a test says what traps.</summary>
internal sealed class FakeMachine : IVirtualMachine
{
    public const ulong Ram = 0x4000_0000;
    public const int RamSize = 0x1_0000;

    public FakeMachine(int vcpus = 1)
    {
        Memory = new FakeMemory(Ram, RamSize);
        Stage2 = new FakeStage2(Ram, RamSize);
        Capabilities.Add(Stage2);
        Vcpus = [.. Enumerable.Range(0, vcpus).Select(static index => new FakeVcpu(index))];
        foreach (FakeVcpu vcpu in Vcpus)
        {
            ref CoreRegisters core = ref vcpu.ModifyCore();
            core.Pc = new Va(Ram + 0x100 + (0x10 * (ulong)vcpu.Index));
            core.SpEl1 = Ram + 0x8000;
            for (int i = 0; i < CoreRegisters.GeneralCount; i++)
            {
                core[i] = 0x0101_0101_0101_0101UL * (ulong)(i + 1);
            }

            vcpu.ModifyException().VbarEl1 = Ram + 0x2000;
        }
    }

    public FakeMemory Memory { get; }

    public FakeStage2 Stage2 { get; }

    public FakeVcpu[] Vcpus { get; }

    public FakeVcpu Vcpu => Vcpus[0];

    public List<object> Capabilities { get; } = [];

    public A64Features Features { get; init; } = A64Features.Armv8_0;

    IReadOnlyList<IVcpu> IVirtualMachine.Vcpus => Vcpus;

    IGuestMemory IVirtualMachine.Memory => Memory;

#pragma warning disable CS8767 // The netstandard2.0 core has a NotNullWhenAttribute of its own, so that its name is ambiguous here.
    public bool TryGetCapability<T>(out T? capability)
        where T : class
#pragma warning restore CS8767
    {
        capability = Capabilities.OfType<T>().FirstOrDefault();
        return capability is not null;
    }

    public Introspector Introspect(IntrospectorOptions? options = null) => new(this, options);

    /// <summary>Puts an instruction at a vCPU's PC.</summary>
    public void Place(uint word, int vcpu = 0) => Memory.Write32(Vcpus[vcpu].Core.Pc.Value, word);

    /// <summary>The exit of a data abort by a permission fault, as it comes without HPFAR.</summary>
    public static VcpuExit Denied(ulong far, bool isWrite, InstructionSyndrome? instruction = null) => VcpuExit.FromException(
        DataAbortSyndrome.Create(false, FaultStatus.Create(FaultKind.Permission, 3), isWrite, instruction: instruction), new Va(far));

    /// <summary>The exit of a data abort by a translation fault, with HPFAR.</summary>
    public static VcpuExit NotMapped(ulong address, bool isWrite, bool isMaintenance = false) => VcpuExit.FromException(
        DataAbortSyndrome.Create(false, FaultStatus.Create(FaultKind.Translation, 3), isWrite, isCacheMaintenance: isMaintenance),
        new Va(address),
        Hpfar.FromIpa(new Ipa(address)));
}
