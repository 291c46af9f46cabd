namespace HvIntrospect.Interpreter;

/// <summary>Something that reaches a <see cref="Machine"/> from outside, and when.</summary>
/// <remarks>Immutable; equality is by value, so that a record can be stored and compared.</remarks>
/// <param name="Vcpu">The index of the vCPU whose count says when.</param>
/// <param name="Elapsed">The moment: <see cref="Interpreter.Vcpu.ElapsedInstructions"/> of the vCPU.</param>
/// <param name="Exceptions">
/// How many exceptions the vCPU has taken by then, which orders what happens between two instructions; 0 for the first opportunity. Only a record needs it.
/// </param>
/// <param name="Port">Where it goes: the number of an <see cref="InterruptLine"/>, or a port of <see cref="MachineInputs.Connect"/>.</param>
/// <param name="Value">For a line its level, 0 or 1; for a port what the receiver gets.</param>
public readonly record struct MachineInput(int Vcpu, ulong Elapsed, ulong Exceptions, int Port, ulong Value)
{
    /// <summary>Makes a change of an interrupt line.</summary>
    /// <param name="vcpu">The index of the vCPU.</param>
    /// <param name="elapsed">The moment.</param>
    /// <param name="line">The line.</param>
    /// <param name="isAsserted">The level.</param>
    /// <returns>The input.</returns>
    public static MachineInput OfLine(int vcpu, ulong elapsed, InterruptLine line, bool isAsserted) => new(vcpu, elapsed, 0, (int)line, isAsserted ? 1UL : 0UL);
}
