namespace HvIntrospect.Registers;

/// <summary>The instructions of a WFx trap.</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), "ISS encoding for an exception from a WF* instruction", TI.</remarks>
public enum WfxInstruction : byte
{
    /// <summary>WFI.</summary>
    Wfi = 0,

    /// <summary>WFE.</summary>
    Wfe = 1,

    /// <summary>WFIT (FEAT_WFxT).</summary>
    Wfit = 2,

    /// <summary>WFET (FEAT_WFxT).</summary>
    Wfet = 3,
}
