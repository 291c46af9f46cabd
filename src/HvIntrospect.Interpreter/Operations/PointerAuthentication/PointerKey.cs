namespace HvIntrospect.Interpreter.Operations.PointerAuthentication;

/// <summary>The keys of pointer authentication, in the order of their registers.</summary>
internal enum PointerKey : byte
{
    /// <summary>Instruction key A.</summary>
    InstructionA,

    /// <summary>Instruction key B.</summary>
    InstructionB,

    /// <summary>Data key A.</summary>
    DataA,

    /// <summary>Data key B.</summary>
    DataB,

    /// <summary>The key of PACGA.</summary>
    Generic,
}
