namespace HvIntrospect.Registers;

/// <summary>The instructions of an EC 0x0A trap.</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), "ISS encoding for an exception from an LD64B or ST64B* instruction".</remarks>
public enum LoadStore64ByteInstruction : uint
{
    /// <summary>ST64BV.</summary>
    St64bv = 0,

    /// <summary>ST64BV0.</summary>
    St64bv0 = 1,

    /// <summary>LD64B or ST64B.</summary>
    Ld64bOrSt64b = 2,
}
