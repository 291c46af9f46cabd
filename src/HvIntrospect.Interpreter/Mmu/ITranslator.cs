using HvIntrospect.Interpreter.State;

namespace HvIntrospect.Interpreter.Mmu;

/// <summary>The architectural translation of the EL1&amp;0 regime, its TLB included.</summary>
/// <remarks>
/// The engine caches its answers as host pointers (<see cref="FastTlb"/>) until it is told to drop them, so an implementation calls
/// <see cref="FastTlb"/> whenever one of its answers may no longer be given: TLB maintenance and writes of translation controls.
/// </remarks>
internal unsafe interface ITranslator
{
    /// <summary>Translates one byte's address. Alignment is the caller's matter.</summary>
    /// <param name="cpu">The vCPU.</param>
    /// <param name="va">The virtual address, tag bits included.</param>
    /// <param name="kind">The access.</param>
    /// <param name="el">The Exception level whose permissions count: 0 or 1. LDTR and STTR at EL1 ask for 0.</param>
    /// <param name="result">The outcome.</param>
    void Translate(CpuState* cpu, ulong va, AccessKind kind, int el, out TranslationResult result);
}
