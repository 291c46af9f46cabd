using System;

namespace HvIntrospect.Tooling.Tracing;

/// <summary>The registers that hold a function's integer arguments, X0 to X7, as they were at its first instruction.</summary>
/// <remarks>Immutable and thread-safe. Which of them the function uses is not known here. "Procedure Call Standard for the Arm 64-bit Architecture", "Parameter passing".</remarks>
public readonly struct CallArguments
{
    /// <summary>The number of registers.</summary>
    public const int Count = 8;

    private readonly ulong _x0;
    private readonly ulong _x1;
    private readonly ulong _x2;
    private readonly ulong _x3;
    private readonly ulong _x4;
    private readonly ulong _x5;
    private readonly ulong _x6;
    private readonly ulong _x7;

    /// <summary>Takes the registers.</summary>
    /// <param name="registers">X0 and those that follow; the first <see cref="Count"/> are taken.</param>
    /// <exception cref="ArgumentException">There are fewer than <see cref="Count"/>.</exception>
    public CallArguments(ReadOnlySpan<ulong> registers)
    {
        if (registers.Length < Count)
        {
            throw new ArgumentException("There must be at least 8 registers.", nameof(registers));
        }

        _x0 = registers[0];
        _x1 = registers[1];
        _x2 = registers[2];
        _x3 = registers[3];
        _x4 = registers[4];
        _x5 = registers[5];
        _x6 = registers[6];
        _x7 = registers[7];
    }

    /// <summary>Gets a register.</summary>
    /// <param name="index">Its number, 0 to 7.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="index"/> is not 0 to 7.</exception>
    public ulong this[int index] => index switch
    {
        0 => _x0,
        1 => _x1,
        2 => _x2,
        3 => _x3,
        4 => _x4,
        5 => _x5,
        6 => _x6,
        7 => _x7,
        _ => throw new ArgumentOutOfRangeException(nameof(index), index, "There are X0 to X7."),
    };
}
