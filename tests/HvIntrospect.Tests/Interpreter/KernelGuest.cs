using System.IO;
using HvIntrospect.Interpreter;
using HvIntrospect.Tests.Support;
using HvIntrospect.Tooling.Loading;

namespace HvIntrospect.Tests.Interpreter;

/// <summary>A program that GCC compiled, loaded into a machine.</summary>
internal static class KernelGuest
{
    public static Machine Load(string name, ulong loops, MachineOptions options)
    {
        var machine = CheckedMachine.Make(options);
        ElfFile elf = ElfFile.Read(File.ReadAllBytes(RepositoryFiles.PathOf("tests/guests/" + name + ".elf")));
        elf.Load(machine.Memory, new IpaRange(machine.Options.RamBase, machine.Options.RamSize));
        foreach (Vcpu vcpu in machine.Vcpus)
        {
            vcpu.ModifyCore()[0] = loops;
            vcpu.ModifyCore().Pc = elf.EntryPoint;
        }

        return machine;
    }
}
