namespace HvIntrospect.Interpreter.Scheduling;

/// <summary>Decides an exit of one of the vCPUs that a <see cref="Scheduler"/> runs. No vCPU runs meanwhile.</summary>
/// <remarks>
/// It may change any vCPU, and raise an interrupt of another one (<see cref="Vcpu.SetInterruptLine"/>, or a <see cref="HvIntrospect.Mmio.Gic.GicV2"/> that is connected): that one takes it when it
/// has its turn, in the same interleaving each time.
/// </remarks>
/// <param name="vcpu">The vCPU.</param>
/// <param name="exit">Its exit, often for <c>Introspector.Handle</c>.</param>
/// <returns>True to go on, false to end the run.</returns>
public delegate bool ScheduledExitHandler(Vcpu vcpu, in VcpuExit exit);
