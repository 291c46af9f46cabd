using System;
using System.IO;
using System.Text;
using HvIntrospect.Interpreter;
using HvIntrospect.Interpreter.Scheduling;
using HvIntrospect.Introspection;
using HvIntrospect.Mmio;
using HvIntrospect.Mmio.Gic;
using HvIntrospect.Registers;
using HvIntrospect.Tests.Support;
using HvIntrospect.Tooling.Loading;

namespace HvIntrospect.Tests.Guests;

/// <summary>The board that QEMU calls virt, as far as the guests here know it: several vCPUs, a GICv2, a UART at SPI 33, and PSCI.</summary>
internal sealed class VirtBoard : IDisposable
{
    private const int UartInterrupt = 33;
    private const ulong UartControl = 0x30;
    private const ulong UartEnabled = 0x301;
    private const uint SystemOff = 0x8400_0008;
    private const uint CpuOff = 0x8400_0002;
    private const uint CpuOn = 0xC400_0003;
    private const ulong AlreadyOn = unchecked((ulong)-4);
    private const ulong El1hMasked = 0x3C5;

    private readonly StringBuilder _output = new();

    public VirtBoard(string elf, MachineOptions options, IntrospectorOptions? introspection = null)
    {
        Elf = ElfFile.Read(File.ReadAllBytes(RepositoryFiles.PathOf(elf)));
        Machine = new Machine(options);
        Elf.Load(Machine.Memory, new IpaRange(options.RamBase, options.RamSize));
        foreach (Vcpu vcpu in Machine.Vcpus)
        {
            vcpu.ModifyCore().Pc = Elf.EntryPoint;
            vcpu.IsPoweredOn = vcpu.Index == 0;
        }

        Gic = new GicV2(options.VcpuCount);
        Machine.Connect(Gic);
        var uart = new Pl011(character => _output.Append((char)character), level => Gic.SetSpi(UartInterrupt, level));
        uart.Write(UartControl, sizeof(uint), UartEnabled);
        Machine.Attach(uart);
        Introspector = new Introspector(Machine, introspection);
        Introspector.Mmio.Map(new IpaRange(new Ipa(0x0800_0000), GicV2.DistributorSize), Gic.Distributor);
        Introspector.Mmio.Map(new IpaRange(new Ipa(0x0801_0000), GicV2.CpuInterfaceSize), Gic.CpuInterfaces);
        Introspector.Mmio.Map(new IpaRange(new Ipa(0x0900_0000), Pl011.Size), uart);
    }

    public Machine Machine { get; }

    public ElfFile Elf { get; }

    public GicV2 Gic { get; }

    public Introspector Introspector { get; }

    /// <summary>Gets the status with which the guest has turned the board off; null while it is on.</summary>
    public ulong? Status { get; private set; }

    /// <summary>Gets or sets what the guest has printed. It is not part of snapshots.</summary>
    public string Output
    {
        get => _output.ToString();
        set => _output.Clear().Append(value);
    }

    /// <summary>Runs until the guest turns the board off, or to the limit.</summary>
    /// <param name="limit">The number of instructions.</param>
    /// <returns>What ended the run.</returns>
    public VcpuExit Run(ulong limit)
    {
        Status = null;
        return Machine.Scheduler.Run(OnExit, limit);
    }

    public void Dispose()
    {
        Introspector.Dispose();
        Machine.Dispose();
    }

    private bool OnExit(Vcpu vcpu, in VcpuExit exit) =>
        exit.Kind == VcpuExitKind.Exception && exit.Esr.Class == ExceptionClass.Hvc64
            ? OnCall(vcpu)
            : Introspector.Handle(vcpu, exit).Kind == VcpuActionKind.Resume;

    private bool OnCall(Vcpu vcpu)
    {
        switch ((uint)vcpu.Core[0])
        {
            case SystemOff:
                Status = vcpu.Core[1];
                return false;
            case CpuOff:
                vcpu.IsPoweredOn = false;
                return true;
            case CpuOn:
                Vcpu other = Machine.Vcpus[(int)vcpu.Core[1]];
                vcpu.ModifyCore()[0] = other.IsPoweredOn ? AlreadyOn : 0;
                ref CoreRegisters core = ref other.ModifyCore();
                core.Pc = new Va(vcpu.Core[2]);
                core[0] = vcpu.Core[3];
                core.Pstate = new Spsr(El1hMasked);
                other.IsPoweredOn = true;
                return true;
            default:
                vcpu.ModifyCore()[0] = ulong.MaxValue;
                return true;
        }
    }
}
