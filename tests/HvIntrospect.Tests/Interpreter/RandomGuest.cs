using System;
using System.Runtime.InteropServices;
using HvIntrospect.Interpreter;
using HvIntrospect.Interpreter.Dispatch;
using HvIntrospect.Tests.Support;

namespace HvIntrospect.Tests.Interpreter;

/// <summary>Random programs on a machine, one for each vCPU: code, vectors that jump back into it, and data of its own.</summary>
internal static class RandomGuest
{
    public const ulong Stride = 0x8_0000;
    public const ulong DataOffset = 0x2_0000;
    public const int ProgramLength = 2 * Flow.PageLength;

    public static Machine Make(int seed, MachineOptions options)
    {
        var machine = CheckedMachine.Make(options);
        for (int i = 0; i < options.VcpuCount; i++)
        {
            ulong code = options.RamBase.Value + ((ulong)i * Stride);
            Load(machine.Vcpus[i], new RandomProgram((seed * 64) + i), code, (va, words) => machine.Memory.Write(new Ipa(va), MemoryMarshal.AsBytes<uint>(words)));
        }

        return machine;
    }

    /// <summary>Runs exactly a number of instructions; an instruction that goes to EL2 is skipped there.</summary>
    public static void Run(Machine machine, Vcpu vcpu, ulong instructions)
    {
        ulong end = vcpu.RetiredInstructions + instructions;
        while (vcpu.RetiredInstructions < end)
        {
            if (machine.Run(vcpu, end - vcpu.RetiredInstructions).Kind is VcpuExitKind.Exception or VcpuExitKind.Halted)
            {
                vcpu.ModifyCore().Pc = new Va(vcpu.Core.Pc.Value + 4);
            }
        }
    }

    /// <summary>Prepares a vCPU for a program.</summary>
    /// <param name="vcpu">The vCPU.</param>
    /// <param name="program">Makes code, vectors and values.</param>
    /// <param name="code">The virtual address of the code, before <see cref="Stride"/> bytes for the guest.</param>
    /// <param name="write">Writes words at a virtual address; they lie in one page or in pages that follow each other.</param>
    public static void Load(Vcpu vcpu, RandomProgram program, ulong code, Action<ulong, uint[]> write)
    {
        ulong vectorBase = code + 0x1_0000;
        write(code, program.Make(ProgramLength));
        uint[] vectors = program.Make(Flow.PageLength);
        for (int i = 8; i < vectors.Length; i += 8)
        {
            long distance = (long)(code + ((ulong)i * 8) - (vectorBase + ((ulong)i * 4))) / 4;
            vectors[i] = 0x1400_0000u | ((uint)distance & 0x3FF_FFFF);
        }

        write(vectorBase, vectors);
        vcpu.ModifyException().VbarEl1 = vectorBase;
        ref CoreRegisters core = ref vcpu.ModifyCore();
        for (int i = 0; i < CoreRegisters.GeneralCount; i++)
        {
            core[i] = program.NextValue();
        }

        for (int i = 24; i <= 28; i++)
        {
            core[i] = code + DataOffset + ((ulong)(i - 24) * 0x2000) + 0x1000;
        }

        // One base points into the code, so that programs change themselves.
        core[28] = code + 0x900;
        core.SpEl1 = code + DataOffset + 0x1_0000;
        core.Pc = new Va(code);
    }
}
