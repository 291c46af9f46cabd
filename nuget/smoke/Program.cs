using System;
using System.Runtime.InteropServices;
using HvIntrospect;
using HvIntrospect.Interpreter;
using HvIntrospect.Introspection;
using HvIntrospect.Tooling.Loading;
using HvIntrospect.Watchpoints;

// A guest of five instructions; X0 holds the start of RAM.
uint[] code =
[
    0x91400401, // add x1, x0, #1, lsl #12
    0x52800542, // mov w2, #42
    0xB8004422, // str w2, [x1], #4
    0xB85FCC23, // ldr w3, [x1, #-4]!
    0xD4000002, // hvc #0
];

using var machine = new Machine(new MachineOptions());
Ipa ram = machine.Options.RamBase;
machine.Memory.Write(ram, MemoryMarshal.AsBytes(code.AsSpan()));

int events = 0;
using var introspector = new Introspector(machine);
introspector.AddWatch(new IpaRange(ram + 0x1000, 4), WatchKinds.ReadWrite, (in WatchEvent access) =>
{
    events++;
    Console.WriteLine($"{access.Pc} {access.Kind} {access.Ipa} {access.NewValue[0]}: {access.Access}");
    return WatchResponse.Continue;
});

Vcpu vcpu = machine.Vcpus[0];
vcpu.ModifyCore()[0] = ram.Value;
vcpu.ModifyCore().Pc = new Va(ram.Value);
VcpuAction action = introspector.Run(vcpu, (_, in _) => machine.Run(vcpu), out VcpuExit exit);
Console.WriteLine($"{action}: {exit}, X3 = {vcpu.Core[3]}");

bool refused = !ElfFile.TryRead(new byte[16], out _, out ElfError error);
Console.WriteLine($"an ELF file of 16 zeros: {error.Message}");
return events == 2 && vcpu.Core[3] == 42 && refused ? 0 : 1;
