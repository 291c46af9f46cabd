namespace HvIntrospect.Interpreter.Mmu;

/// <summary>What a walk is made for, which decides what the walker may write.</summary>
internal enum WalkPurpose : byte
{
    /// <summary>An access that is being made: the walker sets the Access flag and the dirty state where the controls ask for it.</summary>
    Access,

    /// <summary>An address translation instruction. CONSTRAINED UNPREDICTABLE choice: it takes for granted what the walker would set, and writes nothing.</summary>
    Probe,

    /// <summary>Nothing that the program asked for: a descriptor without the Access flag is not used, and nothing is written.</summary>
    Speculation,
}
