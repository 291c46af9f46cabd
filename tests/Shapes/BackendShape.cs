using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Linq;
using HvIntrospect.Introspection;
using HvIntrospect.Registers;

namespace HvIntrospect.Shapes;

/// <summary>A machine that offers only what one real interface offers.</summary>
public abstract class BackendShape : IVirtualMachine
{
    private readonly ShapeRun _run;
    private readonly ShapedVcpu[] _vcpus;

    private protected BackendShape(IVirtualMachine machine, ShapeRun run, Func<IVcpu, ShapedVcpu> shape, ShapedStage2 stage2)
    {
        Machine = machine;
        _run = run;
        _vcpus = [.. machine.Vcpus.Select(shape)];
        Stage2 = stage2;
    }

    /// <inheritdoc/>
    public IReadOnlyList<IVcpu> Vcpus => _vcpus;

    /// <inheritdoc/>
    public IGuestMemory Memory => Machine.Memory;

    /// <inheritdoc/>
    public A64Features Features => Machine.Features;

    private protected IVirtualMachine Machine { get; }

    private protected ShapedStage2 Stage2 { get; }

    /// <summary>Runs a vCPU until the interface reports something.</summary>
    /// <param name="vcpu">A vCPU of this shape.</param>
    /// <param name="action">What was decided about the exit before.</param>
    /// <param name="maxInstructions">How many instructions it may execute; with 0 only what is pending is completed.</param>
    /// <returns>The exit.</returns>
    public VcpuExit Run(IVcpu vcpu, in VcpuAction action, ulong maxInstructions = ulong.MaxValue)
    {
        var shaped = (ShapedVcpu)vcpu;
        BeforeRun(shaped, action);
        if (maxInstructions == 0)
        {
            return VcpuExit.FromCode(VcpuExitKind.Canceled);
        }

        while (true)
        {
            VcpuExit exit = _run(shaped.Inner, maxInstructions);
            if (Report(shaped, exit) is VcpuExit reported)
            {
                return reported;
            }
        }
    }

    /// <inheritdoc/>
    public bool TryGetCapability<T>([NotNullWhen(true)] out T? capability)
        where T : class
    {
        capability = Stage2 as T;
        return capability is not null;
    }

    private protected static IStage2Control Stage2Of(IVirtualMachine machine) => machine.TryGetCapability(out IStage2Control? control)
        ? control
        : throw new NotSupportedException("A shape is played by a machine that offers IStage2Control.");

    /// <summary>Completes what waits for the vCPU to run.</summary>
    private protected virtual void BeforeRun(ShapedVcpu vcpu, in VcpuAction action)
    {
    }

    /// <summary>Turns an exit of the machine into one of the interface.</summary>
    /// <returns>The exit, or null when the interface handles it itself and the vCPU goes on.</returns>
    private protected abstract VcpuExit? Report(ShapedVcpu vcpu, in VcpuExit exit);
}
