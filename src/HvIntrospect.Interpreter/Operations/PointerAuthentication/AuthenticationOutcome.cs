namespace HvIntrospect.Interpreter.Operations.PointerAuthentication;

/// <summary>How the use of a key ended.</summary>
internal enum AuthenticationOutcome : byte
{
    /// <summary>The pointer is what the instruction makes of it.</summary>
    Done,

    /// <summary>EL2 traps the instruction (EC 0x09).</summary>
    Trapped,

    /// <summary>The code is wrong, and that is an exception here (EC 0x1C).</summary>
    Failed,
}
