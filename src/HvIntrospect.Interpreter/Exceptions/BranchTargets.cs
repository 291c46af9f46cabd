using HvIntrospect.Interpreter.Mmu;
using HvIntrospect.Interpreter.State;
using HvIntrospect.Registers;

namespace HvIntrospect.Interpreter.Exceptions;

/// <summary>Branch target identification: what PSTATE.BTYPE becomes, and where a branch may land.</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), "Branch Target Identification". Works on the written-down state.</remarks>
internal static unsafe class BranchTargets
{
    private const int TypeShift = 10;
    private const uint Call = 0b10;
    private const uint Jump = 0b11;
    private const uint ScratchJump = 0b01;

    // BTI with its two bits, PACIASP and PACIBSP, BRK and HLT.
    private const uint BtiMask = 0xFFFF_FF3F;
    private const uint Bti = 0xD503_241F;
    private const uint PaciSpMask = 0xFFFF_FFBF;
    private const uint PaciSp = 0xD503_233F;
    private const uint BreakpointMask = 0xFFE0_001F;
    private const uint Brk = 0xD420_0000;
    private const uint Hlt = 0xD440_0000;

    // BR and BLR with their authenticating kin; RET is none of them. ERET takes the type from SPSR_ELx.
    private const uint IndirectMask = 0xFEDF_F000;
    private const uint Indirect = 0xD61F_0000;
    private const uint ReturnMask = 0xFFFF_F000;
    private const uint Return = 0xD69F_0000;

    /// <summary>Tells whether an instruction may leave a branch type behind; every other one leaves 0.</summary>
    /// <param name="word">The word.</param>
    /// <returns>True for BR, BLR, ERET and their authenticating kin.</returns>
    public static bool SetsType(uint word) => (word & IndirectMask) == Indirect || (word & ReturnMask) == Return;

    /// <summary>Sets PSTATE.BTYPE for a branch that is performed. PC is the branch's.</summary>
    /// <param name="cpu">The vCPU.</param>
    /// <param name="isCall">True for BLR and its kin.</param>
    /// <param name="register">The register that holds the target.</param>
    public static void SetType(CpuState* cpu, bool isCall, int register)
    {
        bool isScratch = register is 16 or 17;
        uint type = isCall ? Call : isScratch || !IsGuarded(cpu) ? ScratchJump : Jump;
        cpu->Pstate = (cpu->Pstate & ~ProcessState.BranchTypeMask) | (type << TypeShift);
    }

    /// <summary>Tells whether the instruction at PC may follow the branch that led there.</summary>
    /// <param name="cpu">The vCPU, of a core with FEAT_BTI.</param>
    /// <param name="word">The instruction.</param>
    /// <returns>False when it takes a Branch Target exception.</returns>
    public static bool MayLand(CpuState* cpu, uint word)
    {
        uint type = (cpu->Pstate & ProcessState.BranchTypeMask) >> TypeShift;
        return type == 0 || IsCompatible(cpu, word, type) || !IsGuarded(cpu);
    }

    private static bool IsCompatible(CpuState* cpu, uint word, uint type)
    {
        if ((word & BtiMask) == Bti)
        {
            // BTI c takes everything but a jump, BTI j everything but a call; plain BTI takes nothing.
            bool takesCalls = (word & (1 << 6)) != 0;
            bool takesJumps = (word & (1 << 7)) != 0;
            return (takesCalls && type != Jump) || (takesJumps && type != Call);
        }

        if ((word & PaciSpMask) == PaciSp)
        {
            SctlrBits strict = ProcessState.ExceptionLevel(cpu) == 0 ? SctlrBits.Bt0 : SctlrBits.Bt1;
            return type != Jump || !RegimeControls.Sctlr(cpu).Has(strict);
        }

        return (word & BreakpointMask) is Brk or Hlt;
    }

    private static bool IsGuarded(CpuState* cpu)
    {
        Processor.Of(cpu).Translator.Translate(cpu, cpu->Pc, AccessKind.Fetch, ProcessState.ExceptionLevel(cpu), out TranslationResult result);
        return result.IsGuarded;
    }
}
