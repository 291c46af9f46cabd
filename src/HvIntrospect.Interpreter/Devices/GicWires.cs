using HvIntrospect.Interpreter.Timers;
using HvIntrospect.Mmio.Gic;

namespace HvIntrospect.Interpreter.Devices;

/// <summary>The wires between the vCPUs and an interrupt controller.</summary>
internal static class GicWires
{
    /// <summary>Connects a controller that the guest owns.</summary>
    /// <param name="gic">The interrupt controller.</param>
    /// <param name="vcpus">The vCPUs, as many as it has CPUs.</param>
    public static void Connect(GicV2 gic, Vcpu[] vcpus) => Connect(gic, vcpus, InterruptLine.VirtualIrq, InterruptLine.VirtualFiq);

    /// <summary>Connects virtual CPU interfaces, which the guest owns, and the physical controller that EL2 owns.</summary>
    /// <param name="interfaces">The virtual CPU interfaces.</param>
    /// <param name="vcpus">The vCPUs, as many as there are interfaces.</param>
    public static void Connect(GicVirtualInterfaces interfaces, Vcpu[] vcpus)
    {
        interfaces.Connect((cpu, output, isAsserted) =>
        {
            if (output == GicOutput.Maintenance)
            {
                interfaces.Physical.SetPpi(cpu, GicVirtualInterfaces.MaintenanceInterrupt, isAsserted);
            }
            else
            {
                vcpus[cpu].Drive(output == GicOutput.Irq ? InterruptLine.VirtualIrq : InterruptLine.VirtualFiq, isAsserted);
            }
        });
        Connect(interfaces.Physical, vcpus, InterruptLine.Irq, InterruptLine.Fiq);
    }

    private static void Connect(GicV2 gic, Vcpu[] vcpus, InterruptLine irq, InterruptLine fiq)
    {
        gic.Connect((cpu, output, isAsserted) => vcpus[cpu].Drive(output == GicOutput.Irq ? irq : fiq, isAsserted));
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
