namespace HvIntrospect.A64;

/// <summary>Conditions on fields that make a word UNDEFINED although it lies inside an encoding's pattern.</summary>
/// <remarks>They are decided by <see cref="UndefinedRules"/>. What a pattern can say with fixed bits needs no rule.</remarks>
internal enum UndefinedRule : byte
{
    /// <summary>Every word of the pattern is allocated.</summary>
    None,

    /// <summary>Rs (20:16) or Rt (4:0) is odd: CASP and its relatives name even registers.</summary>
    OddPair,

    /// <summary>Rt is odd or above 22: eight registers starting at an even one, none of them above X29.</summary>
    EightRegisters,

    /// <summary>Rt (4:0) or Rt2 (20:16) is 31.</summary>
    ZeroRegisterInPair,

    /// <summary>size:Q is 110: no 1D arrangement of an interleaved structure.</summary>
    OneDoubleword,

    /// <summary>N:imms is not the description of a bitmask immediate.</summary>
    ReservedBitmask,

    /// <summary>shift (23:22) is 11: ADD and SUB have no rotated operand.</summary>
    ReservedShift,

    /// <summary>imm3 (12:10) is above 4: an extended register is shifted left by 0 to 4.</summary>
    ExtendShift,

    /// <summary>imm5 (20:16) names no element size, or one doubleword to be duplicated into 64 bits.</summary>
    DuplicatedElement,

    /// <summary>imm5 names an element larger than a halfword, or none.</summary>
    ElementAboveHalfword,

    /// <summary>imm5 names an element larger than a word, or none.</summary>
    ElementAboveWord,

    /// <summary>imm5 names no element size.</summary>
    ElementAboveDoubleword,

    /// <summary>size:Q is 110 with size in bits 23:22: a vector of one doubleword.</summary>
    VectorOfOneDoubleword,

    /// <summary>sz:Q is 10 with sz in bit 22: a vector of one double.</summary>
    VectorOfOneDouble,

    /// <summary>size (23:22) is 11: no doubleword elements.</summary>
    DoublewordElements,

    /// <summary>size (23:22) is 00 or 11: halfword and word elements only.</summary>
    ByteOrDoublewordElements,

    /// <summary>size (23:22) is 11, or size:Q is 100: across fewer than four lanes.</summary>
    AcrossTwoLanes,

    /// <summary>Q is 0 and imm4 (14:11) reaches beyond 8 bytes.</summary>
    ExtractBeyondVector,

    /// <summary>immh (22:19) is 0000.</summary>
    ShiftOfNothing,

    /// <summary>immh is 0000, or it names doublewords while Q is 0.</summary>
    ShiftOfOneDoubleword,

    /// <summary>immh is 0000 or names doublewords.</summary>
    ShiftOfDoublewords,

    /// <summary>immh names bytes or halfwords (FEAT_FP16), or nothing.</summary>
    FixedPointScalar,

    /// <summary>immh names bytes or halfwords (FEAT_FP16), nothing, or doublewords while Q is 0.</summary>
    FixedPointVector,

    /// <summary>sz is 1 and L (21) is 1: an element of a double has a one-bit index.</summary>
    IndexedDoubleScalar,

    /// <summary>sz is 1 and L is 1, or sz:Q is 10.</summary>
    IndexedDouble,

    /// <summary>op1 (18:16) and op2 (7:5) of MSR (immediate) name no field of PSTATE or SVCR. Fields of a missing feature are not told here.</summary>
    ReservedPstateField,
}
