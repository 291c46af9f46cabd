using System.Globalization;

namespace HvIntrospect.Translation;

/// <summary>One descriptor that a walk of both stages read.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
public readonly record struct WalkedDescriptor
{
    internal WalkedDescriptor(int stage, int level, Ipa ipa, Pa pa, ulong? value)
    {
        Stage = stage;
        Level = level;
        Ipa = ipa;
        Pa = pa;
        Value = value;
    }

    /// <summary>Gets the stage whose table holds it: 1 or 2.</summary>
    public int Stage { get; }

    /// <summary>Gets the lookup level, -1 to 3.</summary>
    public int Level { get; }

    /// <summary>Gets where a descriptor of Stage 1 lies for the guest; 0 for one of Stage 2.</summary>
    public Ipa Ipa { get; }

    /// <summary>Gets where it lies.</summary>
    public Pa Pa { get; }

    /// <summary>Gets the descriptor as the walker interprets it, or null where there is no memory.</summary>
    public ulong? Value { get; }

    /// <summary>Formats the descriptor.</summary>
    /// <returns>For example <c>stage 2 level 1 at 0x80001000: 0x80002003</c>.</returns>
    public override string ToString() =>
        "stage " + Stage.ToString(CultureInfo.InvariantCulture) + " level " + Level.ToString(CultureInfo.InvariantCulture) + " at " + Pa + ": "
        + (Value is ulong value ? "0x" + value.ToString("x", CultureInfo.InvariantCulture) : "absent");
}
