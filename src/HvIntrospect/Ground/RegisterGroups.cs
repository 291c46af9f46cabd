using System;

namespace HvIntrospect;

/// <summary>The groups in which a vCPU's registers are read and written.</summary>
[Flags]
public enum RegisterGroups
{
    /// <summary>No group.</summary>
    None = 0,

    /// <summary><see cref="CoreRegisters"/>: X0-X30, SP_EL0, SP_EL1, PC and PSTATE.</summary>
    Core = 1,

    /// <summary><see cref="VectorRegisters"/>: V0-V31, FPCR and FPSR.</summary>
    Vector = 2,

    /// <summary><see cref="TranslationRegisters"/>: the Stage 1 controls of the EL1&amp;0 regime.</summary>
    Translation = 4,

    /// <summary><see cref="ExceptionRegisters"/>: VBAR_EL1, ELR_EL1, SPSR_EL1, ESR_EL1 and FAR_EL1.</summary>
    Exception = 8,

    /// <summary><see cref="DebugRegisters"/>: MDSCR_EL1 and the OS Lock.</summary>
    Debug = 16,
}
