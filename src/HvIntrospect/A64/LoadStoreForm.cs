namespace HvIntrospect.A64;

/// <summary>How the operands of a row differ from the simple form: Rt, Rn, Rt2 and Rs at their usual places and one contiguous immediate.</summary>
internal enum LoadStoreForm : byte
{
    /// <summary>Nothing beyond the simple form.</summary>
    Simple,

    /// <summary>Pairs that are named by their even first register: Rt2 is Rt + 1.</summary>
    EvenPair,

    /// <summary>Rt2 in bits 20:16.</summary>
    UpperRt2,

    /// <summary>A ten-bit immediate in two parts (LDRAA, LDRAB).</summary>
    SplitImmediate,

    /// <summary>Whole registers of structures: element size and register width are fields.</summary>
    MultipleStructures,

    /// <summary>One lane, whose number is in Q, S and size.</summary>
    SingleStructure,

    /// <summary>One structure to all lanes.</summary>
    ReplicatedStructure,
}
