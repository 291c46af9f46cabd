using System;

namespace HvIntrospect.A64;

/// <summary>Why the architecture lets an implementation choose what an instruction does.</summary>
/// <remarks>
/// Arm Architecture Reference Manual (DDI 0487), "Architectural Constraints on UNPREDICTABLE behaviors". Each choice includes UNDEFINED and NOP.
/// </remarks>
[Flags]
public enum ConstrainedUnpredictable : byte
{
    /// <summary>The instruction is predictable.</summary>
    None = 0,

    /// <summary>A load with writeback whose base register is also a destination. Further choices: no writeback, an UNKNOWN base.</summary>
    WritebackOverlapsLoad = 1 << 0,

    /// <summary>A store with writeback whose base register is also a source. Further choices: the stored value is the old one or UNKNOWN.</summary>
    WritebackOverlapsStore = 1 << 1,

    /// <summary>A load of a pair into one register. Further choice: an UNKNOWN value.</summary>
    LoadPairOverlaps = 1 << 2,

    /// <summary>A store-exclusive whose status register is a source of data. Further choice: UNKNOWN data.</summary>
    StatusOverlapsData = 1 << 3,

    /// <summary>A store-exclusive whose status register is the base. Further choice: an UNKNOWN address.</summary>
    StatusOverlapsBase = 1 << 4,

    /// <summary>A 128-bit atomic with one register for both halves. Further choice: an UNKNOWN value.</summary>
    Atomic128Overlaps = 1 << 5,

    /// <summary>CPY* or SET* with two equal registers or register 31. UNDEFINED or NOP: it never makes an access.</summary>
    MemoryOperationRegisters = 1 << 6,

    /// <summary>A should-be-one field is not all ones. Further choice: as if it were.</summary>
    ShouldBeOne = 1 << 7,
}
