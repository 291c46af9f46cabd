namespace HvIntrospect.LoadStores;

/// <summary>What is done where the architecture leaves a choice.</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), "Architectural Constraints on UNPREDICTABLE behaviors".</remarks>
public enum ConstrainedUnpredictableChoice : byte
{
    /// <summary>A load with writeback to its own base register: the register holds the loaded value, there is no writeback.</summary>
    SuppressWriteback,

    /// <summary>A load with writeback to its own base register: the register holds the address that is written back.</summary>
    WriteBack,

    /// <summary>Where the stored value or address is a choice: registers are read before any is written, as if the registers were different.</summary>
    ReadBeforeWrite,

    /// <summary>A load of a pair, or a 128-bit atomic, into one register: the register holds the second value.</summary>
    LastValueWins,

    /// <summary>Should-be-one fields: the instruction executes as if they were all ones.</summary>
    AsIfOnes,

    /// <summary>The instruction is UNDEFINED.</summary>
    Undefined,

    /// <summary>The instruction does nothing.</summary>
    NoOperation,
}
