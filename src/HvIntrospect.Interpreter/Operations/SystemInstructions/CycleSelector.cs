using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.SystemInstructions;

/// <summary>Tells whether a register of the Performance Monitors means the cycle counter.</summary>
/// <param name="cpu">The vCPU.</param>
/// <returns>False when it means an event counter, of which there is none.</returns>
internal unsafe delegate bool CycleSelector(CpuState* cpu);
