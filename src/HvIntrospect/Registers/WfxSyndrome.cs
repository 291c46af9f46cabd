namespace HvIntrospect.Registers;

/// <summary>The ISS of a trapped WFI, WFE, WFIT or WFET (EC 0x01).</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), "ISS encoding for an exception from a WF* instruction". Immutable and thread-safe.</remarks>
public readonly struct WfxSyndrome
{
    private readonly uint _iss;

    internal WfxSyndrome(uint iss)
    {
        _iss = iss;
    }

    /// <summary>Gets the condition code of the instruction.</summary>
    /// <param name="condition">0 to 15; 14 (always) for A64 instructions.</param>
    /// <returns>False when CV is 0: the condition is not reported, as T32 instructions may.</returns>
    public bool TryGetCondition(out int condition) => IssFields.TryGetCondition(_iss, out condition);

    /// <summary>Gets the instruction.</summary>
    /// <remarks>TI, bits 1:0.</remarks>
    public WfxInstruction Instruction => (WfxInstruction)IssFields.Field(_iss, 0, 2);

    /// <summary>Gets the register that holds the timeout of WFIT and WFET.</summary>
    /// <param name="register">0 to 30, or 31 for the zero register.</param>
    /// <returns>False when RV is 0: the instruction has none, or it is not reported.</returns>
    public bool TryGetTimeoutRegister(out int register)
    {
        bool valid = IssFields.Bit(_iss, 2);
        register = valid ? IssFields.Field(_iss, 5, 5) : 0;
        return valid;
    }

    /// <summary>Makes the syndrome of an A64 WFI or WFE.</summary>
    /// <param name="instruction"><see cref="WfxInstruction.Wfi"/> or <see cref="WfxInstruction.Wfe"/>.</param>
    /// <returns>The whole ESR.</returns>
    public static Esr Create(WfxInstruction instruction) => Esr.Create(ExceptionClass.Wfx, IssFields.AlwaysCondition | (uint)instruction);
}
