using System;

namespace HvIntrospect.Tests.Differential;

/// <summary>Everything that an executor shows after one instruction.</summary>
internal sealed class Outcome
{
    public ulong[] X { get; } = new ulong[31];

    public ulong Sp { get; set; }

    /// <summary>Gets or sets the next instruction, or the faulting one.</summary>
    public ulong Pc { get; set; }

    public uint Nzcv { get; set; }

    public UInt128[] V { get; } = new UInt128[32];

    /// <summary>Gets the bytes of the data window.</summary>
    public byte[] Memory { get; } = new byte[TestLayout.DataSize];

    public FaultKind Fault { get; set; }

    /// <summary>Gets or sets the first byte that could not be accessed, for a fault that has an address.</summary>
    public ulong FaultAddress { get; set; }

    /// <summary>Gets or sets a value indicating whether a store failed, for a fault that has an address.</summary>
    public bool FaultIsWrite { get; set; }
}
