namespace HvIntrospect.A64;

/// <summary>The top-level groups of the A64 instruction set.</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), "A64 instruction set encoding": chosen by bits 31 and 28:25 of the word.</remarks>
public enum EncodingGroup : byte
{
    /// <summary>UDF, and the words around it that stay UNDEFINED.</summary>
    PermanentlyUndefined,

    /// <summary>SME: recognised as a group, not modelled.</summary>
    Sme,

    /// <summary>SVE: recognised as a group, not modelled.</summary>
    Sve,

    /// <summary>No instruction of the architecture lies here.</summary>
    Unallocated,

    /// <summary>Data processing, immediate.</summary>
    DataProcessingImmediate,

    /// <summary>Branches, exception generating and system instructions.</summary>
    BranchesSystem,

    /// <summary>Loads and stores.</summary>
    LoadStores,

    /// <summary>Data processing, register.</summary>
    DataProcessingRegister,

    /// <summary>Data processing, scalar floating-point and Advanced SIMD.</summary>
    FloatingPointSimd,
}
