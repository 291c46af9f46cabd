namespace HvIntrospect.Interpreter;

/// <summary>What a wrong authentication code of a pointer leads to, on cores with FEAT_PAuth: the value of ID_AA64ISAR1_EL1.APA.</summary>
/// <remarks>The codes are those of the architected algorithm, QARMA5, at every level.</remarks>
public enum PointerAuthenticationLevel : byte
{
    /// <summary>FEAT_PAuth alone: authentication replaces a wrong code by bits that make the address fault when it is used.</summary>
    Basic = 1,

    /// <summary>FEAT_EPAC: and a pointer that is not canonical gets a code of zeros.</summary>
    Enhanced = 2,

    /// <summary>FEAT_PAuth2: the code is combined with the bits that it replaces by exclusive or.</summary>
    Combined = 3,

    /// <summary>FEAT_FPAC: and AUT* instructions with a wrong code take an exception (EC 0x1C).</summary>
    Faulting = 4,

    /// <summary>FEAT_FPACCOMBINE: and so do the instructions that authenticate and use a pointer (RETAA, BRAA, LDRAA and their kin).</summary>
    FaultingCombined = 5,
}
