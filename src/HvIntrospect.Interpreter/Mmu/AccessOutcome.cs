namespace HvIntrospect.Interpreter.Mmu;

/// <summary>What became of an access.</summary>
internal enum AccessOutcome
{
    /// <summary>It was performed.</summary>
    Done,

    /// <summary>Memory was not accessed, but the instruction completes: PC advances, writeback happens, a destination keeps its value.</summary>
    Skipped,

    /// <summary>It faults.</summary>
    Faulted,
}
