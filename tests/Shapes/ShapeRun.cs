namespace HvIntrospect.Shapes;

/// <summary>Runs a vCPU of the machine that plays the shape.</summary>
/// <param name="vcpu">The machine's own vCPU.</param>
/// <param name="maxInstructions">How many instructions it may execute.</param>
/// <returns>The exit.</returns>
public delegate VcpuExit ShapeRun(IVcpu vcpu, ulong maxInstructions);
