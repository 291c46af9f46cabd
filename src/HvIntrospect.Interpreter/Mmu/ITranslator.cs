using HvIntrospect.Interpreter.State;
using HvIntrospect.Registers;

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

    /// <summary>Performs an address translation instruction.</summary>
    /// <param name="cpu">The vCPU.</param>
    /// <param name="va">The virtual address.</param>
    /// <param name="isWrite">True for the forms that check a write.</param>
    /// <param name="el">The Exception level whose permissions count: 0 or 1, or 2 for the regime of EL2 itself.</param>
    /// <param name="bothStages">True for S12E1* and S12E0*.</param>
    /// <param name="pan">True for S1E1RP and S1E1WP while PSTATE.PAN is set.</param>
    /// <param name="fault">The fault, when the result is one.</param>
    /// <returns>What PAR_EL1 receives. A Stage 2 fault on the Stage 1 walk of S1E1* and S1E0* is an exception at EL1 instead, which is the caller's matter.</returns>
    Par TranslateForAt(CpuState* cpu, ulong va, bool isWrite, int el, bool bothStages, bool pan, out FaultRecord fault);

    /// <summary>Translates an address that the program did not ask for, so that it is in the TLB. A fault has no effect.</summary>
    /// <param name="cpu">The vCPU.</param>
    /// <param name="va">The virtual address.</param>
    void Speculate(CpuState* cpu, ulong va);
}
