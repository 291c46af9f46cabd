using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.SystemInstructions;

/// <summary>Reads a system register that is not a plain field.</summary>
/// <param name="cpu">The vCPU; PC and the instruction count are written down.</param>
/// <param name="el">The Exception level that reads: 0, 1 or 2.</param>
/// <returns>64 bits.</returns>
internal unsafe delegate ulong RegisterReader(CpuState* cpu, int el);
