using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.SystemInstructions;

/// <summary>Writes a system register that is not a plain field.</summary>
/// <param name="cpu">The vCPU; PC and the instruction count are written down.</param>
/// <param name="value">64 bits.</param>
/// <param name="el">The Exception level that writes: 0, 1 or 2.</param>
internal unsafe delegate void RegisterWriter(CpuState* cpu, ulong value, int el);
