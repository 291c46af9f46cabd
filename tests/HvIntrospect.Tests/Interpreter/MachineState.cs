using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Runtime.InteropServices;
using HvIntrospect.Interpreter;
using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Tests.Interpreter;

/// <summary>Everything of a machine that a guest could ever see, as names and values.</summary>
internal static unsafe class MachineState
{
    public static Dictionary<string, string> Of(Machine machine)
    {
        var state = new Dictionary<string, string> { ["memory"] = Hash(machine) };
        foreach (Vcpu vcpu in machine.Vcpus)
        {
            vcpu.Flush();
            CpuState* cpu = vcpu.Processor.State;
            string prefix = vcpu.Index.ToString(CultureInfo.InvariantCulture) + ".";
            for (int i = 0; i < 31; i++)
            {
                state[prefix + "x" + i.ToString(CultureInfo.InvariantCulture)] = Hex(cpu->X[i]);
            }

            for (int i = 0; i < 64; i++)
            {
                state[prefix + "v" + i.ToString(CultureInfo.InvariantCulture)] = Hex(cpu->V[i]);
            }

            state[prefix + "sp0"] = Hex(ProcessState.ReadSp(cpu, 0));
            state[prefix + "sp1"] = Hex(ProcessState.ReadSp(cpu, 1));
            state[prefix + "pc"] = Hex(cpu->Pc);
            state[prefix + "pstate"] = Hex(ProcessState.Read(cpu));
            state[prefix + "fpcr"] = Hex(cpu->Fpcr);
            state[prefix + "fpsr"] = Hex(cpu->Fpsr);
            state[prefix + "retired"] = Hex(cpu->Retired);
            state[prefix + "exceptions"] = Hex(cpu->ExceptionsTaken);
            state[prefix + "monitor"] = Hex(cpu->MonitorSize) + "@" + Hex(cpu->MonitorSize == 0 ? 0 : cpu->MonitorPa);
            state[prefix + "system"] = Convert.ToHexString(MemoryMarshal.AsBytes(new ReadOnlySpan<SystemState>(in cpu->System)));
        }

        return state;
    }

    /// <summary>The same without what only EL2 sees, and what an exit to EL2 does to the event register.</summary>
    public static Dictionary<string, string> AsTheGuestSees(Machine machine)
    {
        Dictionary<string, string> state = Of(machine);
        foreach (Vcpu vcpu in machine.Vcpus)
        {
            SystemState system = vcpu.Processor.State->System;
            system.EsrEl2 = 0;
            system.FarEl2 = 0;
            system.HpfarEl2 = 0;
            system.EventRegister = 0;
            string prefix = vcpu.Index.ToString(CultureInfo.InvariantCulture) + ".";
            state[prefix + "system"] = Convert.ToHexString(MemoryMarshal.AsBytes(new ReadOnlySpan<SystemState>(in system)));
            state.Remove(prefix + "exceptions");
        }

        return state;
    }

    /// <summary>Names what differs.</summary>
    /// <returns>An empty text when nothing does.</returns>
    public static string Difference(Dictionary<string, string> expected, Dictionary<string, string> actual) =>
        string.Join(", ", expected.Where(item => actual[item.Key] != item.Value).Select(item => $"{item.Key}: {item.Value} or {actual[item.Key]}"));

    private static string Hex(ulong value) => value.ToString("x", CultureInfo.InvariantCulture);

    private static string Hash(Machine machine)
    {
        byte[] bytes = new byte[machine.Options.RamSize];
        machine.Memory.Read(machine.Options.RamBase, bytes);
        return Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(bytes));
    }
}
