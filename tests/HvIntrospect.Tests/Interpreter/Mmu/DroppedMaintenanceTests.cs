using HvIntrospect.Interpreter;
using HvIntrospect.Registers;
using HvIntrospect.Translation.Stage2;
using Xunit;

namespace HvIntrospect.Tests.Interpreter.Mmu;

/// <summary>A hypervisor that forgets a TLB invalidation is found out by the machine: the guest goes on with the stale translation.</summary>
public sealed class DroppedMaintenanceTests
{
    private static readonly IpaRange s_page = new(new Ipa(GuestProgram.Data), 0x1000);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void AStaleTranslationIsVisible(bool dropsMaintenance)
    {
        var options = new MachineOptions();
        using var program = new GuestProgram(options, GuestProgram.LdrX2, GuestProgram.Hvc42, GuestProgram.LdrX2, GuestProgram.Hvc42);
        Assert.True(program.Machine.TryGetCapability(out IPhysicalMemory? memory));
        var operations = new ForgetfulEl2Operations(program.El2);
        var tables = new PaRange(options.HypervisorMemory.Start + (options.HypervisorMemory.Length / 2), options.HypervisorMemory.Length / 2);
        using var stage2 = new Stage2AddressSpace(memory, new TablePool(tables), new Stage2Geometry(options.AddressBits, options.AddressBits), 2, operations);
        stage2.Map(new IpaRange(options.RamBase, options.RamSize), options.RamPhysicalBase, Stage2Attributes.Ram);
        stage2.Split(s_page);
        stage2.Install(program.El2);
        Assert.Equal(0x42, program.RunToCall());

        operations.Forgets = dropsMaintenance;
        stage2.Unmap(s_page);
        operations.Forgets = false;
        VcpuExit exit = program.Run();
        Assert.Equal(dropsMaintenance ? ExceptionClass.Hvc64 : ExceptionClass.DataAbortLowerEl, exit.Esr.Class);
    }

    private sealed class ForgetfulEl2Operations : IEl2Operations
    {
        private readonly IEl2Operations _inner;

        public ForgetfulEl2Operations(IEl2Operations inner)
        {
            _inner = inner;
        }

        public bool Forgets { get; set; }

        public ulong ReadSystemRegister(SystemRegister register) => _inner.ReadSystemRegister(register);

        public void WriteSystemRegister(SystemRegister register, ulong value) => _inner.WriteSystemRegister(register, value);

        public void Tlbi(TlbiOperation operation, ulong operand)
        {
            if (!Forgets)
            {
                _inner.Tlbi(operation, operand);
            }
        }

        public void Dsb(BarrierOption option) => _inner.Dsb(option);

        public void Isb() => _inner.Isb();

        public void InvalidateInstructionCache(InstructionCacheOperation operation, Pa address) => _inner.InvalidateInstructionCache(operation, address);

        public void MaintainDataCache(DataCacheOperation operation, Pa address) => _inner.MaintainDataCache(operation, address);

        public ulong TranslateAddress(AddressTranslationOperation operation, Va address) => _inner.TranslateAddress(operation, address);
    }
}
