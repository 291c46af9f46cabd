using HvIntrospect.Interpreter.Timers;
using HvIntrospect.Mmio.Gic;

namespace HvIntrospect.Interpreter.Devices;

/// <summary>The wires between the vCPUs and an interrupt controller.</summary>
internal static class GicWires
{
    /// <summary>Connects both ends.</summary>
    /// <param name="gic">The interrupt controller.</param>
    /// <param name="vcpus">The vCPUs, as many as it has CPUs.</param>
    public static void Connect(GicV2 gic, Vcpu[] vcpus)
    {
        gic.Connect((cpu, output, isAsserted) => vcpus[cpu].Drive(
            output == GicOutput.Irq ? InterruptLine.VirtualIrq : InterruptLine.VirtualFiq, isAsserted));
        foreach (Vcpu vcpu in vcpus)
        {
            vcpu.Processor.TimerOutputs = (index, outputs) =>
            {
                gic.SetPpi(index, GicV2.VirtualTimer, (outputs & (1UL << (int)TimerKind.Virtual)) != 0);
                gic.SetPpi(index, GicV2.PhysicalTimer, (outputs & (1UL << (int)TimerKind.Physical)) != 0);
            };
        }
    }
}
