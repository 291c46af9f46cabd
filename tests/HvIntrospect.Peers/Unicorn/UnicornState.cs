using System;

namespace HvIntrospect.Peers;

/// <summary>The user-visible registers of an A64 core as a plain block: X0 to X30, SP, PC, PSTATE and V0 to V31.</summary>
public sealed class UnicornState
{
    internal const int GeneralCount = 31;
    internal const int VectorCount = 32;

    /// <summary>Gets X0 to X30.</summary>
    public ulong[] X { get; } = new ulong[GeneralCount];

    /// <summary>Gets or sets the selected stack pointer.</summary>
    public ulong Sp { get => Special[0]; set => Special[0] = value; }

    /// <summary>Gets or sets the program counter.</summary>
    public ulong Pc { get => Special[1]; set => Special[1] = value; }

    /// <summary>Gets or sets PSTATE in the format of SPSR_ELx.</summary>
    public uint Pstate { get => (uint)Special[2]; set => Special[2] = value; }

    /// <summary>Gets V0 to V31.</summary>
    public UInt128[] V { get; } = new UInt128[VectorCount];

    internal ulong[] Special { get; } = new ulong[3];

    /// <summary>Copies all registers of another block.</summary>
    /// <param name="other">The other block.</param>
    public void CopyFrom(UnicornState other)
    {
        other.X.CopyTo(X, 0);
        other.Special.CopyTo(Special, 0);
        other.V.CopyTo(V, 0);
    }
}
