using System;

namespace HvIntrospect.Tests.Differential;

/// <summary>What is compared between two outcomes.</summary>
[Flags]
public enum OutcomeFields
{
    None = 0,

    /// <summary>X0 to X30.</summary>
    General = 1,

    /// <summary>The stack pointer.</summary>
    StackPointer = 2,

    /// <summary>The program counter.</summary>
    ProgramCounter = 4,

    /// <summary>NZCV.</summary>
    Flags = 8,

    /// <summary>V0 to V31.</summary>
    Vector = 16,

    /// <summary>The bytes at which the instruction aims.</summary>
    AccessedMemory = 32,

    /// <summary>All other bytes.</summary>
    OtherMemory = 64,

    /// <summary>Whether and how it failed.</summary>
    FaultKind = 128,

    /// <summary>The page of the fault's address.</summary>
    FaultPage = 256,

    /// <summary>The offset in the page of the fault's address.</summary>
    FaultOffset = 512,

    /// <summary>Whether a store failed.</summary>
    FaultDirection = 1024,

    All = (FaultDirection << 1) - 1,
}
