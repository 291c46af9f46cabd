using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.SystemInstructions;

/// <summary>Finds the field of a system register that is plain storage.</summary>
/// <param name="system">The registers.</param>
/// <returns>The field.</returns>
internal delegate ref ulong RegisterField(ref SystemState system);
