namespace HvIntrospect.Interpreter.Operations.SystemInstructions;

/// <summary>What becomes of an access to a system register or of a system instruction.</summary>
internal enum AccessVerdict : byte
{
    /// <summary>It is performed.</summary>
    Permitted,

    /// <summary>It is UNDEFINED.</summary>
    Undefined,

    /// <summary>A control of EL1 traps it (EC 0x18).</summary>
    TrappedByEl1,

    /// <summary>A control of EL2 traps it (EC 0x18).</summary>
    TrappedByEl2,

    /// <summary>FP and SIMD registers are trapped (EC 0x07).</summary>
    FloatingPointTrap,
}
