using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using HvIntrospect.Registers;

namespace HvIntrospect;

/// <summary>A virtual machine as a backend offers it: vCPUs, memory and capabilities.</summary>
/// <remarks>The members may be used from any thread; a vCPU's own members have the rules of <see cref="IVcpu"/>.</remarks>
public interface IVirtualMachine
{
    /// <summary>Gets the vCPUs; item <c>i</c> has <see cref="IVcpu.Index"/> <c>i</c>.</summary>
    IReadOnlyList<IVcpu> Vcpus { get; }

    /// <summary>Gets the guest's memory.</summary>
    IGuestMemory Memory { get; }

    /// <summary>Gets the architecture features that the guest's vCPUs implement.</summary>
    A64Features Features { get; }

    /// <summary>Asks for an optional ability of the machine. Never find one by a cast: decorators forward this call.</summary>
    /// <typeparam name="T">A capability interface of the namespace <c>HvIntrospect</c>.</typeparam>
    /// <param name="capability">Receives it.</param>
    /// <returns>False when the backend lacks it.</returns>
    bool TryGetCapability<T>([NotNullWhen(true)] out T? capability)
        where T : class;
}
