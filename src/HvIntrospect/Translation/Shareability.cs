namespace HvIntrospect.Translation;

/// <summary>A shareability domain, encoded as the SH field of a descriptor.</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), "Stage 1 Shareability attributes" and "Stage 2 Shareability attributes".</remarks>
public enum Shareability : byte
{
    /// <summary>Non-shareable.</summary>
    NonShareable = 0,

    /// <summary>Outer Shareable.</summary>
    OuterShareable = 2,

    /// <summary>Inner Shareable.</summary>
    InnerShareable = 3,
}
