using System;

namespace HvIntrospect.Interpreter.Operations.SystemInstructions;

/// <summary>Which Exception levels may read and write a system register.</summary>
[Flags]
internal enum RegisterAccess : byte
{
    /// <summary>Nobody.</summary>
    None = 0,

    /// <summary>EL0 may read.</summary>
    ReadEl0 = 1,

    /// <summary>EL0 may write.</summary>
    WriteEl0 = 2,

    /// <summary>EL1 may read.</summary>
    ReadEl1 = 4,

    /// <summary>EL1 may write.</summary>
    WriteEl1 = 8,

    /// <summary>EL2 may read.</summary>
    ReadEl2 = 16,

    /// <summary>EL2 may write.</summary>
    WriteEl2 = 32,

    /// <summary>A read of EL0 is trapped to EL1 on a core with FEAT_IDST, and UNDEFINED on others.</summary>
    TrappedReadEl0 = 64,

    /// <summary>Only EL2, both.</summary>
    El2 = ReadEl2 | WriteEl2,

    /// <summary>EL1 and EL2, both.</summary>
    El1 = ReadEl1 | WriteEl1 | El2,

    /// <summary>EL1 and EL2, reads.</summary>
    ReadOnlyEl1 = ReadEl1 | ReadEl2,

    /// <summary>EL1 and EL2, reads, of a register in the space that FEAT_IDST covers.</summary>
    Identification = ReadOnlyEl1 | TrappedReadEl0,

    /// <summary>EL1 and EL2, writes.</summary>
    WriteOnlyEl1 = WriteEl1 | WriteEl2,

    /// <summary>Every level, both.</summary>
    El0 = ReadEl0 | WriteEl0 | El1,

    /// <summary>Every level, reads.</summary>
    ReadOnlyEl0 = ReadEl0 | ReadOnlyEl1,
}
