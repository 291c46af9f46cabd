namespace HvIntrospect.Interpreter.Scheduling;

/// <summary>Decides an exit of one of the vCPUs that a <see cref="Scheduler"/> runs. No vCPU runs meanwhile.</summary>
/// <param name="vcpu">The vCPU.</param>
/// <param name="exit">Its exit, often for <c>Introspector.Handle</c>.</param>
/// <returns>True to go on, false to end the run.</returns>
public delegate bool ScheduledExitHandler(Vcpu vcpu, in VcpuExit exit);
