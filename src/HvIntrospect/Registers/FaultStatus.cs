using System;

namespace HvIntrospect.Registers;

/// <summary>A fault status code: the DFSC or IFSC field, 6 bits, with its kind and its lookup level.</summary>
/// <remarks>Arm Architecture Reference Manual (DDI 0487), "ISS encoding for an exception from a Data Abort", DFSC. Immutable and thread-safe.</remarks>
public readonly struct FaultStatus : IEquatable<FaultStatus>
{
    private const int TranslationLevelMinus1 = 0b101011;
    private const int AddressSizeLevelMinus1 = 0b101001;
    private const int ExternalOnWalkLevelMinus1 = 0b010011;
    private const int ParityOnWalkLevelMinus1 = 0b011011;
    private const int GranuleProtectionOnWalkLevelMinus1 = 0b100011;

    /// <summary>Makes a status from its code.</summary>
    /// <param name="code">The field; bits above 5 are dropped.</param>
    public FaultStatus(int code)
    {
        Code = (byte)(code & 0x3F);
    }

    /// <summary>Gets the 6-bit code.</summary>
    public byte Code { get; }

    /// <summary>Gets the kind.</summary>
    public FaultKind Kind => Code switch
    {
        <= 0b000011 or AddressSizeLevelMinus1 => FaultKind.AddressSize,
        <= 0b000111 or TranslationLevelMinus1 => FaultKind.Translation,
        <= 0b001011 => FaultKind.AccessFlag,
        <= 0b001111 => FaultKind.Permission,
        0b010000 => FaultKind.SynchronousExternal,
        0b010001 => FaultKind.TagCheck,
        ExternalOnWalkLevelMinus1 or (>= 0b010100 and <= 0b010111) => FaultKind.SynchronousExternalOnWalk,
        0b011000 => FaultKind.Parity,
        ParityOnWalkLevelMinus1 or (>= 0b011100 and <= 0b011111) => FaultKind.ParityOnWalk,
        0b100001 => FaultKind.Alignment,
        0b100010 => FaultKind.Debug,
        GranuleProtectionOnWalkLevelMinus1 or (>= 0b100100 and <= 0b100111) => FaultKind.GranuleProtectionOnWalk,
        0b101000 => FaultKind.GranuleProtection,
        0b110000 => FaultKind.TlbConflict,
        0b110001 => FaultKind.UnsupportedAtomicUpdate,
        0b110100 => FaultKind.Lockdown,
        0b110101 => FaultKind.UnsupportedExclusiveOrAtomic,
        _ => FaultKind.Unknown,
    };

    /// <summary>Gets the lookup level, -1 to 3, or null for the kinds that have none.</summary>
    public int? Level => Code switch
    {
        TranslationLevelMinus1 or AddressSizeLevelMinus1 or ExternalOnWalkLevelMinus1 or ParityOnWalkLevelMinus1
            or GranuleProtectionOnWalkLevelMinus1 => -1,
        <= 0b001111 or (>= 0b010100 and <= 0b010111) or (>= 0b011100 and <= 0b011111) or (>= 0b100100 and <= 0b100111) => Code & 3,
        _ => null,
    };

    /// <summary>Compares for equality.</summary>
    /// <param name="left">One status.</param>
    /// <param name="right">The other status.</param>
    /// <returns>True when the codes are the same.</returns>
    public static bool operator ==(FaultStatus left, FaultStatus right) => left.Code == right.Code;

    /// <summary>Compares for inequality.</summary>
    /// <param name="left">One status.</param>
    /// <param name="right">The other status.</param>
    /// <returns>True when the codes differ.</returns>
    public static bool operator !=(FaultStatus left, FaultStatus right) => left.Code != right.Code;

    /// <summary>Makes the code of a fault.</summary>
    /// <param name="kind">The kind, not <see cref="FaultKind.Unknown"/>.</param>
    /// <param name="level">The lookup level, -1 to 3; ignored for kinds that have none. <see cref="FaultKind.AccessFlag"/> and <see cref="FaultKind.Permission"/> have levels 0 to 3.</param>
    /// <returns>The status.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such code.</exception>
    public static FaultStatus Create(FaultKind kind, int level = 0)
    {
        int first = kind is FaultKind.AccessFlag or FaultKind.Permission ? 0 : -1;
        if (level < first || level > 3)
        {
            throw new ArgumentOutOfRangeException(nameof(level), level, "The lookup level is -1 to 3, and 0 to 3 for Access flag and Permission faults.");
        }

        int code = kind switch
        {
            FaultKind.AddressSize => level < 0 ? AddressSizeLevelMinus1 : level,
            FaultKind.Translation => level < 0 ? TranslationLevelMinus1 : 0b000100 | level,
            FaultKind.AccessFlag => 0b001000 | level,
            FaultKind.Permission => 0b001100 | level,
            FaultKind.SynchronousExternal => 0b010000,
            FaultKind.TagCheck => 0b010001,
            FaultKind.SynchronousExternalOnWalk => level < 0 ? ExternalOnWalkLevelMinus1 : 0b010100 | level,
            FaultKind.Parity => 0b011000,
            FaultKind.ParityOnWalk => level < 0 ? ParityOnWalkLevelMinus1 : 0b011100 | level,
            FaultKind.Alignment => 0b100001,
            FaultKind.Debug => 0b100010,
            FaultKind.GranuleProtection => 0b101000,
            FaultKind.GranuleProtectionOnWalk => level < 0 ? GranuleProtectionOnWalkLevelMinus1 : 0b100100 | level,
            FaultKind.TlbConflict => 0b110000,
            FaultKind.UnsupportedAtomicUpdate => 0b110001,
            FaultKind.Lockdown => 0b110100,
            FaultKind.UnsupportedExclusiveOrAtomic => 0b110101,
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "This kind has no code."),
        };
        return new FaultStatus(code);
    }

    /// <inheritdoc/>
    public bool Equals(FaultStatus other) => Code == other.Code;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is FaultStatus other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Code;

    /// <summary>Formats the kind and the level.</summary>
    /// <returns>For example <c>Permission, level 3</c>.</returns>
    public override string ToString() =>
        Level is int level ? Kind + ", level " + level.ToString(System.Globalization.CultureInfo.InvariantCulture) : Kind.ToString();
}
