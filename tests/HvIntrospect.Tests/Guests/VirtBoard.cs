using System;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using HvIntrospect.Interpreter;
using HvIntrospect.Interpreter.Scheduling;
using HvIntrospect.Introspection;
using HvIntrospect.Mmio;
using HvIntrospect.Mmio.Gic;
using HvIntrospect.Registers;
using HvIntrospect.Tests.Support;
using HvIntrospect.Tooling.Loading;

namespace HvIntrospect.Tests.Guests;

/// <summary>The board that QEMU calls virt, as far as the guests here know it: several vCPUs, a GICv2, with the Virtualization Extensions where asked for, a UART at SPI 33, and PSCI.</summary>
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
    private const ulong SliceOfThread = 1_000_000;

    private readonly StringBuilder _output = new();
    private readonly ManualResetEventSlim[] _turnedOn;
    private volatile bool _isOver;

    public VirtBoard(string elf, MachineOptions options, IntrospectorOptions? introspection = null, bool hasVirtualInterfaces = false)
    {
        Elf = ElfFile.Read(File.ReadAllBytes(RepositoryFiles.PathOf(elf)));
        Machine = new Machine(options);
        _turnedOn = [.. Machine.Vcpus.Select(static vcpu => new ManualResetEventSlim(vcpu.Index == 0))];
        Elf.Load(Machine.Memory, new IpaRange(options.RamBase, options.RamSize));
        foreach (Vcpu vcpu in Machine.Vcpus)
        {
            vcpu.ModifyCore().Pc = Elf.EntryPoint;
            vcpu.IsPoweredOn = vcpu.Index == 0;
        }

        Gic = new GicV2(options.VcpuCount);
        if (hasVirtualInterfaces)
        {
            VirtualInterfaces = new GicVirtualInterfaces(Gic);
            Machine.Connect(VirtualInterfaces);
        }
        else
        {
            Machine.Connect(Gic);
        }

        var uart = new Pl011(character => _output.Append((char)character), level => Gic.SetSpi(UartInterrupt, level));
        uart.Write(UartControl, sizeof(uint), UartEnabled);
        Machine.Attach(uart);
        Introspector = new Introspector(Machine, introspection);
        Introspector.Mmio.Map(new IpaRange(new Ipa(0x0800_0000), GicV2.DistributorSize), Gic.Distributor);
        Introspector.Mmio.Map(new IpaRange(new Ipa(0x0801_0000), GicV2.CpuInterfaceSize), Gic.CpuInterfaces);
        if (VirtualInterfaces is not null)
        {
            Introspector.Mmio.Map(new IpaRange(new Ipa(0x0803_0000), GicVirtualInterfaces.ControlSize), VirtualInterfaces.Control);
            Introspector.Mmio.Map(new IpaRange(new Ipa(0x0804_0000), GicVirtualInterfaces.CpuInterfaceSize), VirtualInterfaces.CpuInterfaces);
        }

        Introspector.Mmio.Map(new IpaRange(new Ipa(0x0900_0000), Pl011.Size), uart);
    }

    public Machine Machine { get; }

    public ElfFile Elf { get; }

    public GicV2 Gic { get; }

    public GicVirtualInterfaces? VirtualInterfaces { get; }

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

    /// <summary>Runs each vCPU on a thread of its own until the guest turns the board off.</summary>
    /// <param name="patience">How long it may take.</param>
    /// <returns>False when it took longer.</returns>
    public bool RunOnThreads(TimeSpan patience)
    {
        Status = null;
        _isOver = false;
        Task[] threads = [.. Machine.Vcpus.Select(vcpu => Task.Factory.StartNew(() => RunAlone(vcpu), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))];
        bool isDone = Task.WaitAny(threads, patience) >= 0;
        _isOver = true;
        foreach (Vcpu vcpu in Machine.Vcpus)
        {
            _turnedOn[vcpu.Index].Set();
            vcpu.RequestExit();
        }

        Task.WaitAll(threads);
        return isDone;
    }

    public void Dispose()
    {
        foreach (ManualResetEventSlim turnedOn in _turnedOn)
        {
            turnedOn.Dispose();
        }

        Introspector.Dispose();
        Machine.Dispose();
    }

    private void RunAlone(Vcpu vcpu)
    {
        // Until another vCPU turns it on it belongs to that one.
        _turnedOn[vcpu.Index].Wait();
        while (!_isOver)
        {
            VcpuExit exit = Machine.Run(vcpu, SliceOfThread);
            if (exit.Kind == VcpuExitKind.Exception && !OnExit(vcpu, exit))
            {
                return;
            }

            if (exit.Kind == VcpuExitKind.Halted)
            {
                Thread.Yield();
            }
        }
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
                _turnedOn[other.Index].Set();
                return true;
            default:
                vcpu.ModifyCore()[0] = ulong.MaxValue;
                return true;
        }
    }
}
