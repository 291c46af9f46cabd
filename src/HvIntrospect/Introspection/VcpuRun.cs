namespace HvIntrospect.Introspection;

/// <summary>Runs a vCPU until its next exit.</summary>
/// <param name="vcpu">The vCPU.</param>
/// <param name="action">What was decided about the exit before: <see cref="VcpuActionKind.Resume"/>, or <see cref="VcpuActionKind.CompleteMmio"/> with the data that completes a half-decoded access.</param>
/// <returns>The exit.</returns>
public delegate VcpuExit VcpuRun(IVcpu vcpu, in VcpuAction action);
