using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Operations.LoadStores;

/// <summary>Whether the base register is the stack pointer, whose alignment is checked.</summary>
internal unsafe interface IBase
{
    /// <summary>Checks the alignment of SP where it is the base.</summary>
    /// <param name="cpu">The state.</param>
    /// <returns>Bits 3:0 of SP, of which any one set is an SP alignment fault; 0 where nothing is checked.</returns>
    static abstract ulong Misalignment(CpuState* cpu);
}
