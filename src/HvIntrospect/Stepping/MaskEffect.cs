using HvIntrospect.Registers;

namespace HvIntrospect.Stepping;

/// <summary>What one A64 instruction does with the interrupt masks of PSTATE: where a step has set them all, from this follows what they would be without it.</summary>
/// <remarks>
/// Arm Architecture Reference Manual (DDI 0487), "DAIF, Interrupt Mask Bits", "MSR (immediate)", "ERET". Immutable. Only instructions that complete count:
/// at EL0 these trap to EL1 unless SCTLR_EL1.UMA is set.
/// </remarks>
internal readonly struct MaskEffect
{
    /// <summary>A, I and F.</summary>
    public const ulong Masks = 0x1C0;

    private const uint Daif = 0xD53B_4220;
    private const uint DaifWrite = 0xD51B_4220;
    private const uint DaifSet = 0xD503_40DF;
    private const uint DaifClear = 0xD503_40FF;
    private const uint ErrorBarrier = 0xD503_221F;
    private const uint Eret = 0xD69F_03E0;
    private const uint EretA = 0xD69F_0BFF;
    private const uint EretB = 0xD69F_0FFF;
    private const uint SupervisorCall = 0xD400_0001;
    private const uint CallMask = 0xFFE0_001F;
    private const uint RegisterField = 0x1F;
    private const uint ImmediateField = 0xF00;
    private const int MasksOfImmediate = 6;

    private readonly uint _word;

    /// <summary>Looks at an instruction.</summary>
    /// <param name="word">Its word.</param>
    public MaskEffect(uint word)
    {
        _word = word;
    }

    /// <summary>Gets a value indicating whether the masks may be set for the instruction at all: for an ESB they decide what becomes of a pending SError.</summary>
    public bool PermitsMasking => _word != ErrorBarrier;

    /// <summary>Gives the guest the masks that it would have after the instruction.</summary>
    /// <param name="vcpu">Has executed it with all masks set; its registers are corrected.</param>
    /// <param name="next">The address behind the instruction.</param>
    /// <param name="masks">A, I and F before it.</param>
    public void Apply(IVcpu vcpu, Va next, ulong masks)
    {
        uint register = _word & RegisterField;
        if (_word is Eret or EretA or EretB || (_word & ~RegisterField) == DaifWrite)
        {
            // All masks come from elsewhere.
            return;
        }

        ulong immediate = (ulong)((_word & ImmediateField) >> 8) << MasksOfImmediate;
        bool clears = (_word & ~ImmediateField) == DaifClear;
        ulong after = clears ? masks & ~immediate
            : (_word & ~ImmediateField) == DaifSet ? masks | immediate
            : masks;
        if ((_word & CallMask) == SupervisorCall || (clears && vcpu.Core.Pc != next))
        {
            // At a vector: by the call, or by an interrupt as soon as it was unmasked. The masks there are the exception's; those of the step are in the saved state.
            ref ExceptionRegisters exception = ref vcpu.ModifyException();
            exception.SpsrEl1 = WithMasks(exception.SpsrEl1, after);
            return;
        }

        ref CoreRegisters core = ref vcpu.ModifyCore();
        core.Pstate = WithMasks(core.Pstate, after);
        if ((_word & ~RegisterField) == Daif && register != RegisterField)
        {
            core[(int)register] = (core[(int)register] & ~Masks) | masks;
        }
    }

    /// <summary>Gets a state with other masks.</summary>
    /// <param name="state">The state.</param>
    /// <param name="masks">A, I and F; other bits are not looked at.</param>
    /// <returns>The changed state.</returns>
    public static Spsr WithMasks(Spsr state, ulong masks) => new((state.Value & ~Masks) | (masks & Masks));
}
