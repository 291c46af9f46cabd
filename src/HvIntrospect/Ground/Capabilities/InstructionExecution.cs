namespace HvIntrospect;

/// <summary>The outcome of executing an instruction in software.</summary>
public enum InstructionExecution
{
    /// <summary>The instruction was executed and PC is that of the next one.</summary>
    Completed,

    /// <summary>The instruction takes an exception; nothing was changed.</summary>
    Exception,

    /// <summary>The executor does not know the instruction; nothing was changed.</summary>
    Unsupported,
}
