namespace HvIntrospect.Interpreter.Scheduling;

/// <summary>Whose turn it is, and from where the next choices go on: all that a scheduler remembers.</summary>
/// <param name="Vcpu">The index of the vCPU.</param>
/// <param name="End">The count of its executed instructions at which another one has its turn.</param>
/// <param name="Choices">From where <see cref="State.SeededChoice"/> goes on; 0 without a seed.</param>
internal readonly record struct Turn(int Vcpu, ulong End, ulong Choices);
