using System;
using System.Collections.Generic;
using HvIntrospect.Interpreter;
using HvIntrospect.Interpreter.Scheduling;

namespace HvIntrospect.Tests.Interpreter.Scheduling;

/// <summary>Random programs of several vCPUs that load and store in the same memory, write over each other's code included.</summary>
internal static class SharedRandomGuest
{
    public static Machine Make(int seed, MachineOptions options)
    {
        Machine machine = RandomGuest.Make(seed, options);
        foreach (Vcpu vcpu in machine.Vcpus)
        {
            for (int i = 24; i <= 28; i++)
            {
                vcpu.ModifyCore()[i] = machine.Vcpus[0].Core[i];
            }
        }

        return machine;
    }

    /// <summary>Executes exactly a number of instructions, of all vCPUs together. EL2 skips what goes there, and ends every wait that nothing ends.</summary>
    public static void Run(Machine machine, ulong instructions)
    {
        Scheduler scheduler = machine.Scheduler;
        ulong end = scheduler.RetiredInstructions + instructions;
        while (scheduler.RetiredInstructions < end)
        {
            VcpuExit exit = scheduler.Run(
                static (vcpu, in _) =>
                {
                    vcpu.ModifyCore().Pc = new Va(vcpu.Core.Pc.Value + 4);
                    return true;
                },
                end - scheduler.RetiredInstructions);
            if (exit.Kind == VcpuExitKind.Halted)
            {
                machine.Vcpus[0].IsPoweredOn = false;
                machine.Vcpus[0].IsPoweredOn = true;
            }
        }
    }

    public static List<ScheduledSlice> Observe(Machine machine)
    {
        var slices = new List<ScheduledSlice>();
        machine.Scheduler.SliceObserver = slices.Add;
        return slices;
    }
}
