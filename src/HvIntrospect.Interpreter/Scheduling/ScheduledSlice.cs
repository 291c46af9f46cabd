namespace HvIntrospect.Interpreter.Scheduling;

/// <summary>A part of an interleaving: from a moment on one vCPU executes.</summary>
/// <remarks>Immutable; equality is by value, so that interleavings can be stored and compared.</remarks>
/// <param name="Vcpu">The index of the vCPU.</param>
/// <param name="Elapsed">The moment: <see cref="Interpreter.Vcpu.ElapsedInstructions"/> of all vCPUs.</param>
/// <param name="Length">How many instructions it executes before another one has its turn, unless it begins to wait before.</param>
public readonly record struct ScheduledSlice(int Vcpu, ulong Elapsed, ulong Length);
