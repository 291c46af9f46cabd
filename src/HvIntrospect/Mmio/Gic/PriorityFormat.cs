using System;

namespace HvIntrospect.Mmio.Gic;

/// <summary>How many bits of a priority are implemented, and what follows from it.</summary>
internal readonly struct PriorityFormat
{
    private const int FullBits = 8;

    /// <summary>Describes priorities.</summary>
    /// <param name="bits">The implemented bits, which are the upper ones: 4 to 8.</param>
    public PriorityFormat(int bits)
    {
        Mask = (byte)(0xFF << (FullBits - bits));
        MinimumBinaryPoint = Math.Max(0, FullBits - 1 - bits);
    }

    /// <summary>Gets the implemented bits.</summary>
    public byte Mask { get; }

    /// <summary>Gets the smallest binary point, which is the one out of reset. That of Group 1 is one greater.</summary>
    public int MinimumBinaryPoint { get; }
}
