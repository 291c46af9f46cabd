using System;
using HvIntrospect.Interpreter;
using HvIntrospect.Registers;
using HvIntrospect.Tooling.Loading;

namespace HvIntrospect.Benchmarks.Suites;

/// <summary>A guest on the in-box machine, behind Stage 2.</summary>
internal sealed class MachineKernel : IDisposable
{
    private readonly GuestKernel _kernel;
    private readonly ElfFile _program;

    public MachineKernel(GuestKernel kernel)
    {
        _kernel = kernel;
        _program = kernel.Read();
        Machine = new Machine(new MachineOptions { RamBase = new Ipa(GuestKernel.Ram), RamSize = GuestKernel.RamSize });
        _program.Load(Machine.Memory, new IpaRange(new Ipa(GuestKernel.Ram), GuestKernel.RamSize));
        Vcpu = Machine.Vcpus[0];
    }

    public Machine Machine { get; }

    public Vcpu Vcpu { get; }

    /// <summary>Gets the checksum of the last run.</summary>
    public ulong Checksum => Vcpu.Core[2];

    /// <summary>Makes the next run start from the beginning.</summary>
    public void Restart()
    {
        ref CoreRegisters core = ref Vcpu.ModifyCore();
        core.Pc = _program.EntryPoint;
        core[0] = _kernel.Loops;
    }

    /// <summary>Runs it from its beginning to its end.</summary>
    /// <returns>The number of instructions.</returns>
    public long Run()
    {
        Restart();
        ulong before = Vcpu.RetiredInstructions;
        VcpuExit exit = Machine.Run(Vcpu);
        if (exit.Kind != VcpuExitKind.Exception || exit.Esr.Class != ExceptionClass.Hvc64 || Vcpu.Core[0] != GuestKernel.SystemOff)
        {
            throw new InvalidOperationException($"{_kernel.Name} ended by {exit} at {Vcpu.Core.Pc}; its last exception is {Vcpu.Exception.EsrEl1} from {new Va(Vcpu.Exception.ElrEl1)}.");
        }

        return (long)(Vcpu.RetiredInstructions - before);
    }

    public void Dispose() => Machine.Dispose();
}
