using System.Globalization;

namespace HvIntrospect.Translation.Stage2;

/// <summary>One descriptor that a Stage 2 walk read.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
public readonly record struct Stage2WalkStep
{
    /// <summary>Makes a step.</summary>
    /// <param name="address">Where the descriptor is.</param>
    /// <param name="descriptor">All 64 bits.</param>
    /// <param name="level">-1 to 3.</param>
    public Stage2WalkStep(Pa address, ulong descriptor, int level)
    {
        Address = address;
        Descriptor = descriptor;
        Level = level;
    }

    /// <summary>Gets the physical address of the descriptor.</summary>
    public Pa Address { get; }

    /// <summary>Gets the descriptor.</summary>
    public ulong Descriptor { get; }

    /// <summary>Gets the lookup level, -1 to 3.</summary>
    public int Level { get; }

    /// <summary>Formats the step.</summary>
    /// <returns>For example <c>level 2: 0x80001003 at 0x80000008</c>.</returns>
    public override string ToString() =>
        string.Format(CultureInfo.InvariantCulture, "level {0}: 0x{1:x} at {2}", Level, Descriptor, Address);
}
