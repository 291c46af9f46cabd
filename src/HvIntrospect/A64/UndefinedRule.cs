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
}
