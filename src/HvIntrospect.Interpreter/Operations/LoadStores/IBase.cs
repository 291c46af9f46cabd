using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.LoadStores;

/// <summary>Whether the base register is the stack pointer, whose alignment is checked.</summary>
internal unsafe interface IBase
{
    /// <summary>Tests whether the base fails the SP alignment check.</summary>
    /// <param name="cpu">The state.</param>
    /// <returns>True for an SP alignment fault.</returns>
    static abstract bool IsMisaligned(CpuState* cpu);
}
